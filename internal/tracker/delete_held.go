package tracker

import (
	"fmt"
	"slices"
	"strings"

	"pm/internal/plan"
	"pm/internal/store"
)

// maxNamed is how many holders a refusal names.
const maxNamed = 5

// heldByOthers returns the tasks under k that somebody works on who is not the
// actor, under a lease that has not run out.
func heldByOthers(tx *store.Tx, k plan.Key) ([]plan.Task, error) {
	tasks, err := tx.Tasks(store.TaskFilter{Under: k, Statuses: []plan.TaskStatus{plan.InProgress}, Sort: store.ByKey})
	if err != nil || len(tasks) == 0 {
		return nil, err
	}
	now, err := tx.Now()
	return slices.DeleteFunc(tasks, func(t plan.Task) bool {
		return !t.Held() || t.HeldBy(tx.Actor()) || t.LeaseExpired(now)
	}), err
}

// checkNotHeld refuses to delete what others work on.
func checkNotHeld(k plan.Key, held []plan.Task) error {
	if len(held) == 0 {
		return nil
	}
	var names []string
	for _, t := range held[:min(len(held), maxNamed)] {
		names = append(names, t.Key.String()+" by "+t.Holder())
	}
	more := ""
	if len(held) > maxNamed {
		more = fmt.Sprintf(" and %d more", len(held)-maxNamed)
	}
	e := plan.Errorf(plan.Conflict, "cannot delete %s: held: %s%s", k, strings.Join(names, ", "), more).WithCode("held").
		WithHint("see what is held: pm list epic:%s is:held", k.EpicKey())
	e.Task = &held[0]
	return e
}

func keysOf(tasks []plan.Task) (keys []plan.Key) {
	for _, t := range tasks {
		keys = append(keys, t.Key)
	}
	return keys
}
