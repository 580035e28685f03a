package proof

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tracker"
)

// past is a lease's end that has come long ago, as the database keeps it.
const past = "2000-01-01T00:00:00.000Z"

// TestFence has holders wake after their lease ran out. Every third bears the
// name of whoever took the task over: only its fence tells them apart.
func TestFence(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n, kept := load(45, 1000), load(15, 300)
		keys := w.tasks(t, n+n/2+kept)
		a, b := w.open(t, store.Options{}), w.open(t, store.Options{})
		for _, key := range keys {
			if got := claim(t, a, "sleeper", key); got != 1 {
				t.Fatalf("%s: the first fence is %d", key, got)
			}
		}
		expireAll(t, w)
		t.Run("afterwards", func(t *testing.T) { wakeLate(t, w, a, b, keys[:n]) })
		t.Run("at_once", func(t *testing.T) { wakeAtOnce(t, w, a, b, keys[n:n+n/2]) })
		t.Run("in_time", func(t *testing.T) { wakeInTime(t, a, b, keys[n+n/2:]) })
		expireAll(t, w)
		claim(t, b, "third", keys[1])
		if err := holderVerbs()[0].call(a, as(t.Context(), "taker"), keys[1], 0); codeOf(err) != "lease_lost" {
			t.Errorf("who took the task over and lost it again is told %v", err)
		}
		w.clean(t)
	})
}

func claim(t *testing.T, tr *tracker.Tracker, name, key string) (fence int64) {
	t.Helper()
	out, err := tr.Claim(as(t.Context(), name), tracker.Claim{Keys: []string{key}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Items[0].Fence
}

func expireAll(t *testing.T, w *world) {
	t.Helper()
	if _, err := execute(t.Context(), w.foreign(t), "update tasks set lease_until = $1 where lease_until is not null", past); err != nil {
		t.Fatal(err)
	}
}

// A holderVerb is something that only a task's holder may do.
type holderVerb struct {
	name string
	call func(tr *tracker.Tracker, ctx context.Context, key string, fence int64) error
}

func holderVerbs() []holderVerb {
	change := func(verb func(*tracker.Tracker, context.Context, tracker.ChangeStatus) (tracker.Changed, error)) func(*tracker.Tracker, context.Context, string, int64) error {
		return func(tr *tracker.Tracker, ctx context.Context, key string, fence int64) error {
			_, err := verb(tr, ctx, tracker.ChangeStatus{Keys: []string{key}, Fence: fence, Reason: "late"})
			return err
		}
	}
	return []holderVerb{
		{"renew", func(tr *tracker.Tracker, ctx context.Context, key string, fence int64) error {
			_, err := tr.Renew(ctx, tracker.Renew{Keys: []string{key}, Fence: fence})
			return err
		}},
		{"complete", func(tr *tracker.Tracker, ctx context.Context, key string, fence int64) error {
			_, err := tr.Complete(ctx, tracker.Complete{Keys: []string{key}, Fence: fence, Reason: "late"})
			return err
		}},
		{"release", change((*tracker.Tracker).Release)},
		{"submit", change((*tracker.Tracker).Submit)},
		{"block", change((*tracker.Tracker).Block)},
	}
}

// wakeInTime wakes the holders before anybody else has come: every change of
// theirs renews the lease, so that others are refused as before.
func wakeInTime(t *testing.T, a, b *tracker.Tracker, keys []string) {
	changes := []func(ctx context.Context, key string) error{
		func(ctx context.Context, key string) error {
			_, err := a.AddNote(ctx, tracker.AddNote{Key: key, Body: "awake"})
			return err
		},
		func(ctx context.Context, key string) error {
			title := "awake"
			_, err := a.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{key}, Title: &title})
			return err
		},
		func(ctx context.Context, key string) error {
			_, err := a.Renew(ctx, tracker.Renew{Keys: []string{key}})
			return err
		},
	}
	for i, key := range keys {
		if err := changes[i%len(changes)](as(t.Context(), "sleeper"), key); err != nil {
			t.Errorf("%s: the holder's change %d says %v", key, i%len(changes), err)
		}
		if _, err := b.Claim(as(t.Context(), "taker"), tracker.Claim{Keys: []string{key}}); codeOf(err) != "held" {
			t.Errorf("%s: a claim after the holder's change %d says %v", key, i%len(changes), err)
		}
	}
}

// wakeLate lets others take the tasks, then wakes the holders: all are
// refused, with the reason, and the tasks stay as the others have them.
func wakeLate(t *testing.T, w *world, a, b *tracker.Tracker, keys []string) {
	verbs := holderVerbs()
	f := newFigures()
	lanes(8, func(lane int) {
		for i := lane; i < len(keys); i += 8 {
			key, taker, verb := keys[i], "taker", verbs[i%len(verbs)]
			if i%3 == 0 {
				taker = "sleeper"
			}
			if _, err := b.Claim(as(t.Context(), taker), tracker.Claim{Keys: []string{key}}); err != nil {
				f.fail(t, "%s cannot be taken over: %v", key, err)
			}
			began := time.Now()
			err := verb.call(a, as(t.Context(), "sleeper"), key, 1)
			f.add(time.Since(began))
			if codeOf(err) != "lease_lost" || plan.KindOf(err) != plan.Conflict {
				f.fail(t, "%s: %s under a stale fence says %v", key, verb.name, err)
			}
			if taker == "sleeper" {
				continue // without a fence it is the holder
			}
			err = verb.call(a, as(t.Context(), "sleeper"), key, 0)
			if codeOf(err) != "lease_lost" || !strings.Contains(err.Error(), "taker") {
				f.fail(t, "%s: %s by who held it before says %v", key, verb.name, err)
			}
			if err = verb.call(a, as(t.Context(), "stranger"), key, 0); codeOf(err) != "held" || !strings.Contains(err.Error(), "taker") {
				f.fail(t, "%s: %s by who never held it says %v", key, verb.name, err)
			}
		}
	})
	f.log(t)
	for i, key := range keys {
		want := "in_progress|taker|2|3"
		if i%3 == 0 {
			want = "in_progress|sleeper|2|3"
		}
		if got := w.strings(t, "select status, assigned_agent, fence, version from tasks where key = $1", key); got[0] != want {
			t.Errorf("%s is %s, want %s", key, got[0], want)
		}
		if i == 20 {
			break // the rest by one query: a connection each is slow
		}
	}
	if got := w.strings(t, "select count(*) from tasks where fence = 2 and status = 'in_progress' and version = 3"); got[0] != fmt.Sprint(len(keys)) {
		t.Errorf("%s of %d tasks are as their takers left them", got[0], len(keys))
	}
}

// wakeAtOnce wakes the holders at the moment others take the tasks: either
// the holder completes its task in time, or it is refused, never both.
func wakeAtOnce(t *testing.T, w *world, a, b *tracker.Tracker, keys []string) {
	f := newFigures()
	random := random(t, 0)
	inTime := 0
	for _, key := range keys {
		var woken, taken error
		first := random.IntN(2)
		lanes(2, func(lane int) {
			if lane == first {
				woken = holderVerbs()[1].call(a, as(t.Context(), "sleeper"), key, 1)
			} else {
				_, taken = b.Claim(as(t.Context(), "taker"), tracker.Claim{Keys: []string{key}})
			}
		})
		switch {
		case woken == nil && codeOf(taken) == "bad_transition":
			inTime++
		case codeOf(woken) == "lease_lost" && taken == nil:
		default:
			f.fail(t, "%s: complete says %v, claim says %v", key, woken, taken)
		}
	}
	f.set("in_time", inTime)
	f.set("holders", len(keys))
	f.log(t)
	if got := w.strings(t, "select count(*) from tasks where status = 'completed' and assigned_agent = 'sleeper' and fence = 1"); got[0] != fmt.Sprint(inTime) {
		t.Errorf("%s tasks are completed, %d were", got[0], inTime)
	}
}
