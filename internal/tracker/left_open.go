package tracker

import (
	"fmt"
	"maps"
	"slices"
	"sort"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
)

// A leftOpen counts the open tasks that an import brings in under what is
// completed or archived.
type leftOpen map[closedIn]int

// add counts a task that is not done, if what it lies under is closed.
func (l leftOpen) add(task plan.Key, under store.Parents) {
	if c := closedBy(task, under); c != (closedIn{}) {
		l[c]++
	}
}

// findings says how many there are in each, in the order of the keys. Path
// returns where an epic or a feature comes from.
func (l leftOpen) findings(path func(plan.Key) string) (out []interchange.Finding) {
	closed := slices.Collect(maps.Keys(l))
	sort.Slice(closed, func(i, j int) bool { return plan.Key.Compare(closed[i].parent, closed[j].parent) < 0 })
	for _, c := range closed {
		out = append(out, interchange.Finding{Path: path(c.parent), Severity: interchange.Warning,
			Message: fmt.Sprintf("%s: %s before %s", c, staysOpen(l[c]), c.activate())})
	}
	return out
}
