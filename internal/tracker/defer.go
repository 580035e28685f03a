package tracker

import (
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// setDefer reads what an item is deferred until, if it is given: a date as it
// is typed, and the moment that it means.
func setDefer(d, from *plan.Date, given *string, now time.Time) error {
	if err := set(d, given, parseDate("defer date", now)); err != nil || given == nil {
		return err
	}
	*from = d.Begin(now.Location())
	return nil
}

// nowIf is keptNow where it matters.
func nowIf(tx *store.Tx, dated bool) (time.Time, error) {
	if !dated {
		return time.Now(), nil
	}
	return keptNow(tx)
}

// keptNow is zonedNow for a transaction that stores what days mean: the time zone
// stays until it ends.
func keptNow(tx *store.Tx) (time.Time, error) {
	if err := tx.KeepZone(); err != nil {
		return time.Time{}, err
	}
	return zonedNow(tx)
}

// deferTask brings up to date until when a locked task is deferred.
func deferTask(tx *store.Tx, task *plan.Task) error {
	above, err := tx.Parents(task.Key)
	if err != nil {
		return err
	}
	now, err := tx.Now()
	task.DeferUntil(above.FeatureDefer, above.EpicDefer, now)
	return err
}

// deferUnder brings up to date until when the tasks of a feature are deferred,
// some of which the transaction has added, if the feature or its epic is.
func deferUnder(tx *store.Tx, feature plan.Key) error {
	above, err := tx.Parents(feature)
	if err != nil || above.FeatureDefer+above.EpicDefer == "" {
		return err
	}
	return tx.DeferTasks(feature)
}

// deferChanged brings up to date until when the tasks under k are deferred,
// where k is now deferred until another moment.
func deferChanged(tx *store.Tx, k plan.Key, before, after plan.Date, tasks int) error {
	if before == after {
		return nil
	}
	tx.Announce(tasks)
	return tx.DeferTasks(k)
}

// deferAnew brings all that is deferred up to date: what days mean where pm runs,
// or in the project's time zone, and what follows from it.
func deferAnew(tx *store.Tx) error {
	if err := tx.LockZone(); err != nil {
		return err
	}
	now, err := zonedNow(tx)
	if err != nil {
		return err
	}
	return tx.DeferAnew(now.Location())
}

// deferredError says of a task that cannot be started yet what defers it, and
// until when.
func deferredError(tx *store.Tx, task plan.Task) error {
	above, err := tx.Parents(task.Key)
	if err != nil {
		return err
	}
	what := ""
	switch task.NotBefore {
	case task.DeferFrom:
	case above.FeatureDefer:
		what = ": so is its feature " + task.FeatureKey.String()
	case above.EpicDefer:
		what = ": so is its epic " + task.EpicKey.String()
	}
	at, _ := task.NotBefore.Time()
	return plan.Errorf(plan.Refused, "%s is deferred until %s%s", task.Key, plan.InWords(at), what).WithCode("not_ready").
		WithHint(`get another task: pm next, or start it now: pm claim %s --force --reason "why"`, task.Key)
}

// assignedError says for whom a task is meant.
func assignedError(task plan.Task) error {
	return plan.Errorf(plan.Conflict, "%s is assigned to %s", task.Key, task.Assignee).WithCode("assigned").
		WithHint("get another task: pm next, or take it over: pm claim %s --take-over", task.Key)
}

// takeOver makes the actor the one whom a task is assigned to that was assigned
// to somebody else.
func takeOver(task *plan.Task, actor plan.Actor) {
	if task.ForOthers(actor.Name) {
		task.Assignee = actor.Name
	}
}
