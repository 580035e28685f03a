package tracker

import (
	"context"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// A Takeover says from whom a task was taken that somebody held.
type Takeover struct {
	Key        plan.Key   `json:"key"`
	From       string     `json:"from"`                  // the agent, with its session if it had one
	LeaseUntil *time.Time `json:"lease_until,omitempty"` // when that holder's lease ended, or would have
}

// takeoverOf returns the takeover of a task from who held it; nil if nobody did.
func takeoverOf(before plan.Task) *Takeover {
	if !before.Held() {
		return nil
	}
	return &Takeover{before.Key, before.Holder(), before.LeaseUntil}
}

// withClaimToken returns a context in which a caller that wants tokens, and
// has no session, claims in a session of its own. The token is the secret of
// that session, which later calls carry; it is empty for other callers.
func withClaimToken(ctx context.Context) (_ context.Context, token string) {
	a := plan.ActorOf(ctx)
	if !a.Tokens || a.Session != "" {
		return ctx, ""
	}
	token = plan.NewSecret()
	a.Session = plan.SessionOf(token)
	return plan.WithActor(ctx, a), token
}

// otherSession reports whether the actor's name holds the task in a session
// that is not the actor's.
func otherSession(task plan.Task, actor plan.Actor) bool {
	return task.Held() && task.AssignedAgent == actor.Name && task.Session != actor.Session
}

// takeOverHint says how a session gets what another of the same name holds.
func takeOverHint(k plan.Key, actor plan.Actor) string {
	switch actor.Surface {
	case "http":
		return "send the claim_token of that claim as X-PM-Session; to move it to this session: POST /v1/tasks/" + k.String() + `/claim {"take_over":true}`
	case "mcp":
		return "pass the claim_token of that claim; to move it to this session: task_status with verb claim and take_over"
	}
	return "move it to this session: pm claim " + k.String() + " --take-over"
}

// othersHint says when a task can be taken over that another name holds.
func othersHint(task plan.Task) string {
	when := "once " + task.AssignedAgent + " has released it"
	if task.LeaseUntil != nil {
		when = "once the lease has expired, or " + task.AssignedAgent + " has released it"
	}
	return "a claim can only be taken over between sessions of one name; you can claim it " + when + ": pm claim " + task.Key.String() + "; to get another task: pm next --claim"
}

// maxKept is how many tasks of one session KeepLeases looks after.
const maxKept = 10_000

// renewPart is the share of a lease that is left when KeepLeases renews it.
const renewPart = 2

// KeepLeases renews the leases of the actor's session of which less than half
// is left. It returns how long it can be until it is called again; 0 when the
// session holds nothing under a lease.
func (t *Tracker) KeepLeases(ctx context.Context) (time.Duration, error) {
	var due []plan.Key
	next, err := read(ctx, t, func(tx *store.Tx) (next time.Duration, err error) {
		held, err := tx.HeldBy(tx.Actor(), maxKept)
		if err != nil {
			return 0, err
		}
		now, err := tx.Now()
		due = due[:0]
		for _, task := range held {
			if task.LeaseUntil == nil {
				continue
			}
			length := leaseEnd(&task, now).Sub(now)
			wait := task.LeaseUntil.Sub(now) - length/renewPart
			if wait <= 0 {
				due, wait = append(due, task.Key), length/renewPart
			}
			if next == 0 || wait < next {
				next = wait
			}
		}
		return next, err
	})
	if err != nil || len(due) == 0 {
		return next, err
	}
	_, err = store.Write(ctx, t.db, func(tx *store.Tx) (struct{}, error) {
		for _, k := range due {
			task, err := tx.LockTask(k)
			if plan.NotFound == kindOf(err) || err == nil && (!task.Held() || task.LeaseUntil == nil || !task.HeldBy(tx.Actor())) {
				continue // gone since, or somebody else's
			}
			if err == nil {
				err = renewHeld(tx, &task)
			}
			if err = firstError(err, tx.Renew(&task)); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	return next, err
}
