package tracker_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// line makes stages: name, trade and limit of each.
func (r *rig) line(stages ...plan.Stage) {
	r.t.Helper()
	for _, s := range stages {
		ok[tracker.Stages](r.t)(r.CreateStage(as("ann"), tracker.CreateStage{Name: s.Name, AgentType: s.AgentType, Limit: s.Limit}))
	}
}

// where is the stage, the status and the holder of a task.
func (r *rig) where(k plan.Key) string {
	t := r.show(k)
	return fmt.Sprint(t.Stage, " ", t.Status, " ", t.Holder())
}

func TestSubmitPassesATaskOn(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		before := r.task(f, "there before the stages")
		r.line(plan.Stage{Name: "design"}, plan.Stage{Name: "build"}, plan.Stage{Name: "test"})
		k := r.task(f, "new")
		steps := []struct {
			who  string
			verb plan.Verb
			want string
		}{
			{"ann/1", plan.Claim, "design in_progress ann (session 1)"},
			{"ann/1", plan.Submit, "build todo "},
			{"bob", plan.Start, "build in_progress bob"},
			{"bob", plan.Submit, "test todo "},
			{"ann", plan.Reject, "build in_progress bob"}, // before anybody took it up
			{"bob", plan.Submit, "test todo "},
			{"cat", plan.Claim, "test in_progress cat"},
			{"cat", plan.Block, "test blocked cat"},
			{"cat", plan.Unblock, "test in_progress cat"},
			{"cat", plan.Reject, "build in_progress bob"},
			{"bob", plan.Reject, "design in_progress ann (session 1)"},
			{"ann/1", plan.Submit, "build todo "},
			{"bob", plan.Claim, "build in_progress bob"},
			{"bob", plan.Submit, "test todo "},
			{"cat", plan.Claim, "test in_progress cat"},
			{"cat", plan.Submit, "test ready_for_review cat"},
			{"ann", plan.Reject, "test in_progress cat"},
			{"cat", plan.Submit, "test ready_for_review cat"},
			{"ann", plan.Approve, "test completed cat"},
			{"ann", plan.Reopen, "test todo "},
			{"ann", plan.Complete, "test completed ann"},
		}
		for i, s := range steps {
			if r.do(s.who, s.verb, k); r.where(k) != s.want {
				t.Fatalf("step %d, %s %s: %q, want %q", i+1, s.who, s.verb, r.where(k), s.want)
			}
		}
		r.do("bob", plan.Claim, before)
		if r.do("bob", plan.Submit, before); r.where(before) != " ready_for_review bob" {
			t.Errorf("in no stage: %q", r.where(before))
		}
		r.healthy()
	})
}

// healthy demands that doctor finds nothing: above all, that folding the
// histories gives the rows.
func (r *rig) healthy() {
	r.t.Helper()
	for _, c := range ok[tracker.Diagnosis](r.t)(r.Doctor(as("ann"), tracker.Doctor{})).Checks {
		if len(c.Flaws) > 0 {
			r.t.Errorf("%s: %v", c.Name, c.Flaws)
		}
	}
}

// What was assigned goes to anyone in the next stage: it would else be stuck.
func TestWhatIsPassedOnIsAssignedToNobody(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		r.line(plan.Stage{Name: "build"}, plan.Stage{Name: "test", AgentType: "tester"})
		k := ok[plan.Task](t)(r.CreateTask(as("ann"), tracker.CreateTask{Feature: f.String(), Title: "t", Assignee: "bob"})).Key
		r.do("bob", plan.Claim, k)
		if got := r.do("bob", plan.Submit, k); got.Assignee != "" {
			t.Errorf("assigned to %q", got.Assignee)
		}
		if next := ok[tracker.NextTask](t)(r.Next(as("cat"), tracker.Next{AgentType: "tester", Claim: true})); next.Task == nil || next.Task.Key != k {
			t.Errorf("next gives %+v", next)
		}
	})
}

// What next offers, by the trade of whoever asks.
func TestNextGoesByTheTradeOfTheStage(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		none := ok[plan.Task](t)(r.CreateTask(as("ann"), tracker.CreateTask{Feature: f.String(), Title: "in no stage", AgentType: "backend", Priority: ptr(9)})).Key
		r.line(plan.Stage{Name: "build"}, plan.Stage{Name: "test", AgentType: "tester", Limit: 1})
		in := func(stage, trade string, priority int, who string) plan.Key {
			return ok[plan.Task](t)(r.CreateTask(as("ann"), tracker.CreateTask{Feature: f.String(), Title: "t", Stage: stage, AgentType: trade, Priority: &priority, Assignee: who})).Key
		}
		build, docs, test, mine := in("build", "backend", 5, ""), in("build", "docs", 4, ""), in("test", "backend", 3, ""), in("test", "", 8, "bob")
		moved := in("build", "backend", 5, "")
		ok[tracker.Changed](t)(r.Order(as("ann"), tracker.Order{Key: moved.String(), Before: build.String()}))
		offered := func(who, trade string) (keys []plan.Key) {
			for {
				next := ok[tracker.NextTask](t)(r.Next(as(who), tracker.Next{AgentType: trade, Not: names(keys)}))
				if next.Task == nil {
					return keys
				}
				keys = append(keys, next.Task.Key)
			}
		}
		for _, c := range []struct {
			who, trade string
			want       []plan.Key
		}{
			{"ann", "", []plan.Key{test, docs, moved, build, none}},
			{"ann", "backend", []plan.Key{moved, build, none}},
			{"ann", "tester", []plan.Key{test}},
			{"bob", "tester", []plan.Key{mine, test}},
			{"ann", "docs", []plan.Key{docs}},
		} {
			if got := offered(c.who, c.trade); !slices.Equal(got, c.want) {
				t.Errorf("%s as %q: %v, want %v", c.who, c.trade, got, c.want)
			}
		}
		r.do("ann", plan.Claim, test)
		if got := offered("bob", ""); !slices.Equal(got, []plan.Key{docs, moved, build, none}) {
			t.Errorf("past a full stage: %v", got)
		}
		behind := in("build", "docs", 9, "bob")
		if got := offered("bob", ""); !slices.Equal(got, []plan.Key{behind, docs, moved, build, none}) {
			t.Errorf("assigned, behind one in a full stage: %v", got)
		}
		ok[tracker.Deleted](t)(r.Delete(as("ann"), tracker.Delete{Key: behind.String()}))
		if why := ok[tracker.NextTask](t)(r.Next(as("bob"), tracker.Next{AgentType: "tester"})).Why; why == nil || why.Full != 0 || why.Held != 1 {
			t.Errorf("why: %+v", why) // the other one is assigned
		}
		r.expire(test) // takes no more room when somebody else takes it over
		if got := offered("bob", "tester"); !slices.Equal(got, []plan.Key{test}) {
			t.Errorf("a lease has run out: %v", got)
		}
	})
}

// The tasks of all stages are looked through up to a few: behind those that cannot be
// given there may be others.
func TestNextLooksBehindManyThatItCannotGive(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		r.line(plan.Stage{Name: "build"}, plan.Stage{Name: "test", AgentType: "tester", Limit: 1})
		in := func(stage, trade string, priority int) plan.Key {
			return ok[plan.Task](t)(r.CreateTask(as("ann"), tracker.CreateTask{Feature: f.String(), Title: "t", Stage: stage, AgentType: trade, Priority: &priority})).Key
		}
		r.do("bob", plan.Claim, in("test", "", 1))
		for range 20 {
			in("test", "backend", 1)
			in("build", "docs", 2)
		}
		ok[tracker.Changed](t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: names([]plan.Key{in("test", "", 1)}), Assignee: ptr("ann")}))
		build, none, later := in("build", "backend", 3), in("", "backend", 4), in("", "", 5)
		ok[tracker.Changed](t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: names([]plan.Key{none, later}), Stage: ptr("")}))
		for _, claim := range []bool{false, true} {
			if got := r.next(tracker.Next{AgentType: "backend", Claim: claim}); got != build.String() {
				t.Errorf("a backend task: %s, want %s", got, build)
			}
		}
		for _, c := range []struct{ trade, want string }{{"backend", none.String()}, {"tester", later.String()}} {
			if got := r.next(tracker.Next{AgentType: c.trade}); got != c.want {
				t.Errorf("for a %s: %q, want %q", c.trade, got, c.want)
			}
		}
		if next := ok[tracker.NextTask](t)(r.Next(as("ann"), tracker.Next{})).Task; next == nil || next.AgentType != "docs" {
			t.Errorf("of any trade: %+v", next)
		}
	})
}

// A task in a stage that does not exist, which only a change without pm leaves, is
// passed over, as doctor says.
func TestNextPassesOverAStageThatDoesNotExist(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		r.line(plan.Stage{Name: "build"})
		lost, build := r.task(f, "lost"), r.task(f, "build")
		for _, who := range []any{nil, "bob"} {
			r.sql(`update tasks set stage = 'gone', assignee = $1 where key = $2`, who, lost.String())
			ctx, stop := context.WithTimeout(as("bob"), time.Minute)
			if next := ok[tracker.NextTask](t)(r.Next(ctx, tracker.Next{})).Task; next == nil || next.Key != build {
				t.Errorf("assigned to %v: %+v", who, next)
			}
			stop()
		}
	})
}

// Claims by key, starts and updates respect a limit, together and at once.
func TestALimitIsNeverExceeded(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		r.line(plan.Stage{Name: "build"}, plan.Stage{Name: "test", Limit: 3})
		keys := r.tasks(f, 12)
		ok[tracker.Changed](t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: names(keys), Stage: ptr("test")}))
		if _, err := r.Claim(as("ann"), tracker.Claim{Keys: names(keys[:4])}); code(err) != "stage_full" {
			t.Errorf("four at once: %v", err)
		}
		var all sync.WaitGroup
		for i := range 12 {
			all.Go(func() {
				who := fmt.Sprint("a", i)
				switch i % 3 {
				case 0:
					r.Claim(as(who), claimOf(keys[i]))
				case 1:
					r.Start(as(who), tracker.ChangeStatus{Keys: names(keys[i : i+1])})
				case 2:
					r.Next(as(who), tracker.Next{Claim: true})
				}
			})
		}
		all.Wait()
		held := func() []plan.Task {
			return ok[tracker.Page[plan.Task]](t)(r.ListTasks(as("ann"), tracker.ListTasks{Query: "stage:test is:held"})).Items
		}
		if n := len(held()); n != 3 {
			t.Fatalf("%d are in progress, want 3", n)
		}
		other := r.task(f, "in progress elsewhere")
		r.do("ann", plan.Start, other)
		if _, err := r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: names([]plan.Key{other}), Stage: ptr("test")}); code(err) != "stage_full" {
			t.Errorf("into a full stage: %v", err)
		}
		free := slices.IndexFunc(keys, func(k plan.Key) bool { return r.show(k).Status == plan.Todo })
		in := tracker.Claim{Keys: names(keys[free : free+1]), Force: true, Reason: "it burns"}
		ok[tracker.Changed](t)(r.Claim(as("ann"), in))
		stages := ok[tracker.Stages](t)(r.ListStages(as("ann"), tracker.ListStages{})).Items
		if got := fmt.Sprint(stages); got != "[{{build  0 1} 1 0 1} {{test  3 2} 12 8 4}]" {
			t.Errorf("the line is %s", got)
		}
		r.healthy()
	})
}

// A stage is deleted while tasks enter it: none is left in a stage that is gone.
func TestAStageGoesWhileTasksEnterIt(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		r.line(plan.Stage{Name: "build"}, plan.Stage{Name: "test"}, plan.Stage{Name: "ship"})
		keys := r.tasks(f, 8)
		var all sync.WaitGroup
		for i, k := range keys {
			all.Go(func() {
				r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: []string{k.String()}, Stage: ptr("test")})
				if i == 4 {
					if _, err := r.DeleteStage(as("ann"), tracker.DeleteStage{Name: "test", To: "ship"}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		if flaws := ok[[]store.Flaw](t)(store.Read(t.Context(), r.DB(), (*store.Tx).StageFlaws)); len(flaws) > 0 {
			t.Error(flaws)
		}
		r.healthy()
	})
}

// An export brings its stages along.
func TestStagesComeWithAnImport(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		r.line(plan.Stage{Name: "build", AgentType: "backend"}, plan.Stage{Name: "test", Limit: 2})
		k := r.task(f, "t")
		r.do("ann", plan.Claim, k)
		r.do("ann", plan.Submit, k)
		file := r.export()
		other := newRig(t, storetest.SQLite(t), store.Options{})
		ok[tracker.Imported](t)(other.load(file))
		if got := other.where(k); got != "test todo " {
			t.Error(got)
		}
		other.healthy()
	})
}
