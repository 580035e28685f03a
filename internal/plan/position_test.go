package plan_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pm/internal/plan"
)

// However often something is put between two others, there is a place, and
// what was never moved keeps its own.
func TestThereIsAlwaysAPlaceBetween(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	places := []string{}
	for i := range 20 {
		task := plan.Task{Key: plan.Key{Epic: 1 + i/7, Feature: 1, Task: i + 1}, CreatedAt: at.Add(time.Duration(i/4) * time.Second)}
		places = append(places, task.Place())
		if created, id := plan.PlaceOrigin(task.Place()); !created.Equal(task.CreatedAt) || id != task.Key.Ordinal() {
			t.Fatalf("%s is of %v, %d", task.Place(), created, id)
		}
	}
	slices.Sort(places)
	for n := range 2000 {
		i := r.IntN(len(places) + 1)
		if n%2 == 0 { // again and again in one place
			i = 7
		}
		a, b := "", ""
		if i > 0 {
			a = places[i-1]
		}
		if i < len(places) {
			b = places[i]
		}
		p := plan.PlaceBetween(a, b)
		if a != "" && p <= a || b != "" && p >= b {
			t.Fatalf("%q does not lie between %q and %q", p, a, b)
		}
		if err := plan.CheckPosition(p); err != nil {
			t.Fatal(err)
		}
		places = slices.Insert(places, i, p)
	}
	for _, s := range []string{"1", "x", places[0][:43], places[0] + "x", places[0][:43] + "50"} {
		if plan.CheckPosition(s) == nil {
			t.Errorf("%q is a position", s)
		}
	}
}
