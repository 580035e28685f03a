package tracker_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

func (r *rig) check(k plan.Key, texts ...string) plan.Task {
	r.t.Helper()
	return ok[tracker.Changed](r.t)(r.AddChecks(as("ann"), tracker.AddChecks{Key: k.String(), Checks: texts})).Items[0]
}

// Whatever is done to a checklist, its numbers stay, its history folds to it,
// and exports and the trash keep it.
func TestAnyChecklistIsAsItsHistorySays(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		random := rand.New(rand.NewPCG(3, 5))
		k := r.tasks(r.feature(r.epic("One"), "cards"), 1)[0]
		given := 0
		for i := range 120 {
			checks := r.show(k).Checks
			if len(checks) == 0 || random.IntN(4) == 0 {
				got := r.check(k, fmt.Sprint("check ", i), strings.Repeat("long ", 30)+fmt.Sprint(i)).Checks
				for j, c := range got[len(checks):] {
					if c.N != given+j+1 {
						t.Fatalf("a new check has the number %d after %d", c.N, given)
					}
				}
				given += 2
				continue
			}
			in := tracker.Checks{Key: k.String(), N: []int{checks[random.IntN(len(checks))].N}}
			if other := checks[random.IntN(len(checks))].N; other != in.N[0] {
				in.N = append(in.N, other)
			}
			switch random.IntN(5) {
			case 0:
				ok[tracker.Changed](t)(r.RemoveChecks(as("ann"), in))
			case 1:
				ok[tracker.Changed](t)(r.UntickChecks(as("bob"), in))
			case 2:
				move := tracker.MoveCheck{Key: in.Key, N: in.N[0], Before: in.N[len(in.N)-1]}
				if random.IntN(2) == 0 {
					move.Before, move.After = 0, move.Before
				}
				if got := ok[tracker.Changed](t)(r.MoveCheck(as("ann"), move)).Items[0].Checks; len(got) != len(checks) {
					t.Fatalf("%d checks of %d are left after a move", len(got), len(checks))
				}
			default:
				ok[tracker.Changed](t)(r.TickChecks(as("cat"), in))
			}
		}
		r.sound("after the changes")
		r.carriesOver("after the changes")
		r.deleteAndRestore(k)
		r.sound("after a restore")
		was := plan.StoredChecks(r.show(k).Checks, given)
		now := r.move(r.feature(r.epic("Two"), "other"), k)[0]
		if got := plan.StoredChecks(r.show(now).Checks, given); got != was {
			t.Errorf("after a move the checklist is %s, not %s", got, was)
		}
		r.sound("after a move")
	})
}

// Many tick checks of one task at once: each tick is there in the end.
func TestTicksTogether(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		const many = 24
		k := r.tasks(r.feature(r.epic("One"), "cards"), 1)[0]
		for i := range many {
			r.check(k, fmt.Sprint("check ", i))
		}
		var wg sync.WaitGroup
		for i := range many {
			wg.Go(func() {
				if _, err := r.TickChecks(as(fmt.Sprint("w", i)), tracker.Checks{Key: k.String(), N: []int{i + 1}}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for i, c := range r.show(k).Checks {
			if !c.Done || c.By != fmt.Sprint("w", i) {
				t.Errorf("check %d is %+v", i+1, c)
			}
		}
		r.sound("after the ticks")
	})
}

// A checklist that was edited past pm is found, and stops no list.
func TestDoctorFindsEditedChecklists(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.tasks(r.feature(r.epic("One"), "cards"), 1)[0]
		r.check(k, "one", "two")
		r.sound("before")
		for _, edit := range []string{`'{"last":2,"items":[{"n":1,"text":"one","done":true},{"n":2,"text":"two","done":false}]}'`, `'{"last":9,"items":[]}'`, `'no json'`, `null`} {
			r.sql(`update tasks set checks = ` + edit)
			r.show(k)
			if d := ok[tracker.Diagnosis](t)(r.Doctor(as("ann"), tracker.Doctor{})); d.Flaws == 0 {
				t.Errorf("the doctor finds nothing wrong with %s", edit)
			}
		}
	})
}
