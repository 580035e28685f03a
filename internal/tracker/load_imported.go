package tracker

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"pm/internal/interchange"
	"pm/internal/plan"
)

// importedNotes is what the first record says of an item that the file has no
// history of.
const importedNotes = "imported"

// imported gives an item without history its first record, with what the item
// depends on, each once and in order.
func (l *loader) imported(k plan.Key, uid *string, created *time.Time, on *[]plan.Key, appended func(plan.History) (plan.History, []string)) ([]plan.History, error) {
	*on = slices.Compact(slices.SortedFunc(slices.Values(*on), plan.Key.Compare))
	h, err := l.tx.Stamped(plan.History{Notes: l.origin(k)}, k, time.Time{})
	if err != nil {
		return nil, err
	}
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
	return []plan.History{h}, nil
}

// importedTask is imported for a task, with a record for each of its notes.
func (l *loader) importedTask(t *plan.Task, r *interchange.TaskRecord) error {
	t.LastNote = 0
	var err error
	r.History, err = l.imported(t.Key, &t.UID, &t.CreatedAt, &t.DependsOn, func(h plan.History) (plan.History, []string) { return t.Append(plan.Task{}, h) })
	return firstError(err, l.importedNotes(Item{Task: t}, r.Notes, &r.History))
}

// importedNotes numbers the notes of an item that the file has no history of,
// and adds a record for each to that which the item got.
func (l *loader) importedNotes(item Item, notes []plan.Note, history *[]plan.History) error {
	for i := range notes {
		_, _, _, updated := item.record()
		h, err := l.tx.Stamped(plan.History{}, item.Key(), updated)
		if err != nil {
			return err
		}
		last, n := item.lastNote(), &notes[i]
		*last++
		if n.N = *last; n.CreatedAt.IsZero() {
			n.CreatedAt = h.Timestamp
		}
		h.Change = plan.Change{"note": {nil, n.RecordOf(h)}}
		*history = append(*history, item.appendTo(h))
	}
	return nil
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
	slices.SortStableFunc(l.report.Findings, func(a, b interchange.Finding) int { return cmp.Compare(a.Message, b.Message) })
}
