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

// An operation that has announced itself tells how far it is: it changes some
// thousands of tasks in one statement, one after the other, and none of them twice.
func TestLargeOperationsTellHowFarTheyAre(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		const tasks = 10_500
		steps := map[string]int{}
		r := newRig(t, address, store.Options{NormalDurability: true, Observe: func(s db.Statement) { steps[s.Name]++ }})
		f := r.plan()
		first, second := r.task(f, "first"), r.task(f, "second")
		in := tracker.CreateTasks{}
		for range tasks - 2 {
			in.Tasks = append(in.Tasks, tracker.CreateTask{Feature: f.String(), Title: "waits", DependsOn: []string{first.String()}})
		}
		in.Tasks[0].DependsOn = append(in.Tasks[0].DependsOn, second.String())
		ok[tracker.Tasks](t)(r.CreateTasks(as("ann"), in))
		draft, active, later, dependants := "draft", "active", "2999-01-01", tasks/500
		if !db.IsPostgres(address) {
			dependants = 0 // they are not counted before
		}
		for _, c := range []struct {
			what, statement string
			least           int // of these
			change          func() error
			where           string // of all tasks afterwards
		}{
			{"a draft", "task.offer", 2, func() error {
				_, err := r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: "E01", Status: &draft})
				return err
			}, "offered = 0"},
			{"activation", "task.offer", 2, func() error {
				_, err := r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: "E01", Status: &active})
				return err
			}, "offered = 1"},
			{"a defer", "task.defer", 2, func() error {
				_, err := r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: "E01", Defer: &later})
				return err
			}, "deferred = 1"},
			{"what many wait for", "task.add_open_to_each", dependants, func() error {
				_, err := r.Complete(as("ann"), tracker.Complete{Keys: []string{first.String(), second.String()}, Force: true, Reason: "it is"})
				return err
			}, "open_dependencies = 0"},
		} {
			clear(steps)
			if err := c.change(); err != nil {
				t.Fatalf("%s: %v", c.what, err)
			}
			if n := steps[c.statement]; n < c.least {
				t.Errorf("%s was %d statements", c.what, n)
			}
			got := 0
			if err := r.raw.QueryRow("select count(*) from tasks where " + c.where).Scan(&got); err != nil || got != tasks {
				t.Errorf("after %s %d tasks are changed: %v", c.what, got, err)
			}
		}
		if n := steps["task.add_open_to_dependants"]; n == 0 {
			t.Error("what one task waits for is changed in steps")
		}
		r.healthy()
	})
}
