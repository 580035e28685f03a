package proof

import (
	"fmt"
	"strings"
	"testing"

	"pm/internal/plan"
)

// TestClaimRace has many processes claim one task, again and again.
func TestClaimRace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		rounds := load(3, 200)
		keys := w.tasks(t, 3*rounds)
		t.Run("own_names", func(t *testing.T) {
			claimRace(t, w, keys[:rounds], "held", func(i int) string { return fmt.Sprint("a", i) })
		})
		t.Run("one_name", func(t *testing.T) {
			claimRace(t, w, keys[rounds:2*rounds], "already_yours", func(int) string { return "same" })
		})
		t.Run("sessions", func(t *testing.T) {
			claimRace(t, w, keys[2*rounds:], "held", func(i int) string { return fmt.Sprint("same/", i) })
		})
		w.clean(t)
	})
}

// claimRace claims each task with many processes at once: one wins, and the
// others are told the code.
func claimRace(t *testing.T, w *world, keys []string, code string, name func(int) string) {
	wide := load(8, 32)
	f := newFigures()
	for round, key := range keys {
		// Every other round they all stand in line before the first is let in.
		g, gated := gate{}, round%2 == 0
		if gated {
			g = w.shut(t, key)
		}
		answers := make([]answer, wide)
		done := make(chan struct{})
		go func() {
			lanes(wide, func(i int) { answers[i] = w.pm(t, name(i), "claim", key, "--json") })
			close(done)
		}()
		if gated {
			g.await(t, wide)
			g.open()
		}
		<-done
		winner := -1
		for i, a := range answers {
			if !gated {
				f.add(a.took) // the others waited for us
			}
			switch {
			case a.code == 0 && winner < 0:
				winner = i
				var task plan.Task
				if a.into(t, &task); task.AssignedAgent != holder(name(i)) || task.Fence != 1 {
					f.fail(t, "%s: the winner was told %s", key, a)
				}
			case a.code == 0:
				f.fail(t, "%s was given to processes %d and %d", key, winner, i)
			case a.code != 4 || a.errorCode() != code:
				f.fail(t, "%s: a loser was told %s", key, a)
			case code == "already_yours" && !strings.Contains(a.stderr, `"task":{`):
				f.fail(t, "%s: a loser of the winner's name was not shown the task: %s", key, a)
			}
		}
		if winner < 0 {
			f.fail(t, "%s: nobody won, the first was told %s", key, answers[0])
			continue
		}
		want := "in_progress|" + holder(name(winner)) + "|1|2"
		if got := w.strings(t, "select status, assigned_agent, fence, version from tasks where key = $1", key); got[0] != want {
			f.fail(t, "%s is %s, want %s", key, got[0], want)
		}
	}
	f.set("rounds", len(keys))
	f.log(t)
}

// holder is the agent of a name that may have a session behind it.
func holder(name string) string {
	agent, _, _ := strings.Cut(name, "/")
	return agent
}
