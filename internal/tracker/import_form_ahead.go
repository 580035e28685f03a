package tracker

import (
	"context"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
	"pm/internal/store"
)

// An itemLine is an item of the source as the line of an export that stands for
// it, checked and prepared as far as nothing has to be asked of the database.
type itemLine struct {
	item     *form.Item
	line     any // nil: the item was there before
	prepared *store.Prepared
	found    []interchange.Finding
	err      error
}

// How many items are passed on together, or how many bytes of their texts.
const (
	itemsTogether     = 64
	itemBytesTogether = 256 << 10
)

// eachLine calls f with each item of the source in order, up to its first error,
// while a goroutine makes the lines of the next ones. That goroutine reads the
// outline, and runs no statement.
func (i *formImport) eachLine(f func(itemLine) error) error {
	ctx, stop := context.WithCancel(i.ctx)
	made := make(chan []itemLine, 2)
	go i.makeLines(ctx, made)
	defer func() {
		stop()
		for range made { // the outline is free again once it is done
		}
	}()
	for lines := range made {
		for _, l := range lines {
			if err := f(l); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// makeLines passes on the lines of all items, up to the first with an error.
func (i *formImport) makeLines(ctx context.Context, to chan<- []itemLine) {
	defer close(to)
	var lines []itemLine
	bytes, items := 0, i.in.Outline.Items
	for n, item := range items {
		l, size := itemLine{item: item}, 0
		if !i.there[n] {
			l, size = i.makeLine(item)
		}
		lines, bytes = append(lines, l), bytes+size
		if l.err == nil && n < len(items)-1 && len(lines) < itemsTogether && bytes < itemBytesTogether {
			continue
		}
		select {
		case to <- lines:
		case <-ctx.Done():
			return
		}
		if l.err != nil {
			return
		}
		lines, bytes = make([]itemLine, 0, itemsTogether), 0
	}
}

// makeLine makes the line of an item that is new, and says how long its texts are.
func (i *formImport) makeLine(item *form.Item) (l itemLine, bytes int) {
	l.item = item
	l.line, l.err = i.record(item)
	l.found, i.found = i.found, nil
	if l.err == nil {
		l.err = i.check.Line(l.line, 0)
	}
	if r, is := l.line.(interchange.TaskRecord); is && l.err == nil && !i.in.DryRun {
		bytes = len(r.Description)
		for _, n := range r.Notes {
			bytes += len(n.Body)
		}
		l.line, l.prepared = i.begin(item, r)
	}
	return l, bytes
}

// begin gives a task that is new its first records, and prepares what is stored
// of it.
func (i *formImport) begin(item *form.Item, r interchange.TaskRecord) (interchange.TaskRecord, *store.Prepared) {
	t := r.Item()
	t.Labels, t.Refs = plan.SortLabels(t.Labels), plan.SortRefs(t.Refs)
	history := beginning{i.stamp, begunFrom(item)}.task(&t, r.Notes)
	prepared := i.loader.ahead.Task(&t, history...)
	r.Task, r.UID, r.LastNote, r.HistoryHash = t, t.UID, t.LastNote, t.HistoryHash
	return r, &prepared
}

// begunFrom is what the first record says of an item.
func begunFrom(item *form.Item) string { return "imported from " + placeOf(item) }
