package tracker

import (
	"fmt"

	"pm/internal/plan"
	"pm/internal/store"
)

// A closedIn is the epic or the feature that is completed or archived, and so
// keeps what lies under it from being offered and waited for. Its zero value
// says that neither is. Of a draft it says only that tasks are not offered.
type closedIn struct {
	parent plan.Key
	status plan.PlanStatus
}

func (c closedIn) String() string {
	return fmt.Sprintf("%s %s is %s", c.parent.Level(), c.parent, c.status)
}

// activate is the command that makes it active again.
func (c closedIn) activate() string { return fmt.Sprintf("pm update %s --status active", c.parent) }

// closedParent returns what closes k, a task or a feature, from above: its
// epic, or else the feature of a task.
func closedParent(tx *store.Tx, k plan.Key) (closedIn, error) {
	if k.Level() == plan.LevelFeature {
		e, err := tx.Epic(k.EpicKey())
		return closedBy(k, store.Parents{Epic: e.Status}), err
	}
	p, err := tx.Parents(k)
	return closedBy(k, p), err
}

func closedBy(k plan.Key, p store.Parents) closedIn {
	switch {
	case p.Epic.Closed():
		return closedIn{k.EpicKey(), p.Epic}
	case p.Feature.Closed():
		return closedIn{k.FeatureKey(), p.Feature}
	}
	return closedIn{}
}

// inactiveBy returns what keeps a task from being offered by its status: what is
// closed above it, or else what is a draft.
func inactiveBy(k plan.Key, p store.Parents) closedIn {
	switch c := closedBy(k, p); {
	case c != closedIn{}:
		return c
	case p.Epic == plan.PlanDraft:
		return closedIn{k.EpicKey(), p.Epic}
	case p.Feature == plan.PlanDraft:
		return closedIn{k.FeatureKey(), p.Feature}
	}
	return closedIn{}
}

// settled reports whether nobody waits for the task any more: it is done, or
// what it lies under is closed.
func settled(tx *store.Tx, task plan.Task) (bool, error) {
	if task.Done() || task.Offered {
		return task.Done(), nil
	}
	c, err := closedParent(tx, task.Key)
	return c != closedIn{}, err
}

// notOffered warns of todo tasks under what is completed or archived.
func notOffered(tx *store.Tx, tasks []plan.Task) (out []Warning, err error) {
	var order []closedIn
	under := map[closedIn][]plan.Key{}
	known := map[plan.Key]closedIn{}
	for _, t := range tasks {
		if t.Status != plan.Todo || t.Offered {
			continue
		}
		c, is := known[t.FeatureKey]
		if !is {
			if c, err = closedParent(tx, t.Key); err != nil {
				return nil, err
			}
			known[t.FeatureKey] = c
		}
		if c == (closedIn{}) {
			continue
		}
		if under[c] == nil {
			order = append(order, c)
		}
		under[c] = append(under[c], t.Key)
	}
	for _, c := range order {
		out = append(out, c.notOffered(under[c]))
	}
	return out, nil
}

func (c closedIn) notOffered(keys []plan.Key) Warning {
	what := keys[0].String() + " is"
	if len(keys) > 1 {
		what = named(keys) + " are"
	}
	return warning("not_offered", "%s not offered as work: %s", what, c).hint("activate it: %s", c.activate())
}

// notWaitedFor warns of dependencies that hold nothing back, though what they
// lead to was never completed.
func notWaitedFor(tx *store.Tx, task plan.Key, on []plan.Task) (out []Warning, err error) {
	for _, t := range on {
		why, err := abandoned(tx, t)
		if err != nil {
			return nil, err
		}
		switch {
		case why == "":
		case t.Done():
			out = append(out, warning("not_waited_for", "%s does not wait for %s: it is %s", task, t.Key, why).hint(`bring it back: pm reopen %s --reason "why"`, t.Key))
		default:
			c, err := closedParent(tx, t.Key)
			if err != nil {
				return nil, err
			}
			out = append(out, warning("not_waited_for", "%s does not wait for %s: %s", task, t.Key, why).hint("activate it: %s", c.activate()))
		}
	}
	return out, nil
}

// abandoned says why nobody waits for a task that was never completed; empty
// for one that was, or that others wait for.
func abandoned(tx *store.Tx, task plan.Task) (string, error) {
	switch {
	case task.Status == plan.Archived && task.CompletedAt == nil:
		return string(plan.Archived), nil
	case task.Done(), task.Offered:
		return "", nil
	}
	c, err := closedParent(tx, task.Key)
	if err != nil || c == (closedIn{}) {
		return "", err
	}
	return c.String(), nil
}

// addAbandoned adds to the open ones of the tasks that another depends on why
// that one does not wait for them.
func addAbandoned(tx *store.Tx, links []Linked) error {
	at := map[plan.Key]int{}
	var open []plan.Key
	for i, l := range links {
		if l.Status != plan.AnyStatus(plan.Completed) && l.Status != plan.AnyStatus(plan.Archived) {
			at[l.Key], open = i, append(open, l.Key)
		}
	}
	tasks, err := tx.TasksOf(open)
	for _, t := range tasks {
		why, err := abandoned(tx, t)
		if err != nil {
			return err
		}
		if why != "" {
			links[at[t.Key]].Outcome = "not waited for: " + why
		}
	}
	return err
}

// closing brings up to date, after a change of the status of an epic or a
// feature, which of the tasks under it are offered as work and waited for. It
// warns of what stays open, and names who no longer waits or waits again.
func closing(tx *store.Tx, k plan.Key, before, after plan.PlanStatus, tasks tally) (out []Warning, err error) {
	if before == after {
		return nil, nil
	}
	tx.Announce(tasks.Total)
	here := closedIn{k, after}
	if before.Closed() != after.Closed() {
		others, err := tx.Settle(k, before.Closed())
		if err != nil {
			return nil, err
		}
		if open := tasks.Total - tasks.Completed; after.Closed() && open > 0 {
			out = append(out, warning("open_tasks", "%s: %s", here, staysOpen(open)).
				hint("list them: pm list is:open key:%s; to have them offered again: %s", k, here.activate()))
		}
		levels, waiting, err := tx.TurnedBy(k)
		if err != nil {
			return nil, err
		}
		out = append(out, here.dependants(others, "open tasks in "+k.String())...)
		out = append(out, here.dependants(waiting, named(levels))...)
	}
	if k.Level() == plan.LevelFeature && after == plan.PlanActive {
		c, err := closedParent(tx, k)
		if err != nil {
			return nil, err
		}
		if c != (closedIn{}) {
			out = append(out, c.tasksNotOffered(k))
		}
	}
	if (before == plan.PlanActive) != (after == plan.PlanActive) {
		err = tx.OfferTasks(k)
	}
	return out, err
}

func staysOpen(n int) string {
	if n == 1 {
		return "1 task in it stays open and is not offered as work"
	}
	return fmt.Sprintf("%d tasks in it stay open and are not offered as work", n)
}

// dependants tells of those elsewhere who no longer wait for what was closed, or
// for open tasks in it, or who wait again.
func (c closedIn) dependants(others []plan.Key, of string) []Warning {
	if len(others) == 0 {
		return nil
	}
	wait := "wait"
	if len(others) == 1 {
		wait = "waits"
	}
	if !c.status.Closed() {
		return []Warning{warning("waiting_again", "%s %s again for %s", named(others), wait, of).hint("see them: pm dep list %s", others[0])}
	}
	return []Warning{warning("released", "%s no longer %s for %s", named(others), wait, of).hint("to make them wait again: %s", c.activate())}
}

// tasksNotOffered warns of a feature whose epic is closed.
func (c closedIn) tasksNotOffered(feature plan.Key) Warning {
	return warning("not_offered", "tasks in %s are not offered as work: %s", feature, c).hint("activate it: %s", c.activate())
}
