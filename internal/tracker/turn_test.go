package tracker_test

import (
	"testing"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// A change of very many tasks at once takes the turn of all writers, on a server
// after it has begun once beside them; one of few tasks does not.
func TestLargeOperationsTakeTheirTurn(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		begun := 0
		r := newRig(t, address, store.Options{NormalDurability: true, Observe: func(s db.Statement) {
			if s.Name == "tx.begin" {
				begun++
			}
		}})
		large := 1
		if db.IsPostgres(address) {
			large = 2
		}
		expect := func(what string, attempts int, err error) {
			t.Helper()
			if err != nil || begun != attempts {
				t.Errorf("%s began %d times, want %d: %v", what, begun, attempts, err)
			}
			begun = 0
		}
		epic := r.epic("Large")
		few, many := r.feature(epic, "few"), r.feature(epic, "many")
		first := r.tasks(few, 1)[0]
		batch := tracker.CreateTasks{}
		for range 1000 {
			batch.Tasks = append(batch.Tasks, tracker.CreateTask{Feature: many.String(), Title: "waits", DependsOn: []string{first.String()}})
		}
		ok[tracker.Tasks](t)(r.CreateTasks(as("ann"), batch))
		r.tasks(many, 1)
		set := func(k plan.Key, status string) error {
			var err error
			if k.Level() == plan.LevelEpic {
				_, err = r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: k.String(), Status: &status})
			} else {
				_, err = r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: k.String(), Status: &status})
			}
			return err
		}
		change := tracker.ChangeStatus{Keys: []string{first.String()}, Reason: "since then"}
		later, title := "2999-01-01", "Larger"
		begun = 0
		expect("a draft", large, set(epic, "draft"))
		expect("activation", large, set(epic, "active"))
		expect("a feature", large, set(many, "completed"))
		expect("it again", large, set(many, "active"))
		_, err := r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: many.String(), Defer: &later})
		expect("a defer", large, err)
		_, err = r.Complete(as("ann"), tracker.Complete{Keys: change.Keys})
		expect("what many wait for", large, err)
		_, err = r.Reopen(as("ann"), change)
		expect("it again", large, err)
		_, err = r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: epic.String(), Title: &title})
		expect("a title", 1, err)
		small := r.tasks(few, 1)[0]
		begun = 0
		_, err = r.Complete(as("ann"), tracker.Complete{Keys: []string{small.String()}})
		expect("what nothing waits for", 1, err)
		_, err = r.Delete(as("ann"), tracker.Delete{Key: many.String()})
		expect("a deletion", large, err)
		_, err = r.Restore(as("ann"), tracker.Restore{Key: many.String()})
		expect("what comes back", large, err)
		_, err = r.Delete(as("ann"), tracker.Delete{Key: small.String()})
		expect("a deletion of a task", 1, err)
		for i := range batch.Tasks {
			batch.Tasks[i].DependsOn = nil
		}
		batch.Tasks = append(batch.Tasks, batch.Tasks[0])
		ok[tracker.Tasks](t)(r.CreateTasks(as("ann"), batch))
		begun = 0
		_, err = r.Undo(as("ann"), tracker.Undo{})
		expect("an undo of very many", large, err)
		r.sound("after all")
	})
}
