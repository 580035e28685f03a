package plan_test

import (
	"encoding/json"
	"testing"
	"time"

	"pm/internal/plan"
)

func TestWhatATaskCountsFor(t *testing.T) {
	when := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, c := range []struct {
		task             plan.Task
		total, completed int
		done             bool
	}{
		{plan.Task{Status: plan.Todo}, 1, 0, false},
		{plan.Task{Status: plan.InProgress}, 1, 0, false},
		{plan.Task{Status: plan.Blocked}, 1, 0, false},
		{plan.Task{Status: plan.ReadyForReview}, 1, 0, false},
		{plan.Task{Status: plan.Completed, CompletedAt: &when}, 1, 1, true},
		{plan.Task{Status: plan.Archived, CompletedAt: &when}, 1, 1, true},
		{plan.Task{Status: plan.Archived}, 0, 0, true},
	} {
		total, completed := c.task.Counts()
		if total != c.total || completed != c.completed || c.task.Done() != c.done {
			t.Errorf("%s, completed at %v: counts %d of %d, done %t", c.task.Status, c.task.CompletedAt, completed, total, c.task.Done())
		}
	}
	for _, c := range []struct {
		completed, total int
		want             plan.Percent
	}{{0, 0, 0}, {0, 3, 0}, {1, 4, 25}, {3, 3, 100}} {
		if got := plan.Progress(c.completed, c.total); got != c.want {
			t.Errorf("%d of %d is %v %%, want %v", c.completed, c.total, got, c.want)
		}
	}
}

func TestReady(t *testing.T) {
	now := time.Now()
	later := now.Add(time.Second)
	for _, c := range []struct {
		task plan.Task
		want bool
	}{
		{plan.Task{Status: plan.Todo, Offered: true}, true},
		{plan.Task{Status: plan.Todo}, false},
		{plan.Task{Status: plan.Todo, Offered: true, OpenDependencies: 1}, false},
		{plan.Task{Status: plan.InProgress, Offered: true}, false},
		{plan.Task{Status: plan.InProgress, Offered: true, LeaseUntil: &later}, false},
		{plan.Task{Status: plan.InProgress, Offered: true, LeaseUntil: &now}, true},
		{plan.Task{Status: plan.InProgress, LeaseUntil: &now}, false},
		{plan.Task{Status: plan.InProgress, Offered: true, LeaseUntil: &now, OpenDependencies: 1}, false},
	} {
		if got := c.task.Ready(now); got != c.want {
			t.Errorf("%+v is ready: %t", c.task, got)
		}
	}
}

func TestHolders(t *testing.T) {
	for _, c := range []struct {
		session string
		actor   plan.Actor
		want    bool
	}{
		{"", plan.Actor{Name: "ann"}, true},
		{"", plan.Actor{Name: "bob"}, false},
		{"1", plan.Actor{Name: "ann", Session: "1"}, true},
		{"1", plan.Actor{Name: "ann", Session: "2"}, false},
		{"1", plan.Actor{Name: "bob", Session: "1"}, false},
		{"1", plan.Actor{Name: "ann"}, false},
		{"", plan.Actor{Name: "ann", Session: "2"}, false},
	} {
		task := plan.Task{AssignedAgent: "ann", Session: c.session}
		if got := task.HeldBy(c.actor); got != c.want {
			t.Errorf("session %q is held by %+v: %t", c.session, c.actor, got)
		}
	}
	if got := (plan.Task{AssignedAgent: "ann", Session: "1"}).Holder(); got != "ann (session 1)" {
		t.Errorf("the holder is %q", got)
	}
}

func TestLeasesRunOutAtTheirEnd(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, c := range []struct {
		status plan.TaskStatus
		until  time.Duration
		want   bool
	}{{plan.InProgress, -1, true}, {plan.InProgress, 0, true}, {plan.InProgress, 1, false}, {plan.Todo, -1, false}} {
		until := now.Add(c.until)
		if got := (plan.Task{Status: c.status, LeaseUntil: &until}).LeaseExpired(now); got != c.want {
			t.Errorf("%s until %v from now: expired %t", c.status, c.until, got)
		}
	}
	if (plan.Task{Status: plan.InProgress}).LeaseExpired(now) {
		t.Error("what has no lease has run out")
	}
}

func TestActorOfContext(t *testing.T) {
	if a := plan.ActorOf(t.Context()); a.Name != "unknown" {
		t.Errorf("nobody is %+v", a)
	}
	ann := plan.Actor{Name: "ann", Session: "1", Surface: "cli"}
	if a := plan.ActorOf(plan.WithActor(t.Context(), ann)); a != ann {
		t.Errorf("ann is %+v", a)
	}
}

// Every recorded field must move the hash, and a trip through JSON must not.
func TestChain(t *testing.T) {
	full := func() plan.History {
		return plan.History{Key: plan.MustKey("T-E01-F01-001"), OldStatus: "todo", NewStatus: "todo", Agent: "ann", Session: "1",
			Surface: "cli", Notes: "<why> \u2028 é", Timestamp: time.Date(2026, 1, 2, 3, 4, 5, 60e6, time.UTC), Operation: "op",
			Change: plan.Change{"priority": {1, 2}, "title": {"a & b", "c"}, "depends_on": {nil, []string{"T-E01-F01-002"}}, "grade": {plan.High, plan.Low}}}
	}
	h := full()
	hash := h.Chain("prev", "uid")
	seen := map[string]string{hash: "the record"}
	for what, alter := range map[string]func(*plan.History){
		"old":       func(h *plan.History) { h.OldStatus = "x" },
		"new":       func(h *plan.History) { h.NewStatus = "x" },
		"agent":     func(h *plan.History) { h.Agent = "x" },
		"session":   func(h *plan.History) { h.Session = "x" },
		"surface":   func(h *plan.History) { h.Surface = "x" },
		"notes":     func(h *plan.History) { h.Notes = "x" },
		"time":      func(h *plan.History) { h.Timestamp = h.Timestamp.Add(time.Millisecond) },
		"operation": func(h *plan.History) { h.Operation = "x" },
		"change":    func(h *plan.History) { h.Change["priority"] = [2]any{1, 3} },
		"removal":   func(h *plan.History) { delete(h.Change, "title") },
	} {
		other := full()
		alter(&other)
		if same, ok := seen[other.Chain("prev", "uid")]; ok {
			t.Errorf("a change of %s is not seen: same as %s", what, same)
		}
		seen[other.Chain("prev", "uid")] = what
	}
	if h.Chain("other", "uid") == hash || h.Chain("prev", "other") == hash {
		t.Error("the predecessor or the item does not matter")
	}
	moved := full()
	moved.Key.Feature++
	if moved.Chain("prev", "uid") != hash {
		t.Error("moving the item changes the hash")
	}
	h.ID, h.Hash = 7, hash
	b, err := json.Marshal(h)
	var back plan.History
	if err != nil || json.Unmarshal(b, &back) != nil || back.Chain("prev", "uid") != hash {
		t.Errorf("after JSON the hash is another: %s", b)
	}
}

func TestChangeHoldsWhatDiffers(t *testing.T) {
	c := plan.Change{}
	c.Set("same", "a", "a")
	c.Set("other", 1, 2)
	if len(c) != 1 || c["other"] != [2]any{int64(1), int64(2)} {
		t.Errorf("got %v", c)
	}
}

// A share is written with two decimals, and never as nothing or all where it
// is neither.
func TestPercentIsWrittenRounded(t *testing.T) {
	for _, c := range []struct {
		completed, total int
		want             string
	}{{0, 3, "0"}, {1, 3, "33.33"}, {2, 7, "28.57"}, {2, 3, "66.67"}, {1, 2, "50"}, {3, 3, "100"}, {1, 1_000_000, "0.01"}, {999_999, 1_000_000, "99.99"}} {
		b, err := json.Marshal(plan.Progress(c.completed, c.total))
		if string(b) != c.want || err != nil {
			t.Errorf("%d of %d is written %s (%v), want %s", c.completed, c.total, b, err, c.want)
		}
	}
}
