package tracker

import (
	"maps"
	"slices"
	"strconv"

	"pm/internal/plan"
)

// net lists what of an item differs after records: a field that was changed and
// changed back is left out. Sets have what they lost and what they got in all,
// each note is by itself.
func (l *changeList) net(b between) error {
	first, last := map[string]any{}, map[string]any{}
	lost, got := map[string][]any{}, map[string][]any{}
	for _, h := range b.records {
		if len(l.changes) < l.most {
			if err := l.tx.InlineTexts(&h, maxLogText); err != nil {
				return err
			}
		}
		for field, v := range h.Change {
			switch field {
			case "key", "deleted", "created_at", "check_order":
				continue
			case "labels", "refs", "links", "depends_on":
				for _, gone := range listOf(v[0]) {
					lost[field], got[field] = exchange(lost[field], got[field], gone)
				}
				for _, added := range listOf(v[1]) {
					got[field], lost[field] = exchange(got[field], lost[field], added)
				}
				continue
			case "note":
				field = noteField(v)
			}
			if _, seen := first[field]; !seen {
				first[field] = v[0]
			}
			last[field] = v[1]
		}
	}
	h := plan.History{Key: b.is, OldStatus: b.records[0].OldStatus, NewStatus: b.records[len(b.records)-1].NewStatus, Change: plan.Change{}}
	for _, field := range slices.Sorted(maps.Keys(first)) {
		if written(first[field]) != written(last[field]) {
			h.Change[field] = [2]any{first[field], last[field]}
		}
	}
	for _, field := range []string{"labels", "refs", "links", "depends_on"} {
		if len(lost[field])+len(got[field]) > 0 {
			h.Change[field] = [2]any{orNothing(lost[field]), orNothing(got[field])}
		}
	}
	l.list(h)
	return nil
}

// exchange adds v to one list, unless it is in the other, from which it is taken.
func exchange(to, from []any, v any) (changed, other []any) {
	for i, w := range from {
		if written(w) == written(v) {
			return to, slices.Delete(slices.Clone(from), i, i+1)
		}
	}
	return append(to, v), from
}

func listOf(v any) []any {
	list, _ := v.([]any)
	return list
}

func orNothing(list []any) any {
	if len(list) == 0 {
		return nil
	}
	return list
}

// written is a value as JSON, by which values are compared.
func written(v any) string {
	b, _ := plan.JSON(v) // it came from JSON
	return string(b)
}

// noteField names a note among the fields of a change.
func noteField(v [2]any) string {
	for _, side := range v {
		if n, is := plan.AsNote(side); is {
			return "note " + strconv.Itoa(n.N)
		}
	}
	return "note"
}
