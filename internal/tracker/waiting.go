package tracker

import (
	"fmt"

	"pm/internal/plan"
	"pm/internal/store"
)

// mostNamed is how many tasks a sentence names at most.
const mostNamed = 5

// waitsFor returns what the task k waits for: whole features and epics, and
// tasks, in the order of their keys.
func waitsFor(tx *store.Tx, k plan.Key) (open []plan.Key, err error) {
	keys, err := tx.DependenciesOf(k)
	if err != nil {
		return nil, err
	}
	if open, err = openLevels(tx, k); err != nil {
		return nil, err
	}
	tasks, err := tx.TasksOf(keys)
	if err != nil {
		return nil, err
	}
	for _, on := range tasks {
		if ended, err := settled(tx, on); err != nil {
			return nil, err
		} else if !ended {
			open = append(open, on.Key)
		}
	}
	return open, nil
}

// waiting returns who keeps a task waiting, which is the task, its epic or its
// feature, and what this waits for; nothing if it does not wait. What was completed
// in this transaction is not waited for.
func waiting(tx *store.Tx, t plan.Task) (who plan.Key, on []plan.Key, err error) {
	if t.OpenDependencies > 0 {
		if on, err = waitsFor(tx, t.Key); err != nil || len(on) > 0 {
			return t.Key, on, err
		}
	}
	if t.Offered {
		return who, nil, nil
	}
	p, err := tx.Parents(t.Key)
	if err != nil {
		return who, nil, err
	}
	return waitsAbove(tx, t.Key, p)
}

// waitsOn says who waits for what, of a task that the sentence is about.
func waitsOn(who plan.Key, on []plan.Key) string {
	if who.Level() == plan.LevelTask {
		return "it is waiting for " + named(on)
	}
	return fmt.Sprintf("%s %s is waiting for %s", who.Level(), who, named(on))
}

// checkEnded refuses tasks that were completed while they wait for others. It
// is asked when all of a command's tasks have moved: what they wait for may be
// completed with them.
func checkEnded(tx *store.Tx, verb plan.Verb, tasks []plan.Task) error {
	for _, t := range tasks {
		who, on, err := waiting(tx, t)
		if err != nil {
			return err
		}
		if len(on) > 0 {
			return plan.Errorf(plan.Refused, "cannot %s %s: %s", verb, t.Key, waitsOn(who, on)).WithCode("not_ready").
				WithHint(`complete %s first, or override: pm %s %s --force --reason "why"`, itOrThem(len(on)), verb, t.Key)
		}
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

// warnings are what a verb leads to that may not be meant. Dropped are the
// tasks that it archived without their having been done, as they were.
func warnings(tx *store.Tx, verb plan.Verb, tasks, dropped []plan.Task) ([]Warning, error) {
	out, err := notOffered(tx, tasks)
	if err != nil {
		return nil, err
	}
	for _, t := range dropped {
		w, any, err := releasedBy(tx, t)
		if err != nil {
			return nil, err
		}
		if any {
			out = append(out, w)
		}
	}
	if verb != plan.Submit {
		return out, nil
	}
	for _, t := range tasks {
		who, on, err := waiting(tx, t)
		if err != nil {
			return nil, err
		}
		if len(on) > 0 {
			out = append(out, warning("waiting", "%s cannot be approved yet: %s", t.Key, waitsOn(who, on)).hint("pm dep list %s", who))
		}
	}
	return out, nil
}

// releasedBy names the tasks that no longer wait for one that was archived.
func releasedBy(tx *store.Tx, t plan.Task) (w Warning, any bool, err error) {
	if ended, err := settled(tx, t); err != nil || ended {
		return w, false, err
	}
	keys, err := tx.DependantsOf(t.Key)
	if err != nil || len(keys) == 0 {
		return w, false, err
	}
	tasks, err := tx.TasksOf(keys)
	keys = nil
	for _, d := range tasks {
		if !d.Done() {
			keys = append(keys, d.Key)
		}
	}
	if err != nil || len(keys) == 0 {
		return w, false, err
	}
	wait := "wait"
	if len(keys) == 1 {
		wait = "waits"
	}
	return warning("released", "%s no longer %s for %s, which was never completed", named(keys), wait, t.Key).hint(`to make tasks wait for it again: pm reopen %s --reason "why"`, t.Key), true, nil
}
