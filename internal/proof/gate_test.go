package proof

import (
	"context"
	"testing"
	"time"
)

// A gate holds up the writers of a task, as another writer would, so that
// they all come through at once when it opens.
type gate struct {
	open    func()
	waiting func() int // how many writers wait; -1 when that cannot be told
}

// await waits until n writers wait. Where that cannot be told it skips the test.
func (g gate) await(t testing.TB, n int) {
	t.Helper()
	g.awaitUnless(t, n, func() bool { return false })
}

// awaitUnless is await that also returns when something else is so.
func (g gate) awaitUnless(t testing.TB, n int, other func() bool) {
	t.Helper()
	if g.waiting() < 0 {
		t.Skip("this system does not say who waits for a lock")
	}
	until(t, time.Minute, "writers wait", func() bool { return g.waiting() >= n || other() })
}

// until looks every millisecond whether something is so that no event tells
// of, and fails the test when it is not so for longer than patience.
func until(t testing.TB, patience time.Duration, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited %s until %s", patience, what)
		}
	}
}
