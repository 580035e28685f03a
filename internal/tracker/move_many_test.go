package tracker_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// counted is a rig that counts its statements.
type counted struct {
	*rig
	log        func(string, ...any)
	statements atomic.Int64
}

func newCounted(t *testing.T, address string) *counted {
	t.Helper()
	c := &counted{log: t.Logf}
	c.rig = newRig(t, address, store.Options{NormalDurability: true, Observe: func(db.Statement) { c.statements.Add(1) }})
	return c
}

// moved moves items, and returns with how many statements.
func (c *counted) moved(what string, to plan.Key, keys ...plan.Key) (now []plan.Key, statements int64) {
	c.t.Helper()
	c.statements.Store(0)
	began := time.Now()
	now = c.move(to, keys...)
	statements = c.statements.Load()
	c.log("%s: %v, %d statements", what, time.Since(began).Round(time.Millisecond), statements)
	return now, statements
}

// woven makes a feature with tasks that have notes, dependencies, labels and a
// reason, and on each of which one elsewhere depends and is linked to it.
func (c *counted) woven(epic plan.Key, many int) (plan.Key, []plan.Key) {
	c.t.Helper()
	from, other := c.feature(epic, "from"), c.feature(epic, "other")
	var batch tracker.CreateTasks
	for i := range many {
		batch.Tasks = append(batch.Tasks, tracker.CreateTask{Feature: from.String(), Title: fmt.Sprint("task ", i), Labels: []string{"some"}})
	}
	var keys []plan.Key
	for _, task := range ok[tracker.Tasks](c.t)(c.CreateTasks(as("ann"), batch)).Items {
		keys = append(keys, task.Key)
	}
	batch.Tasks = nil
	for i, k := range keys {
		batch.Tasks = append(batch.Tasks, tracker.CreateTask{Feature: other.String(), Title: "waits", DependsOn: []string{k.String()}, DiscoveredFrom: k.String()})
		if i == 1 {
			c.depend(k, keys[0])
			c.note(k, "a note")
		}
	}
	ok[tracker.Tasks](c.t)(c.CreateTasks(as("ann"), batch))
	ok[tracker.Changed](c.t)(c.Block(as("ann"), tracker.ChangeStatus{Keys: names(keys[:many/2]), Reason: "since then"}))
	return from, keys
}

// TestMoveOfManyTasks moves tasks by their keys, and with their feature: many take
// hardly more statements than few, even where others depend on each of
// them and are linked to it, and where what they go to is completed.
func TestMoveOfManyTasks(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		c := newCounted(t, address)
		took := map[int][]int64{}
		few, many := 20, 60
		for _, n := range []int{few, many} {
			epic := c.epic("One")
			closed, open := c.feature(epic, "closed"), c.feature(epic, "open")
			c.set(closed, "completed")
			from, keys := c.woven(epic, n)
			slices.Reverse(keys)
			for i, move := range []func() ([]plan.Key, int64){
				func() ([]plan.Key, int64) { return c.moved("tasks by their keys", open, keys...) },
				func() ([]plan.Key, int64) { return c.moved("tasks to what is completed", closed, keys...) },
				func() ([]plan.Key, int64) { return c.moved("tasks back to what is open", from, keys...) },
				func() ([]plan.Key, int64) { return c.moved("a feature", c.epic("Two"), from) },
			} {
				now, statements := move()
				if i < 3 {
					keys = now
				}
				took[n] = append(took[n], statements)
			}
			last := plan.Key{}
			if now := ok[map[string]plan.Key](t)(c.Resolve(as("ann"), names(keys[:1]))); len(now) == 1 {
				last = now[keys[0].String()]
			}
			if got := c.show(last); got.Title != fmt.Sprint("task ", n-1) {
				t.Errorf("%s is %+v", last, got)
			}
			c.sound("after the moves")
			c.carriesOver("after the moves")
		}
		for i, most := range took[few] {
			if most += most / 10; took[many][i] > most { // rows are added in batches
				t.Errorf("moves of %d tasks took %v statements, of %d tasks %v", few, took[few], many, took[many])
				break
			}
		}
	})
}

// TestMoveOfThousands logs how long moves of very many tasks take.
func TestMoveOfThousands(t *testing.T) {
	if !full {
		t.Skip("only with PM_TEST_LOAD=full")
	}
	storetest.EachAddress(t, func(t *testing.T, address string) {
		c := newCounted(t, address)
		for _, n := range []int{300, 1000, 10_000} {
			epic := c.epic("One")
			from, to := c.feature(epic, "from"), c.feature(epic, "to")
			var keys []plan.Key
			for left := n; left > 0; left -= 1000 {
				keys = append(keys, c.tasks(from, min(left, 1000))...)
			}
			now, _ := c.moved(fmt.Sprintf("a feature of %d", n), c.epic("Two"), from)
			for i, k := range keys {
				keys[i] = now[0].Child(k.Task)
			}
			c.moved(fmt.Sprintf("%d by their keys", n), to, keys...)
		}
	})
}
