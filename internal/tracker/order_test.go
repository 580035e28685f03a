package tracker_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

func (r *rig) order(k plan.Key, before, after string) {
	r.t.Helper()
	ok[tracker.Changed](r.t)(r.Order(as("ann"), tracker.Order{Key: k.String(), Before: before, After: after}))
}

// Whatever is put wherever, the list in the order of the plan is what a plain
// list would be, page by page, and next follows it.
func TestTheOrderOfThePlan(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		random := rand.New(rand.NewPCG(3, 5))
		f, g := r.plan(), r.plan()
		want := append(r.tasks(f, 6), r.tasks(g, 6)...)
		for range 60 {
			k, to := want[random.IntN(len(want))], want[random.IntN(len(want))]
			if k == to {
				continue
			}
			want = slices.DeleteFunc(want, func(x plan.Key) bool { return x == k })
			at := slices.Index(want, to)
			if random.IntN(2) == 0 {
				r.order(k, to.String(), "")
			} else {
				r.order(k, "", to.String())
				at++
			}
			want = slices.Insert(want, at, k)
			if got := r.listed("sort:position"); !slices.Equal(got, names(want)) {
				t.Fatalf("listed %v, want %v", got, want)
			}
			if got := r.next(tracker.Next{}); got != want[0].String() {
				t.Fatalf("next gives %s, want %s", got, want[0])
			}
		}
		for _, sign := range []string{"", "-"} {
			var got []string
			for cursor, limit := "", 5; ; {
				page := ok[tracker.Page[plan.Task]](t)(r.ListTasks(as("ann"), tracker.ListTasks{Sort: sign + "position", Limit: &limit, Cursor: cursor}))
				for _, task := range page.Items {
					got = append(got, task.Key.String())
				}
				if cursor = page.NextCursor; cursor == "" {
					break
				}
			}
			if sign == "-" {
				slices.Reverse(got)
			}
			if !slices.Equal(got, names(want)) {
				t.Errorf("in pages %v, want %v", got, want)
			}
		}
		for _, k := range want {
			if got := ok[tracker.NextTask](t)(r.Next(as("ann"), tracker.Next{Claim: true})).Task; got == nil || got.Key != k {
				t.Fatalf("claimed %+v, want %s", got, k)
			}
		}
		r.sound("at the end")
	})
}

// Many put tasks into one place at once: all of them get one of their own.
func TestOrderTogether(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		tasks := r.tasks(r.plan(), 9)
		var wg sync.WaitGroup
		for _, k := range tasks[1:] {
			wg.Go(func() {
				if _, err := r.Order(as(k.String()), tracker.Order{Key: k.String(), Before: tasks[0].String()}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		places := map[string]bool{}
		for _, k := range tasks {
			places[r.show(k).Place()] = true
		}
		if len(places) != len(tasks) {
			t.Errorf("%d tasks have %d places", len(tasks), len(places))
		}
		r.sound("at the end")
	})
}
