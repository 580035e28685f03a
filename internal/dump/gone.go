package dump

import (
	"cmp"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/trash"
)

// rest writes what lies with no item: the histories of those that are gone,
// the trash, the operations.
func (w *Writer) rest() error {
	entries, err := w.tx.Trash()
	if err != nil {
		return err
	}
	uids := map[plan.Key]string{} // of what is in the trash
	for _, entry := range entries {
		if err := trash.Each(w.tx, entry, func(line any) error { uids[trash.KeyOf(line)] = trash.UIDOf(line); return nil }); err != nil {
			return err
		}
	}
	if err := w.goneHistories(uids); err != nil {
		return err
	}
	if err := w.goneTexts(); err != nil {
		return err
	}
	for i := len(entries) - 1; i >= 0 && err == nil; i-- {
		err = w.trash(entries[i])
	}
	if err != nil {
		return err
	}
	return w.operations()
}

// operations writes the operations, but for imports that left no records: what
// they brought in is there as if it had been made here.
func (w *Writer) operations() error {
	var all []plan.Operation
	if err := w.tx.Operations(func(o plan.Operation) error {
		if roots, _ := o.Brought(); len(roots) > 0 || o.BroughtProject() {
			all = append(all, o)
		}
		return nil
	}); err != nil {
		return err
	}
	left := map[string]bool{}
	for _, o := range all {
		records, err := w.tx.RecordsOf(o)
		if err != nil {
			return err
		}
		left[o.ID] = len(records) == 0
	}
	return w.tx.Operations(func(o plan.Operation) error {
		if left[o.ID] {
			return nil
		}
		return w.out.Write(interchange.OperationRecord{Type: "operation", Operation: o})
	})
}

func (w *Writer) goneHistories(uids map[plan.Key]string) error {
	items := goneItems{w: w}
	err := w.tx.EachGoneRecord(func(r store.Record) error {
		p, err := items.of(r.Key, uids[r.Key])
		if err != nil {
			return err
		}
		return p.record(r.History)
	})
	return cmp.Or(err, items.end())
}

func (w *Writer) goneTexts() error {
	items := goneItems{w: w}
	err := w.tx.EachGoneText(func(c store.Content) error {
		p, err := items.of(plan.KeyOf(c.Item), "")
		if err != nil {
			return err
		}
		return p.text(c.Body)
	})
	return cmp.Or(err, items.end())
}

// goneItems writes one item that is gone after the other.
type goneItems struct {
	w   *Writer
	now *parcel // of the item that is being written; nil before the first
}

// of returns the parcel of an item. It ends that of the item before.
func (g *goneItems) of(k plan.Key, uid string) (*parcel, error) {
	if g.now != nil && g.now.key == k {
		return g.now, nil
	}
	if err := g.end(); err != nil {
		return nil, err
	}
	g.now = g.w.parcel(k, 0, func(c contents) any {
		return interchange.HistoryRecord{Type: "history", Key: k, UID: uid, History: c.History, Texts: c.Texts, More: c.More}
	})
	return g.now, nil
}

// end ends the last one.
func (g *goneItems) end() error {
	if g.now == nil {
		return nil
	}
	return g.now.end()
}

// mostRow is how long a row of the trash may be, in bytes, to be written in one
// piece: as JSON, not as text.
const mostRow = store.PartBytes

// trash writes an entry of the trash, a part of its rows on each line.
func (w *Writer) trash(entry plan.Trashed) error {
	first := true
	write := func(more interchange.MoreRecord) error {
		if first {
			first = false
			return w.out.Write(interchange.TrashRecord{Type: "trash", UID: entry.UID, Trashed: entry, HistoryHash: entry.HistoryHash, Rows: more.Rows, More: more.More})
		}
		more.Type, more.Key = "more", entry.Key
		return w.out.Write(more)
	}
	var rows []json.RawMessage
	bytes := 0
	flush := func(more bool) error {
		out := interchange.MoreRecord{Rows: rows, More: more}
		rows, bytes = nil, 0
		return write(out)
	}
	err := w.tx.EachTrashPart(entry.ID, func(lines string) error {
		for line := range strings.Lines(lines) {
			if bytes > 0 && bytes+len(line) > store.PartBytes || len(line) > mostRow && (first || bytes > 0) {
				if err := flush(true); err != nil {
					return err
				}
			}
			for len(line) > mostRow {
				piece := line[:cutAt(line, store.PartBytes)]
				if line = line[len(piece):]; len(line) <= mostRow {
					piece, line = piece+line, ""
				}
				if err := write(interchange.MoreRecord{Row: piece, More: true}); err != nil {
					return err
				}
			}
			if line != "" {
				rows, bytes = append(rows, json.RawMessage(line)), bytes+len(line)
			}
		}
		return nil
	})
	return cmp.Or(err, flush(false))
}

// cutAt returns the last place up to n at which s can be cut without cutting a
// character.
func cutAt(s string, n int) int {
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}
