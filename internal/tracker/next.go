package tracker

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// Next is the input of Tracker.Next.
type Next struct {
	Claim     bool     `json:"claim,omitempty" jsonschema:"claim the task in the same step"`
	AgentType string   `json:"agent_type,omitempty" jsonschema:"only tasks of this agent type or of none" short:"t"`
	Epic      string   `json:"epic,omitempty" jsonschema:"only tasks of this epic"`
	Feature   string   `json:"feature,omitempty" jsonschema:"only tasks of this feature"`
	Not       []string `json:"not,omitempty" jsonschema:"keys of tasks to skip"`
	Lease     string   `json:"lease,omitempty" jsonschema:"how long the claim lasts unless renewed: 30m (the default), 2h, 1d"`
	Context   bool     `json:"context,omitempty" jsonschema:"include everything needed to start, as pm show --context does"`
	Wait      string   `json:"wait,omitempty" jsonschema:"how long to wait for a task to become ready: 30s"`
}

// NextTask is the answer of Tracker.Next: a task, or why there is none. A task
// that was taken comes with what its holder must know first: why the last
// review sent it back, and what was handed over.
type NextTask struct {
	Task *plan.Task `json:"task"`
	Standing
	Context      *Around       `json:"context,omitempty" jsonschema:"everything needed to start, if requested"`
	Handoff      *plan.Note    `json:"handoff,omitempty"`
	TakenOver    *Takeover     `json:"taken_over,omitempty" jsonschema:"the previous holder, if its lease had expired"`
	Answers      []Question    `json:"answers,omitempty" jsonschema:"new answers to your questions on it"`
	ClaimToken   string        `json:"claim_token,omitempty" jsonschema:"token of a claim without a session: send it with every later call on this task"`
	Why          *plan.Unready `json:"why,omitempty"`
	Warnings     []Warning     `json:"warnings,omitempty" jsonschema:"possibly unintended consequences of the claim"`
	NextCommands []string      `json:"next_commands,omitempty"`
}

// Next gives the ready task with the lowest priority number, then the oldest,
// before all others one that is assigned to the actor, and none that is to
// somebody else;
// with Claim it takes it for the actor in the same transaction, and no other
// claim gets the same one. Having none to give is no error.
func (t *Tracker) Next(ctx context.Context, in Next) (NextTask, error) {
	f, err := in.filter()
	lease, leaseErr := parseLease(in.Lease)
	wait, waitErr := parseWait(in.Wait)
	if err := firstError(err, leaseErr, waitErr); err != nil {
		return NextTask{}, err
	}
	for end := time.Now().Add(wait); ; {
		out, err := t.next(ctx, in, f, lease)
		if err != nil || out.Task != nil || !time.Now().Before(end) {
			return out, err
		}
		select {
		case <-time.After(min(time.Until(end), lookAgain+rand.N(lookAgain))):
		case <-ctx.Done():
			return out, ctx.Err()
		}
	}
}

// lookAgain is how often, at most, Next looks again while it waits.
const lookAgain = 100 * time.Millisecond

// WaitOf returns how long an operation may wait, as its input says it, and for
// what; empty if it does not wait.
func WaitOf(in any) (wait, what string) {
	switch in := in.(type) {
	case *Next:
		return in.Wait, "a task"
	case *Ask:
		return in.Wait, "an answer"
	}
	return "", ""
}

// maxWait is how long Next and Ask can wait.
const maxWait = time.Hour

func (t *Tracker) next(ctx context.Context, in Next, f store.ReadyFilter, lease time.Duration) (NextTask, error) {
	if !in.Claim || in.Wait != "" && !hasIdempotencyKey(ctx) {
		// Waiting looks without taking part in the queue of writers.
		out, err := read(ctx, t, func(tx *store.Tx) (NextTask, error) { return nextTask(tx, in, f, nil) })
		if err != nil || out.Task == nil || !in.Claim {
			return out, err
		}
	}
	var none NextTask
	ctx, token := withClaimToken(ctx)
	out, err := write(ctx, t, call{"task next", in}, func(tx *store.Tx) (NextTask, error) {
		out, err := nextTask(tx, in, f, func(task *plan.Task) error { return claim(tx, task, lease, Claim{}) })
		if err == nil && out.Task == nil {
			none, err = out, errNoTask
		}
		out.ClaimToken = token
		return out, err
	})
	if errors.Is(err, errNoTask) {
		return none, nil
	}
	return out, err
}

// errNoTask ends a transaction that had nothing to claim, so that the answer
// is not kept under an idempotency key: the same call may find a task later.
var errNoTask = errors.New("no task to claim")

// nextTask finds the next task and, where take is given, takes it.
func nextTask(tx *store.Tx, in Next, f store.ReadyFilter, take func(*plan.Task) error) (NextTask, error) {
	f.Agent = tx.Actor().Name
	task, found, err := tx.NextReady(f, take != nil)
	if err != nil {
		return NextTask{}, err
	}
	if !found {
		why, err := tx.CountUnready(f)
		return NextTask{Why: &why}, err
	}
	var from *Takeover
	var answers []Question
	if take != nil {
		from = takeoverOf(task)
		if answers, err = tellAsker(tx, &task); err != nil {
			return NextTask{}, err
		}
		if err := firstError(take(&task), tx.Begin()); err != nil {
			return NextTask{}, err
		}
	}
	one := []plan.Task{task}
	if err := tx.LoadBeside(one); err != nil {
		return NextTask{}, err
	}
	out := NextTask{Task: &one[0], TakenOver: from, Answers: answers}
	if in.Context {
		if out.Context, err = aroundNext(tx, task.Key); err != nil {
			return out, err
		}
		if out.Context.MoreDependsOn == 0 {
			out.Task.DependsOn = nil // the context says more of each
		}
	}
	if take == nil {
		out.NextCommands = []string{"pm claim " + task.Key.String()}
		return out, nil
	}
	out.NextCommands = afterVerb(plan.Claim, one)
	if in.Context {
		out.NextCommands = out.NextCommands[1:] // the first shows the context
	}
	if out.Warnings, err = sharedFiles(tx, one); err != nil {
		return out, err
	}
	if task.Version <= claimedFresh || in.Context {
		return out, nil
	}
	if out.Standing, err = standing(tx, task); err != nil {
		return out, err
	}
	out.Handoff, err = lastHandoff(tx, task)
	return out, err
}

// claimedFresh is the version of a task that was created and then claimed:
// nobody can have handed it over or rejected it.
const claimedFresh = 2

func (in Next) filter() (f store.ReadyFilter, err error) {
	if f.AgentType, err = plan.ParseTrade(in.AgentType); err != nil {
		return f, err
	}
	if f.Under, err = scope(in.Epic, in.Feature); err != nil {
		return f, err
	}
	if len(in.Not) > 0 {
		f.Not, err = taskKeys(in.Not)
	}
	return f, err
}

// scope reads an epic or a feature to look under; the zero key means all.
func scope(epic, feature string) (k plan.Key, err error) {
	if epic != "" {
		if k, err = keyAt(plan.LevelEpic, epic); err != nil {
			return k, err
		}
	}
	if feature != "" {
		f, err := keyAt(plan.LevelFeature, feature)
		if err != nil {
			return f, err
		}
		if epic != "" && f.EpicKey() != k {
			return f, plan.Errorf(plan.Invalid, "feature %s is not in epic %s", f, k)
		}
		return f, nil
	}
	return k, nil
}

// parseWait reads how long to wait; empty means not at all.
func parseWait(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	d, ok := plan.ParseDuration(s)
	if !ok || d < 0 || d > maxWait {
		return 0, plan.Errorf(plan.Invalid, "invalid wait %q: must be at most 1h", s).WithCode("bad_wait").WithHint("write it like 30s or 5m")
	}
	return d, nil
}
