package tracker

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// Claim is the input of Tracker.Claim.
type Claim struct {
	Keys   []string `json:"keys" jsonschema:"keys of the tasks" arg:"key"`
	Lease  string   `json:"lease,omitempty" jsonschema:"how long the claim lasts unless renewed: 30m (the default), 2h, 1d"`
	Reason string   `json:"reason,omitempty" jsonschema:"why; required with force" short:"r"`
	Force  bool     `json:"force,omitempty" jsonschema:"claim it even if somebody else holds it or it is waiting"`

	TakeOver bool `json:"take_over,omitempty" jsonschema:"move the claim here from another session under your name, or claim a task assigned to somebody else"`
}

// Claim takes tasks for the actor alone, all or none. Each must be ready, or
// held under a lease that has run out. A task that is already held is a
// conflict, also under the actor's own name (already_yours), and so is one that
// is assigned to somebody else (assigned); TakeOver moves it here from another
// session of that name, or makes it the actor's.
func (t *Tracker) Claim(ctx context.Context, in Claim) (Changed, error) {
	keys, err := taskKeys(in.Keys)
	lease, leaseErr := parseLease(in.Lease)
	if err := firstError(err, leaseErr, plan.CheckText("reason", in.Reason)); err != nil {
		return Changed{}, err
	}
	ctx, token := withClaimToken(ctx)
	return write(ctx, t, call{"task claim", in}, func(tx *store.Tx) (Changed, error) {
		var taken []Takeover
		if len(keys) > 1 { // before their stages
			if err := tx.LockTasks(keys); err != nil {
				return Changed{}, err
			}
		}
		out, err := changeEach(tx, keys, func(task *plan.Task) error {
			if err := checkClaim(tx, *task, in); err != nil {
				return err
			}
			if from := takeoverOf(*task); from != nil {
				taken = append(taken, *from)
			}
			return claim(tx, task, lease, in)
		})
		out.NextCommands, out.TakenOver, out.ClaimToken = afterVerb(plan.Claim, out.Items), taken, token
		if err == nil {
			out.Warnings, err = sharedFiles(tx, out.Items)
		}
		return out, err
	})
}

// checkClaim refuses a task that cannot be claimed now.
func checkClaim(tx *store.Tx, task plan.Task, in Claim) error {
	if in.Force {
		if task.Done() {
			return plan.Errorf(plan.Refused, "cannot claim %s: it is %s", task.Key, task.Status).WithCode("bad_transition").
				WithHint(`reopen it first: pm reopen %s --reason "why"`, task.Key)
		}
		_, err := task.Next(plan.Claim, in.Reason, true)
		return err
	}
	if in.TakeOver && otherSession(task, tx.Actor()) {
		return nil
	}
	now, err := tx.Now()
	if err != nil {
		return err
	}
	if task.Held() && !task.LeaseExpired(now) {
		e := heldError(task, tx.Actor())
		if in.TakeOver && !task.HeldBy(tx.Actor()) {
			e = e.WithHint("%s", othersHint(task))
		}
		return e
	}
	if unheld := task.Status == plan.InProgress && task.AssignedAgent == ""; !unheld && !task.LeaseExpired(now) { // an undo leaves what it does not hand back
		if _, err := task.Next(plan.Claim, "", false); err != nil {
			return err
		}
	}
	if task.ForOthers(tx.Actor().Name) && !in.TakeOver {
		return assignedError(task)
	}
	if err := checkReady(tx, task); err != nil {
		return err
	}
	return checkRoom(tx, task)
}

// checkReady refuses a task that waits for others, that is deferred, or whose
// epic or feature is not active.
func checkReady(tx *store.Tx, task plan.Task) error {
	if !task.Offered {
		return inactiveParent(tx, task.Key)
	}
	if task.OpenDependencies == 0 {
		now, err := tx.Now()
		if err == nil && task.IsDeferred(now) {
			err = deferredError(tx, task)
		}
		return err
	}
	open, err := waitsFor(tx, task.Key)
	if err != nil {
		return err
	}
	return plan.Errorf(plan.Refused, "%s is waiting for %s", task.Key, plan.JoinKeys(open, ", ")).WithCode("not_ready").
		WithHint("to see what it is waiting for: pm dep list %s; to get a task that is ready: pm next", task.Key)
}

func inactiveParent(tx *store.Tx, k plan.Key) error {
	why, hint, err := whyNotOffered(tx, k)
	if err != nil {
		return err
	}
	return plan.Errorf(plan.Refused, "%s is not ready: %s", k, why).WithCode("not_ready").WithHint("%s", hint)
}

// whyNotOffered says what above a task keeps it from being offered, and what
// ends that.
func whyNotOffered(tx *store.Tx, k plan.Key) (why, hint string, err error) {
	p, err := tx.Parents(k)
	if err != nil {
		return "", "", err
	}
	if c := inactiveBy(k, p); c != (closedIn{}) {
		return c.String(), "activate it: " + c.activate(), nil
	}
	waiting, on, err := waitsAbove(tx, k, p)
	if err != nil || waiting.IsZero() {
		return "its epic and its feature", "run pm doctor", err
	}
	return waitsOn(waiting, on), fmt.Sprintf("see what it is waiting for: pm dep list %s", waiting), nil
}

// claim makes the actor the holder of a task that may be claimed.
func claim(tx *store.Tx, task *plan.Task, lease time.Duration, in Claim) error {
	now, err := tx.Now()
	if err != nil {
		return err
	}
	at, err := tx.At()
	if err != nil {
		return err
	}
	before, actor := *task, tx.Actor()
	h := plan.History{Notes: in.Reason}
	if in.Force {
		h.Notes = "forced: " + in.Reason
	}
	switch {
	case in.TakeOver && otherSession(before, actor):
		h.Notes = strings.TrimSpace("moved from " + before.Holder() + " " + h.Notes)
	case before.LeaseExpired(now):
		h.Notes = strings.TrimSpace(fmt.Sprintf(takenOver+"%s, whose lease expired at %s %s",
			before.Holder(), plan.InWords(*before.LeaseUntil), h.Notes))
	}
	enter(task, plan.InProgress, plan.Claim, "", actor, at, now)
	task.AssignedAgent, task.Session = actor.Name, actor.Session
	takeOver(task, actor)
	task.LastFence++
	task.LeaseSeconds = int64(lease / time.Second)
	task.LeaseUntil = leaseEnd(task, now)
	return tx.SaveTask(before, task, h)
}

// Renew is the input of Tracker.Renew.
type Renew struct {
	Keys  []string `json:"keys" jsonschema:"keys of tasks that you hold" arg:"key"`
	Lease string   `json:"lease,omitempty" jsonschema:"how long from now; the length of the claim if not given"`
	Fence int64    `json:"fence,omitempty" jsonschema:"fencing token of your claim: refused if the task was claimed again since"`
}

// Renew moves the end of the actor's leases. It is no change of the tasks:
// their versions stay, and the history has nothing to say.
func (t *Tracker) Renew(ctx context.Context, in Renew) (Changed, error) {
	keys, err := taskKeys(in.Keys)
	lease, leaseErr := parseLease(in.Lease)
	if err := firstError(err, leaseErr); err != nil {
		return Changed{}, err
	}
	return write(ctx, t, call{"task renew", in}, func(tx *store.Tx) (Changed, error) {
		out, err := changeEach(tx, keys, func(task *plan.Task) error {
			if task.Status != plan.InProgress || task.LeaseUntil == nil {
				if err := checkHolder(tx, *task, "renew", in.Fence, false); err != nil {
					return err
				}
				return plan.Errorf(plan.Refused, "%s is not held under a lease: it is %s", task.Key, task.Status).
					WithCode("not_held").WithHint("pm claim %s", task.Key)
			}
			if err := checkHolder(tx, *task, "renew", in.Fence, false); err != nil {
				return err
			}
			now, err := tx.Now()
			if err != nil {
				return err
			}
			if in.Lease != "" {
				task.LeaseSeconds = int64(lease / time.Second)
			}
			task.LeaseUntil = leaseEnd(task, now)
			return tx.Renew(task)
		})
		out.NextCommands = afterVerb("renew", out.Items)
		return out, err
	})
}

// checkHolder lets only the holder act on a task in progress, and, where a
// fence is given, only under the present claim.
func checkHolder(tx *store.Tx, task plan.Task, verb plan.Verb, fence int64, force bool) error {
	if force {
		return nil
	}
	actor := tx.Actor()
	if fence > 0 && (fence != task.LastFence || task.Status == plan.Todo) {
		return lostError(task, fmt.Sprintf("fence %d", fence))
	}
	if !task.Held() || task.HeldBy(actor) {
		return nil
	}
	if verb == plan.Start {
		return heldError(task, actor)
	}
	lost, err := claimedBefore(tx, task, actor)
	if err != nil {
		return err
	}
	if lost {
		return lostError(task, "your claim")
	}
	return heldError(task, actor)
}

// claimedBefore reports whether the actor once held the task that somebody
// else holds now. It looks into the history: only a refusal asks.
func claimedBefore(tx *store.Tx, task plan.Task, actor plan.Actor) (bool, error) {
	found := errors.New("found")
	err := tx.EachRecord(store.HistoryFilter{Under: task.Key}, func(records []store.Record) error {
		for _, r := range records {
			took := r.OldStatus == string(plan.Todo) || r.Change["assigned_agent"] != [2]any{} || r.Change["session"] != [2]any{}
			if took && r.NewStatus == string(plan.InProgress) && r.Agent == actor.Name && r.Session == actor.Session {
				return found
			}
		}
		return nil
	})
	if errors.Is(err, found) {
		return true, nil
	}
	return false, err
}

func lostError(task plan.Task, what string) error {
	holder := "nobody holds it now"
	if task.Held() {
		holder = "it is held by " + task.Holder()
	}
	return plan.Errorf(plan.Conflict, "%s on %s is no longer valid: %s", what, task.Key, holder).WithCode("lease_lost").
		WithHint("to see its state: pm show %s; to get another task: pm next --claim", task.Key)
}

// heldError says who holds the task. The actor's own holding is told apart,
// with the task, so that an agent that was restarted can go on.
func heldError(task plan.Task, actor plan.Actor) *plan.Error {
	if task.HeldBy(actor) {
		e := plan.Errorf(plan.Conflict, "you already hold %s", task.Key).WithCode("already_yours").
			WithHint("extend its lease: pm renew %s", task.Key)
		e.Task = &task
		return e
	}
	until := ""
	if task.LeaseUntil != nil {
		until = " until " + plan.InWords(*task.LeaseUntil)
	}
	e := plan.Errorf(plan.Conflict, "%s is held by %s%s", task.Key, task.Holder(), until).WithCode("held").
		WithHint("get another task: pm next --claim")
	if otherSession(task, actor) {
		e.Message = fmt.Sprintf("%s is held by another session of yours: %s%s", task.Key, task.Holder(), until)
		e.WithHint("%s", takeOverHint(task.Key, actor))
	}
	return e
}

// renewHeld renews the lease of a task that its holder changes in another way.
func renewHeld(tx *store.Tx, task *plan.Task) error {
	if task.LeaseUntil == nil || task.Status != plan.InProgress || !task.HeldBy(tx.Actor()) {
		return nil
	}
	now, err := tx.Now()
	if err != nil {
		return err
	}
	if end := leaseEnd(task, now); end.After(*task.LeaseUntil) {
		task.LeaseUntil = end
	}
	return nil
}

// parseLease reads how long a lease lasts; empty means the default.
func parseLease(s string) (time.Duration, error) {
	if s == "" {
		return plan.DefaultLease, nil
	}
	d, ok := plan.ParseDuration(s)
	if !ok || d < plan.MinLease || d > plan.MaxLease {
		return 0, plan.Errorf(plan.Invalid, "invalid lease %q: must be 1s to 30d", s).WithCode("bad_lease").
			WithHint("write it like 90s, 30m (minutes), 2h or 1d")
	}
	return d, nil
}
