package tracker

import (
	"fmt"

	"pm/internal/plan"
	"pm/internal/store"
)

// mostNamed is how many tasks a sentence names at most.
const mostNamed = 5

// waitsFor returns the tasks that k waits for, in the order of their keys.
func waitsFor(tx *store.Tx, k plan.Key) (open []plan.Key, err error) {
	keys, err := tx.DependenciesOf(k)
	if err != nil {
		return nil, err
	}
	tasks, err := tx.TasksOf(keys)
	for _, on := range tasks {
		if !on.Done() {
			open = append(open, on.Key)
		}
	}
	return open, err
}

// checkEnded refuses tasks that were completed while they wait for others. It
// is asked when all of a command's tasks have moved: what they wait for may be
// completed with them.
func checkEnded(tx *store.Tx, verb plan.Verb, tasks []plan.Task) error {
	for _, t := range tasks {
		if t.OpenDependencies == 0 {
			continue
		}
		open, err := waitsFor(tx, t.Key)
		if err != nil {
			return err
		}
		return plan.Errorf(plan.Refused, "cannot %s %s: it is waiting for %s", verb, t.Key, named(open)).WithCode("not_ready").
			WithHint(`complete %s first, or override: pm %s %s --force --reason "why"`, itOrThem(len(open)), verb, t.Key)
	}
	return nil
}

// ends reports whether the verb completes tasks.
func ends(verb plan.Verb) bool { return verb == plan.Complete || verb == plan.Approve }

// named lists keys for a sentence: the first of them, and how many more.
func named(keys []plan.Key) string {
	if more := len(keys) - mostNamed; more > 0 {
		return fmt.Sprintf("%s and %d more", plan.JoinKeys(keys[:mostNamed], ", "), more)
	}
	return plan.JoinKeys(keys, ", ")
}

func itOrThem(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}
