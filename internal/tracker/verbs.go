package tracker

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// ChangeStatus is the input of the verbs of the status table.
type ChangeStatus struct {
	Keys      []string `json:"keys" jsonschema:"keys of the tasks" arg:"key"`
	Reason    string   `json:"reason,omitempty" jsonschema:"why; kept in the history" short:"r"`
	Force     bool     `json:"force,omitempty" jsonschema:"override the rules; needs a reason, which is kept in the history"`
	Fence     int64    `json:"fence,omitempty" jsonschema:"fencing token of your claim: refused if the task was claimed again since"`
	IfVersion *int64   `json:"if_version,omitempty" jsonschema:"change it only if it is still at this version"`
}

// A statusChange is a ChangeStatus, with what only archiving and rejecting take.
type statusChange struct {
	ChangeStatus
	resolution plan.Resolution // empty: the usual one
	original   plan.Key        // what it is a duplicate of; zero: of none
	to         string          // the stage to send it back to; empty: to whom it came from
}

// Changed is the answer of an operation on one or more tasks, in the order
// they were named. One task is that task in JSON; several are {"items":[…]}.
// Either has what Beside holds beside its own fields.
type Changed struct {
	Items []plan.Task
	Beside
}

// Beside is what an answer has beside the tasks.
type Beside struct {
	Warnings     []Warning  `json:"warnings,omitempty" jsonschema:"possibly unintended consequences of the change"`
	TakenOver    []Takeover `json:"taken_over,omitempty" jsonschema:"previous holders, if the claim took over tasks"`
	ClaimToken   string     `json:"claim_token,omitempty" jsonschema:"token of a claim without a session: send it with every later call on these tasks"`
	Answers      []Question `json:"answers,omitempty" jsonschema:"new answers to your questions on these tasks"`
	Ready        []plan.Key `json:"ready,omitempty" jsonschema:"tasks that were waiting for these and can be claimed now; at most 20"`
	MoreReady    int        `json:"more_ready,omitempty" jsonschema:"how many more can be claimed now"`
	NextCommands []string   `json:"next_commands,omitempty" jsonschema:"what comes next, at most three: complete command lines, over HTTP requests"`
}

// MarshalJSON writes one task as it is, several as a list.
func (c Changed) MarshalJSON() ([]byte, error) {
	if len(c.Items) == 1 {
		return plan.JSON(struct {
			plan.Task
			Beside
		}{c.Items[0], c.Beside})
	}
	return plan.JSON(struct {
		Items []plan.Task `json:"items"`
		Beside
	}{c.Items, c.Beside})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (c *Changed) UnmarshalJSON(b []byte) error { return unmarshalChanged(b, c) }

// Start puts tasks in progress without a lease, for a person.
func (t *Tracker) Start(ctx context.Context, in ChangeStatus) (Changed, error) {
	return t.changeStatus(ctx, plan.Start, in)
}

// Release gives tasks back: they are todo again, held by nobody.
func (t *Tracker) Release(ctx context.Context, in ChangeStatus) (Changed, error) {
	return t.changeStatus(ctx, plan.Release, in)
}

// Submit hands tasks in for review.
func (t *Tracker) Submit(ctx context.Context, in ChangeStatus) (Changed, error) {
	return t.changeStatus(ctx, plan.Submit, in)
}

// Approve completes tasks that were reviewed.
func (t *Tracker) Approve(ctx context.Context, in ChangeStatus) (Changed, error) {
	return t.changeStatus(ctx, plan.Approve, in)
}

// Reject sends tasks that were reviewed, or submitted to the stage that they are
// in, back to who submitted them.
func (t *Tracker) Reject(ctx context.Context, in ChangeStatus) (Changed, error) {
	return t.changeStatus(ctx, plan.Reject, in)
}

// Block stops tasks for a reason.
func (t *Tracker) Block(ctx context.Context, in ChangeStatus) (Changed, error) {
	return t.changeStatus(ctx, plan.Block, in)
}

// Unblock puts blocked tasks back where they were blocked from.
func (t *Tracker) Unblock(ctx context.Context, in ChangeStatus) (Changed, error) {
	return t.changeStatus(ctx, plan.Unblock, in)
}

// Reopen makes tasks that are completed or archived todo again.
func (t *Tracker) Reopen(ctx context.Context, in ChangeStatus) (Changed, error) {
	return t.changeStatus(ctx, plan.Reopen, in)
}

func (t *Tracker) changeStatus(ctx context.Context, verb plan.Verb, in ChangeStatus) (Changed, error) {
	return t.changeStatusOf(ctx, call{"task " + string(verb), in}, verb, statusChange{ChangeStatus: in})
}

func (t *Tracker) changeStatusOf(ctx context.Context, c call, verb plan.Verb, in statusChange) (Changed, error) {
	keys, err := taskKeys(in.Keys)
	if err := firstError(err, plan.CheckText("reason", in.Reason), oneVersion(in.IfVersion, keys)); err != nil {
		return Changed{}, err
	}
	return write(ctx, t, c, func(tx *store.Tx) (Changed, error) {
		if err := in.lockOriginal(tx); err != nil {
			return Changed{}, err
		}
		if err := lockFor(tx, verb, keys); err != nil {
			return Changed{}, err
		}
		moved := counts{}
		var dropped []plan.Task // that were archived without having been done
		var again []plan.Task   // that come again
		out, err := changeEach(tx, keys, func(task *plan.Task) error {
			before := *task
			err := transition(tx, task, verb, in, moved)
			if err == nil && before.Repeat != "" && task.Status == plan.Completed {
				again = append(again, before)
			}
			if verb == plan.Archive && !before.Done() {
				dropped = append(dropped, before)
			}
			return err
		})
		if err != nil {
			return out, err
		}
		if err := moved.flush(tx); err != nil {
			return out, err
		}
		if err := freshOpen(tx, out.Items); err != nil {
			return out, err
		}
		if ends(verb) && !in.Force {
			if err := checkEnded(tx, verb, out.Items); err != nil {
				return out, err
			}
		}
		out.NextCommands = afterVerb(verb, out.Items)
		if out.Warnings, err = warnings(tx, verb, out.Items, dropped); err != nil {
			return out, err
		}
		repeated, err := repeatTasks(tx, again)
		out.Warnings = append(out.Warnings, repeated...)
		if err == nil && movesOthers(verb) {
			out.Ready, out.MoreReady, err = becameReady(tx, keys)
		}
		if err == nil && len(again) > 0 { // what comes again may be waited for
			err = freshOpen(tx, out.Items)
		}
		return out, err
	})
}

// lockFor locks what a verb changes or decides on besides the tasks themselves,
// which are locked one by one as they are changed.
func lockFor(tx *store.Tx, verb plan.Verb, keys []plan.Key) error {
	if movesOthers(verb) {
		locked, err := tx.LockWithDependants(keys)
		if err != nil {
			return err
		}
		tx.Announce(locked)
	}
	if verb == plan.Start && len(keys) > 1 { // before their stages
		return tx.LockTasks(keys)
	}
	return nil
}

// movesOthers reports whether tasks that wait for one change with it when verb
// is applied: when it is done then, or is done no more.
func movesOthers(verb plan.Verb) bool {
	return slices.Contains([]plan.Verb{plan.Complete, plan.Approve, plan.Archive, plan.Reopen}, verb)
}

// freshOpen brings the numbers of open dependencies up to date where one of
// several tasks that changed waits for another, or for what that is in.
func freshOpen(tx *store.Tx, tasks []plan.Task) error {
	if len(tasks) == 1 {
		return nil
	}
	if err := tx.SaveLevels(); err != nil {
		return err
	}
	keys := make([]plan.Key, len(tasks))
	at := make(map[plan.Key]int, len(tasks))
	for i, t := range tasks {
		keys[i], at[t.Key] = t.Key, i
	}
	now, err := tx.TasksOf(keys)
	for _, t := range now {
		tasks[at[t.Key]].OpenDependencies = t.OpenDependencies
	}
	return err
}

// changeEach locks the tasks in the order of their keys, changes each, and
// returns them, with their dependencies, in the order they were named.
func changeEach(tx *store.Tx, keys []plan.Key, change func(*plan.Task) error) (Changed, error) {
	at := map[plan.Key]int{}
	for i, k := range keys {
		at[k] = i
	}
	out := make([]plan.Task, len(keys))
	var answers []Question
	for _, k := range slices.SortedFunc(slices.Values(keys), plan.Key.Compare) {
		task, err := tx.LockTask(k)
		if err != nil {
			return Changed{}, err
		}
		told, err := tellAsker(tx, &task)
		if err != nil {
			return Changed{}, err
		}
		answers = append(answers, told...)
		if err := change(&task); err != nil {
			if len(keys) > 1 && !strings.Contains(err.Error(), k.String()) {
				err = fmt.Errorf("%s: %w", k, err)
			}
			return Changed{}, err
		}
		out[at[k]] = task
	}
	return Changed{Items: out, Beside: Beside{Answers: answers}}, tx.LoadBeside(out)
}

// transition moves one task along the status table, with all that follows
// from it: counts, the tasks that wait for it, its history.
func transition(tx *store.Tx, task *plan.Task, verb plan.Verb, in statusChange, moved counts) error {
	if err := firstError(
		checkVersion(task.Key, task.Version, in.IfVersion),
		checkHolder(tx, *task, verb, in.Fence, in.Force),
	); err != nil {
		return err
	}
	next, err := passageOf(tx, *task, verb, in)
	if err != nil {
		return err
	}
	to := next.to
	if err := checkRules(tx, *task, verb, to, in.Reason); err != nil {
		return err
	}
	if verb == plan.Start && !in.Force {
		if task.ForOthers(tx.Actor().Name) {
			return assignedError(*task)
		}
		if err := firstError(checkReady(tx, *task), checkRoom(tx, *task)); err != nil {
			return err
		}
	}
	if to == task.Status && task.Status == plan.Archived && in.Reason == "" && in.resolution == "" {
		return nil // a second time, with nothing to add
	}
	now, err := tx.Now()
	if err != nil {
		return err
	}
	at, err := tx.At()
	if err != nil {
		return err
	}
	before := *task
	next.take(task)
	enter(task, to, verb, in.Reason, tx.Actor(), at, now)
	if to == plan.Completed {
		task.Repeat = "" // it goes over to the next one
	}
	if in.resolution != "" {
		task.Resolution = in.resolution
	}
	h := plan.History{Notes: in.Reason}
	if err := in.linkOriginal(tx, task, &h); err != nil {
		return err
	}
	if in.Force {
		h.Notes = "forced: " + in.Reason
	}
	return saveMove(tx, before, task, h, moved)
}

// saveMove writes a task that changed status, and what follows for others.
func saveMove(tx *store.Tx, before plan.Task, task *plan.Task, h plan.History, moved counts) error {
	if err := tx.SaveTask(before, task, h); err != nil {
		return err
	}
	moved.add(before, *task)
	switch {
	case task.Done() && !before.Done():
		return openToDependants(tx, *task, -1)
	case before.Done() && !task.Done():
		return openToDependants(tx, *task, +1)
	}
	return nil
}

// openToDependants adds to what the dependants of a task wait for, unless
// nobody waits for what lies in its epic or its feature.
func openToDependants(tx *store.Tx, task plan.Task, n int) error {
	if !task.Offered {
		if c, err := closedParent(tx, task.Key); err != nil || c != (closedIn{}) {
			return err
		}
	}
	return tx.AddOpenToDependants(task.Key, n)
}

// enter sets what follows the status when task moves to the status to, at a
// moment of the history; leases run from now by the clock.
func enter(task *plan.Task, to plan.TaskStatus, verb plan.Verb, reason string, actor plan.Actor, at, now time.Time) {
	from := task.Status
	if from != to && !(from == plan.Completed && to == plan.Archived) { // which ended as it did
		task.Resolution = "" // or what follows below
	}
	task.Status, task.LeaseUntil = to, nil
	if to == plan.Blocked {
		task.BlockedAt, task.BlockedReason = &at, reason
		if from != plan.Blocked { // a forced block of a blocked task says why anew
			task.BlockedFrom = from
		}
	} else {
		task.BlockedAt, task.BlockedReason, task.BlockedFrom = nil, "", ""
	}
	switch to {
	case plan.Todo:
		task.AssignedAgent, task.Session, task.StartedAt, task.CompletedAt = "", "", nil, nil
	case plan.InProgress:
		task.CompletedAt = nil
		if task.StartedAt == nil {
			task.StartedAt = &at
		}
		if verb == plan.Start {
			task.AssignedAgent, task.Session = actor.Name, actor.Session
			takeOver(task, actor)
			task.LastFence++ // a holder before this one holds it no more
			task.LeaseSeconds = 0
		} else if task.LeaseSeconds > 0 && task.AssignedAgent != "" {
			// Back to whom it was claimed by, who may be gone: under a lease,
			// so that it does not lie with them for ever.
			task.LeaseUntil = leaseEnd(task, now)
		}
	case plan.Completed:
		task.CompletedAt = &at
		if task.AssignedAgent == "" {
			task.AssignedAgent = actor.Name
		}
	case plan.Archived: // keeps CompletedAt: whether it counts as completed
	default:
		task.CompletedAt = nil
	}
	if task.Resolution == "" {
		task.Resolution = task.DefaultResolution()
	}
}

func leaseEnd(task *plan.Task, now time.Time) *time.Time {
	length := time.Duration(task.LeaseSeconds) * time.Second
	if length <= 0 {
		length = plan.DefaultLease
	}
	end := now.Add(length)
	return &end
}
