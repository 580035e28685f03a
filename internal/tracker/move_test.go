package tracker_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

func (r *rig) move(to plan.Key, keys ...plan.Key) []plan.Key {
	r.t.Helper()
	out := ok[tracker.Items](r.t)(r.Move(as("ann"), tracker.Move{Keys: plan.KeyWords(keys), To: to.String()}))
	now := make([]plan.Key, len(out.Items))
	for i, item := range out.Items {
		now[i] = item.Key()
	}
	return now
}

// Whatever is moved wherever, with dependencies in and out, in whatever state:
// counts, histories, lists and keys hold.
func TestAnyMoveKeepsThePlanWhole(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		random := rand.New(rand.NewPCG(7, 11))
		var features, tasks []plan.Key
		epics := []plan.Key{r.epic("One"), r.epic("Two"), r.epic("Three")}
		for i := range 6 {
			f := r.feature(epics[i%3], fmt.Sprint("feature ", i))
			features = append(features, f)
			tasks = append(tasks, r.tasks(f, 5)...)
		}
		r.set(epics[2], "draft")
		r.set(features[1], "completed")
		r.set(features[4], "archived")
		first := slices.Clone(tasks)
		for i := range tasks {
			for range random.IntN(3) {
				if on := random.IntN(len(tasks)); on < i {
					r.depend(tasks[i], tasks[on])
				}
			}
			if random.IntN(4) == 0 {
				ok[tracker.Items](t)(r.AddLabels(as("ann"), tracker.Label{Keys: []string{tasks[i].String()}, Labels: []string{"some"}}))
			}
			if random.IntN(3) == 0 {
				r.note(tasks[i], "a note")
			}
		}
		r.do("ann", plan.Archive, tasks[3])
		find := func(of []plan.Key, k plan.Key) int { return slices.Index(of, k) }
		for range 40 {
			if random.IntN(4) == 0 {
				f, e := features[random.IntN(len(features))], epics[random.IntN(len(epics))]
				now := r.move(e, f)[0]
				features[find(features, f)] = now
				for i, k := range tasks {
					if k.FeatureKey() == f {
						now.Task = k.Task
						tasks[i] = now
					}
				}
				continue
			}
			f := features[random.IntN(len(features))]
			r.note(f, "a note on a feature")
			var keys []plan.Key
			for range 1 + random.IntN(4) {
				if k := tasks[random.IntN(len(tasks))]; !slices.Contains(keys, k) {
					keys = append(keys, k)
				}
			}
			for i, now := range r.move(f, keys...) {
				tasks[find(tasks, keys[i])] = now
			}
		}
		r.sound("after the moves")
		words := plan.KeyWords(first)
		now := ok[map[string]plan.Key](t)(r.Resolve(as("ann"), words))
		for i, k := range tasks {
			if was := words[i]; k.String() != was && now[was] != k {
				t.Errorf("%s leads to %s, not to %s", was, now[was], k)
			}
			if got := r.show(k); got.Key != k || got.Title == "" {
				t.Errorf("%s is %+v", k, got)
			}
		}
		r.carriesOver("after the moves")
	})
}

// Many work on tasks while these are moved to and fro: nothing is lost, and
// who has an old key gets there.
func TestWorkGoesOnTogetherWithMoves(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		epic := r.epic("One")
		from, to := r.feature(epic, "from"), r.feature(epic, "to")
		tasks := r.tasks(from, 4)
		const writers, notes = 8, 6
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				k := tasks[w%len(tasks)]
				for range notes {
					for { // the task moves between looking up and writing
						_, err := r.AddNote(as(fmt.Sprint("w", w)), tracker.AddNote{Key: k.String(), Body: "x"})
						if err == nil {
							break
						}
						if plan.KindOf(err) != plan.NotFound {
							t.Error(err)
							return
						}
						if now := ok[map[string]plan.Key](t)(r.Resolve(as("w"), []string{k.String()})); !now[k.String()].IsZero() {
							k = now[k.String()]
						}
					}
				}
			})
		}
		now := slices.Clone(tasks)
		for i := range 10 {
			target := to
			if i%2 == 1 {
				target = from
			}
			now = r.move(target, now...)
		}
		wg.Wait()
		all := 0
		for _, k := range now {
			all += len(ok[tracker.Notes](t)(r.ListNotes(as("ann"), tracker.ListNotes{Key: k.String()})).Items)
		}
		if all != writers*notes {
			t.Errorf("%d notes are left of %d", all, writers*notes)
		}
		r.sound("after the moves")
	})
}

// Many give one name to items of their own at once: one of them has it, the
// others are refused, and nobody's history says otherwise.
func TestOneNameForManyTogether(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		tasks := r.tasks(r.feature(r.epic("One"), "many"), 8)
		var wg sync.WaitGroup
		var has atomic.Int32
		for _, k := range tasks {
			wg.Go(func() {
				_, err := r.AddRefs(as(k.String()), tracker.Ref{Key: k.String(), Refs: []string{"gh#42"}})
				switch {
				case err == nil:
					has.Add(1)
				case plan.KindOf(err) != plan.Conflict:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if has.Load() != 1 {
			t.Errorf("%d have the name", has.Load())
		}
		r.sound("after that")
	})
}
