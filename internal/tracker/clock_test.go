package tracker_test

import (
	"context"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tracker"
)

// keyed adds a note under an idempotency key, and reports whether the call was
// answered from what the key remembers.
func (r *rig) keyed(key string, k plan.Key) (n plan.Note, replayed bool) {
	r.t.Helper()
	ctx := tracker.WithReplay(tracker.WithIdempotencyKey(as("ann"), key), &replayed)
	return ok[plan.Note](r.t)(r.AddNote(ctx, tracker.AddNote{Key: k.String(), Body: key})), replayed
}

// written records an operation as a process whose clock shows another time
// would.
func (r *rig) written(at time.Time) {
	r.t.Helper()
	_, err := store.Write(as("ahead"), r.DB(), func(tx *store.Tx) (struct{}, error) {
		return struct{}{}, tx.PutOperation(plan.Operation{ID: plan.NewUID(at), Seq: store.SeqAt(at), At: at, Agent: "ahead", Command: "task claim", Items: 1})
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// A clock far ahead once swept all idempotency keys: the call that it told of a
// late day took every key for old. Here the plan is a year old instead.
func TestOneCallFarAheadForgetsNoKey(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "Task")
		r.keyed("first", k)
		r.sql(`update idempotency_keys set created_at = $1`, plan.Stamp(time.Now().AddDate(-1, 0, 0)))
		r.sql(`update operations set at = $1`, plan.Stamp(time.Now().AddDate(-1, 0, 0)))
		r.keyed("second", k)
		r.sql(`update idempotency_keys set created_at = $1 where key like '%second'`, plan.Stamp(time.Now().AddDate(-1, 0, 0)))
		r.sql(`delete from operations where at > $1`, plan.Stamp(time.Now().AddDate(0, -1, 0)))
		if _, replayed := r.keyed("first", k); !replayed {
			t.Error("the call is done a second time: its key was forgotten")
		}
	})
}

// After a call whose clock was ahead, the others' clocks are behind what is
// recorded: no key is forgotten for that, and the history goes on in order.
func TestClocksThatStepBack(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.task(f, "Before")
		r.keyed("first", k)
		ahead := time.Now().AddDate(1, 0, 0).UTC().Truncate(time.Millisecond)
		r.written(ahead)

		later := r.task(f, "After")
		title := "Renamed"
		for _, key := range []plan.Key{k, later} {
			ok[tracker.Changed](t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: names([]plan.Key{key}), Title: &title}))
			r.do("ann", plan.Claim, key)
			got := r.show(key)
			if got.UpdatedAt.Before(got.CreatedAt) || got.UpdatedAt.Before(ahead) {
				t.Errorf("%s was changed at %s, after it was created at %s and what was recorded at %s", key, got.UpdatedAt, got.CreatedAt, ahead)
			}
			if until := *got.LeaseUntil; until.After(ahead) {
				t.Errorf("%s is leased until %s: leases are the clock's, not the history's", key, until)
			}
		}
		log := r.log(plan.Key{Epic: 1})
		for i, h := range log[1:] { // newest first
			if h.Timestamp.After(log[i].Timestamp) {
				t.Errorf("%s of %s comes before %s of %s", log[i].Timestamp, log[i].Key, h.Timestamp, h.Key)
			}
		}
		if _, replayed := r.keyed("first", k); !replayed {
			t.Error("the call is done a second time: its key was forgotten")
		}
		last := ok[[]plan.Operation](t)(store.Read(context.Background(), r.DB(), func(tx *store.Tx) (all []plan.Operation, err error) {
			err = tx.Operations(func(o plan.Operation) error { all = append(all, o); return nil })
			return all, err
		}))
		for _, o := range last {
			if o.At.After(ahead) {
				t.Errorf("operation %q is of %s, later than any clock", o.Command, o.At)
			}
		}
	})
}
