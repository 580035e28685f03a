package tracker

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
)

// importedNotes is what the first record says of an item that the file has no
// history of.
const importedNotes = "imported"

// A beginning is what the first records of an item have that comes without a
// history.
type beginning struct {
	store.Stamp
	says string
}

// beginning returns what the first records of the item at k have, and counts it
// among what the operation changed.
func (l *loader) beginning(k plan.Key) (beginning, error) {
	stamp, err := l.tx.Stamp()
	l.tx.CountItem(k)
	return beginning{stamp, l.says}, err
}

// first gives an item its first record, with what the item depends on, each once
// and in order.
func (b beginning) first(k plan.Key, uid *string, created *time.Time, on *[]plan.Key, appended func(plan.History) (plan.History, []string)) []plan.History {
	*on = slices.Compact(slices.SortedFunc(slices.Values(*on), plan.Key.Compare))
	h := b.On(plan.History{Notes: b.says}, k, time.Time{})
	if *uid == "" {
		*uid = plan.NewUID(h.Timestamp)
	}
	if created.IsZero() {
		*created = h.Timestamp
	}
	if len(*on) > 0 {
		h.Change = plan.Change{"depends_on": {nil, plan.KeyWords(*on)}}
	}
	h, _ = appended(h)
	return []plan.History{h}
}

// task is first for a task, with a record for each of its notes.
func (b beginning) task(t *plan.Task, notes []plan.Note) []plan.History {
	t.LastNote = 0
	history := b.first(t.Key, &t.UID, &t.CreatedAt, &t.DependsOn, func(h plan.History) (plan.History, []string) { return t.Append(plan.Task{}, h) })
	return b.notes(Item{Task: t}, notes, history)
}

// notes numbers the notes of an item and returns its history with a record for
// each.
func (b beginning) notes(item Item, notes []plan.Note, history []plan.History) []plan.History {
	for i := range notes {
		_, _, _, updated := item.record()
		h := b.On(plan.History{}, item.Key(), updated)
		last, n := item.lastNote(), &notes[i]
		*last++
		if n.N = *last; n.CreatedAt.IsZero() {
			n.CreatedAt = h.Timestamp
		}
		h.Change = plan.Change{"note": {nil, n.RecordOf(h)}}
		history = append(history, item.appendTo(h))
	}
	return history
}

// appendTo completes h as the next record of the item, of which nothing else
// changes.
func (i Item) appendTo(h plan.History) plan.History {
	switch {
	case i.project != nil:
		h, _ = i.project.Append(*i.project, h)
	case i.Epic != nil:
		h, _ = i.Epic.Append(*i.Epic, h)
	case i.Feature != nil:
		h, _ = i.Feature.Append(*i.Feature, h)
	default:
		h, _ = i.Task.Append(*i.Task, h)
	}
	return h
}

// An unknownField is one that no line of its type has.
type unknownField struct{ first, lines int }

// unknownFields notes the fields of a line that are not taken over.
func (l *loader) unknownFields(r readLine) {
	for _, name := range r.unknown {
		f := l.unknown[name]
		if f == nil {
			f = &unknownField{first: r.number}
			l.unknown[name] = f
		}
		f.lines++
	}
}

// findUnknown reports the unknown fields, each once.
func (l *loader) findUnknown(source string) {
	for name, f := range l.unknown {
		where := fmt.Sprintf("on line %d", f.first)
		if f.lines > 1 {
			where = fmt.Sprintf("on %d lines, first on line %d", f.lines, f.first)
		}
		l.report.Findings = append(l.report.Findings, interchange.Finding{Path: source, Severity: interchange.Info,
			Message: fmt.Sprintf("unknown field %q %s: not imported", name, where)})
	}
	plan.Sort(l.report.Findings, func(a, b interchange.Finding) int { return cmp.Compare(a.Message, b.Message) })
}
