package plan

import (
	"slices"
)

// A Net is the combined effect of consecutive records of one item: for each
// field, its value before the first and after the last of them.
type Net struct {
	Created  bool // its first record is among them
	Deleted  bool // it existed before and is in the trash after, and so on
	Returned bool
	Redacted bool // a text was permanently removed

	Old, New string             // the status
	Moved    [2]string          // the key, if it was moved
	Columns  map[string][2]any  // fields with a single value: columns, custom fields, definitions
	Sets     map[string][]Entry // of depends_on, labels, refs and links: what was removed and added
	Notes    map[int][2]any     // by number: NoteChanges with their authors, or nil
	Lines    map[int]LineNet    // of the checklist, by number

	Gone, There bool // in the trash before and after
}

// An Entry is a member of a set that was removed or added.
type Entry struct {
	Word  string // the form in which it is compared
	Value any    // as records contain it
	Added bool
}

// A LineNet is the combined effect of records on a checklist line.
type LineNet struct {
	Before, After *CheckChange // nil if it does not exist; without its text if that did not change
	Reworded      bool         // its text changed, or it was added or removed
	Ticked        bool         // it was ticked or unticked
}

// NetOf folds records of one item, oldest first.
func NetOf(records []History) Net {
	n := Net{Columns: map[string][2]any{}, Sets: map[string][]Entry{}, Notes: map[int][2]any{}, Lines: map[int]LineNet{}}
	for i, h := range records {
		deleted, is := h.Change["deleted"]
		if i == 0 {
			n.Old = h.OldStatus
			n.Gone = is && deleted[0] != nil
			n.Created = h.OldStatus == "" && !is
		}
		if is {
			n.There = deleted[1] != nil
		}
		n.New = h.NewStatus
		for field, v := range h.Change {
			n.take(h, field, v)
		}
	}
	n.Created = n.Created && !n.There
	n.Deleted, n.Returned = !n.Gone && n.There && n.Old != "", n.Gone && !n.There
	for field, v := range n.Columns {
		if SameValue(field, v[0], v[1]) {
			delete(n.Columns, field)
		}
	}
	for number, v := range n.Notes {
		if SameValue("note", v[0], v[1]) {
			delete(n.Notes, number)
		}
	}
	for number, l := range n.Lines {
		if (LineNet{After: l.Before, Reworded: true, Ticked: true}).SameLine(l.After) {
			delete(n.Lines, number)
		}
	}
	if n.Moved[0] == n.Moved[1] {
		n.Moved = [2]string{}
	}
	return n
}

func (n *Net) take(h History, field string, v [2]any) {
	switch field {
	case notesField, reasonField, "deleted", "created_at":
	case redactedField:
		n.Redacted = true
	case "key":
		if n.Moved[0] == "" {
			n.Moved[0], _ = v[0].(string)
		}
		n.Moved[1], _ = v[1].(string)
	case "depends_on", "labels", "refs":
		for side, words := range [][]string{words(v[0]), words(v[1])} {
			for _, w := range words {
				n.entry(field, Entry{foldEntry(field, w), w, side == 1})
			}
		}
	case linksField:
		for side, links := range [][]LinkChange{AsLinks(v[0]), AsLinks(v[1])} {
			for i, w := range linkWords(links) {
				n.entry(field, Entry{w, links[i], side == 1})
			}
		}
	case "note":
		n.note(h, v)
	case checksField:
		n.lines(h, AsChecks(v[0]), AsChecks(v[1]))
	default:
		if was, is := n.Columns[field]; is {
			v[0] = was[0]
		}
		n.Columns[field] = v
	}
}

func foldEntry(field, w string) string {
	switch field {
	case "labels":
		return FoldLabel(w) + "\x00" + w // a different spelling is a different label
	case "refs":
		return FoldRef(w)
	}
	return w
}

// entry notes that a member of a set was removed or added; one that was
// removed and came back is neither.
func (n *Net) entry(field string, e Entry) {
	of := n.Sets[field]
	if i := slices.IndexFunc(of, func(o Entry) bool { return o.Word == e.Word }); i >= 0 {
		if of[i].Added != e.Added {
			n.Sets[field] = slices.Delete(of, i, i+1)
		}
		return
	}
	n.Sets[field] = append(of, e)
}

func (n *Net) note(h History, v [2]any) {
	number := 0
	for side := range v {
		if v[side] == nil {
			continue
		}
		note := noteOf(h, v[side])
		v[side], number = note, note.N
	}
	if was, is := n.Notes[number]; is {
		v[0] = was[0]
	}
	n.Notes[number] = v
}

func (n *Net) lines(h History, old, now []CheckChange) {
	for i := range now {
		if now[i].Done && now[i].By == "" {
			now[i].By = h.Agent
		}
		if now[i].Done && now[i].At == "" {
			now[i].At = Stamp(h.Timestamp)
		}
	}
	at := func(list []CheckChange, number int) *CheckChange {
		if i := slices.IndexFunc(list, func(c CheckChange) bool { return c.N == number }); i >= 0 {
			return &list[i]
		}
		return nil
	}
	for _, c := range slices.Concat(old, now) {
		before, after := at(old, c.N), at(now, c.N)
		l, is := n.Lines[c.N]
		if !is {
			l.Before = before
		}
		l.Reworded = l.Reworded || before == nil || after == nil || after.Text != nil
		l.Ticked = l.Ticked || before == nil || after == nil || before.Done != after.Done || before.By != after.By || before.At != after.At
		if l.Before != nil && l.Before.Text == nil && before != nil {
			l.Before.Text = before.Text
		}
		if after != nil && after.Text == nil && l.After != nil {
			after.Text = l.After.Text
		}
		l.After = after
		n.Lines[c.N] = l
	}
}

// Fields returns the names of the fields that the records change, in order.
func (n Net) Fields() (out []string) {
	if n.Old != n.New {
		out = append(out, "status")
	}
	for field := range n.Columns {
		out = append(out, field)
	}
	for field, entries := range n.Sets {
		if len(entries) > 0 {
			out = append(out, field)
		}
	}
	if len(n.Notes) > 0 {
		out = append(out, "note")
	}
	if len(n.Lines) > 0 {
		out = append(out, checksField)
	}
	if n.Moved != ([2]string{}) {
		out = append(out, "key")
	}
	slices.Sort(out)
	return out
}

// Has reports whether the records change a field, as Fields names it.
func (n Net) Has(field string) bool { return slices.Contains(n.Fields(), field) }

// Now returns the value of a column after the records; before is its value
// without them.
func (n Net) Now(column string, before any) any {
	if v, is := n.Columns[column]; is {
		return v[1]
	}
	return before
}

// SameValue reports whether two values of a field are equal, whether they come
// from a row or from JSON, and whether a text is present or only its digest.
func SameValue(field string, a, b any) bool { return canonical(field, a) == canonical(field, b) }

// SameLine reports whether a line is as the records left it, as far as they
// changed it.
func (l LineNet) SameLine(now *CheckChange) bool {
	if l.After == nil || now == nil {
		return l.After == nil && now == nil
	}
	if l.Ticked && (l.After.Done != now.Done || l.After.By != now.By || l.After.At != now.At) {
		return false
	}
	return !l.Reworded || now.Text == nil || SameValue(textField, l.After.Text, now.Text)
}
