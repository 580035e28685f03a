package mcpserver_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const fleetTasks = 640

// Thirty-two sessions under one client's name empty a plan of 640 tasks: no
// task is given to two of them, and none of them acts on what another holds.
func TestAFleetUnderOneNameDrainsThePlan(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := plantFleet(t, db)
		fleet := make([]*mcp.ClientSession, 32)
		holds := make([]string, len(fleet))
		each := func(f func(n int)) {
			var all sync.WaitGroup
			for n := range fleet {
				all.Go(func() { f(n) })
			}
			all.Wait()
		}
		for n := range fleet {
			fleet[n] = connect(t, stranger(db))
		}
		each(func(n int) { holds[n] = claimed(t, fleet[n]) })
		each(func(n int) { // while the others hold theirs
			other := holds[(n+1)%len(fleet)]
			for _, v := range []string{"submit", "complete", "release", "claim"} {
				refusedWith(t, fleet[n], "conflict held", "task_status", verb(v, other))
			}
		})
		var mu sync.Mutex
		given := map[string]int{}
		each(func(n int) {
			for k := holds[n]; k != ""; k = claimed(t, fleet[n]) {
				mu.Lock()
				given[k]++
				mu.Unlock()
				if text, isError := call(t, fleet[n], "task_status", verb("complete", k)); isError {
					t.Errorf("completing %s: %s", k, text)
				}
			}
		})
		for k, n := range given {
			if n != 1 {
				t.Errorf("%s was given %d times", k, n)
			}
		}
		status, err := p.Status(t.Context(), tracker.ShowStatus{})
		if err != nil || len(given) != fleetTasks || status.TasksCompleted != fleetTasks {
			t.Errorf("%d tasks were given and %d are completed, want %d: %v", len(given), status.TasksCompleted, fleetTasks, err)
		}
	})
}

// plantFleet makes a plan of as many tasks as the fleet is to do.
func plantFleet(t *testing.T, db *store.DB) *tracker.Tracker {
	t.Helper()
	p := plant(t, db)
	var in tracker.CreateTasks
	for n := range fleetTasks - 2 { // beside those of plant
		in.Tasks = append(in.Tasks, tracker.CreateTask{Feature: "E01-F01", Title: fmt.Sprint("Step ", n)})
	}
	if _, err := p.CreateTasks(plan.WithActor(t.Context(), plan.Actor{Name: "ann"}), in); err != nil {
		t.Fatal(err)
	}
	return p
}

// claimed is the task that a session gets, empty if there is none.
func claimed(t *testing.T, s *mcp.ClientSession) string {
	text, isError := call(t, s, "next", map[string]any{"claim": true})
	var next tracker.NextTask
	if err := json.Unmarshal([]byte(text), &next); isError || err != nil {
		t.Errorf("next answers %q, %v", text, err)
	}
	if next.Task == nil {
		return ""
	}
	return next.Task.Key.String()
}
