package plan

import "slices"

// What the records of items say of which the other end of a dependency or a link got
// another key.
const (
	DependencyMoved = "what it depends on was moved"
	LinkMoved       = "what it is linked to was moved"
)

// FoldSome returns the effect of some of an item's records, selected by their
// operations, as if there were no others but moves: the values that these set last. It
// checks nothing.
func FoldSome(records []History, operations map[string]bool) *Replay {
	r := &Replay{columns: map[string]string{}, sets: map[string]map[string]bool{"depends_on": {}, "labels": {}, "refs": {}, linksField: {}}}
	for _, h := range records {
		moved := h.Notes == DependencyMoved || h.Notes == LinkMoved || h.Change["key"][1] != nil
		if moved {
			r.follow("depends_on", words(h.Change["depends_on"][0]), words(h.Change["depends_on"][1]))
			r.follow(linksField, linkWords(AsLinks(h.Change[linksField][0])), linkWords(AsLinks(h.Change[linksField][1])))
		}
		if !operations[h.Operation] {
			continue
		}
		if r.Status == "" || h.OldStatus != h.NewStatus {
			r.Status = h.NewStatus
		}
		for field, v := range h.Change {
			if !moved || field != "depends_on" && field != linksField {
				r.take(field, v)
			}
		}
	}
	return r
}

// follow renames those members of a set that a move renamed.
func (r *Replay) follow(set string, before, after []string) {
	has := make([]bool, len(before))
	for n, w := range before {
		has[n] = r.sets[set][w]
		delete(r.sets[set], w)
	}
	for n, w := range after {
		if n < len(has) && has[n] {
			r.sets[set][w] = true
		}
	}
}

func (r *Replay) take(field string, v [2]any) {
	switch field {
	case notesField, redactedField, reasonField, orderField, "deleted", "created_at", "key", "note":
	case "depends_on", "labels", "refs":
		for _, w := range words(v[0]) {
			delete(r.sets[field], w)
		}
		for _, w := range words(v[1]) {
			r.sets[field][w] = true
		}
	case linksField:
		for _, w := range linkWords(AsLinks(v[0])) {
			delete(r.sets[field], w)
		}
		for _, w := range linkWords(AsLinks(v[1])) {
			r.sets[field][w] = true
		}
	case checksField:
		for _, c := range AsChecks(v[0]) {
			r.checks = slices.DeleteFunc(r.checks, func(s checkState) bool {
				return s.n == c.N && !slices.ContainsFunc(AsChecks(v[1]), func(a CheckChange) bool { return a.N == c.N })
			})
		}
		for _, c := range AsChecks(v[1]) {
			s := checkState{n: c.N, text: canonical(textField, c.Text), done: c.Done}
			if i := r.checkAt(c.N); i < 0 {
				r.checks = append(r.checks, s)
			} else if c.Text == nil {
				r.checks[i].done = c.Done
			} else {
				r.checks[i] = s
			}
		}
	default:
		r.columns[field] = canonical(field, v[1])
	}
}

// Differs reports whether a column has a different value than in r.
func (r *Replay) Differs(column string, v any) bool { return canonical(column, v) != r.columns[column] }

// DiffersIn reports whether a set, such as labels, has different members.
func (r *Replay) DiffersIn(set string, members []string) bool {
	return len(r.setOf(set, "", members)) > 0
}

// DiffersInField reports whether a custom field has a different value.
func (r *Replay) DiffersInField(name string, v FieldValue) bool {
	return r.Differs(fieldColumn(name), v.recorded())
}

// HasLink reports whether a link is stored with the item.
func (r *Replay) HasLink(l Link) bool {
	return r.sets[linksField][linkWords([]LinkChange{{l.As, l.To}})[0]]
}

// DiffersInChecks reports whether a checklist has different lines, or
// different ones are ticked.
func (r *Replay) DiffersInChecks(checks []Check) bool {
	type line struct {
		text string
		done bool
	}
	left := map[line]int{}
	for _, s := range r.checks {
		left[line{s.text, s.done}]++
	}
	for _, c := range checks {
		left[line{canonical(textField, c.Text), c.Done}]--
	}
	for _, n := range left {
		if n != 0 {
			return true
		}
	}
	return false
}
