package tracker_test

import (
	"slices"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// next returns the key that Next gives, "" for none.
func (r *rig) next(in tracker.Next) string {
	r.t.Helper()
	out := ok[tracker.NextTask](r.t)(r.Next(as("ann"), in))
	if (out.Task == nil) != (out.Why != nil) {
		r.t.Errorf("the answer has task %v and why %v", out.Task, out.Why)
	}
	if out.Task == nil {
		return ""
	}
	return out.Task.Key.String()
}

func (r *rig) taskOf(feature plan.Key, priority int, agentType string) plan.Key {
	r.t.Helper()
	in := tracker.CreateTask{Feature: feature.String(), Title: "x", Priority: &priority, AgentType: agentType}
	return ok[plan.Task](r.t)(r.CreateTask(as("ann"), in)).Key
}

// age makes tasks older, the first one the oldest.
func (r *rig) age(keys ...plan.Key) {
	r.t.Helper()
	for i, k := range keys {
		r.sql(`update tasks set created_at = $2 where key = $1`, k.String(), "2020-01-01T00:00:0"+string(rune('0'+i))+".000Z")
	}
}

func TestNextGivesByPriorityThenAge(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		late, low, older, urgent, tied := r.taskOf(f, 5, ""), r.taskOf(f, 10, ""), r.taskOf(f, 5, ""), r.taskOf(f, 1, ""), r.taskOf(f, 5, "")
		r.age(low, older, late)
		r.sql(`update tasks set created_at = '2020-01-01T00:00:02.000Z' where key = $1`, tied.String())
		for _, want := range []plan.Key{urgent, older, late, tied, low} { // of the same age the lower key comes first
			if got := r.next(tracker.Next{}); got != want.String() {
				t.Errorf("next is %q, want %s", got, want)
			}
			if got := r.next(tracker.Next{Claim: true}); got != want.String() {
				t.Errorf("next --claim gives %q, want %s", got, want)
			}
		}
		if got := r.next(tracker.Next{Claim: true}); got != "" {
			t.Errorf("%s is given out twice", got)
		}
	})
}

func TestAnExpiredTaskKeepsItsPlaceInTheOrder(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		urgent, held, low := r.taskOf(f, 1, ""), r.taskOf(f, 5, ""), r.taskOf(f, 10, "")
		r.do("bob", plan.Claim, held)
		r.expire(held)
		for _, want := range []plan.Key{urgent, held, low} {
			if got := r.next(tracker.Next{Claim: true}); got != want.String() {
				t.Errorf("next is %q, want %s", got, want)
			}
		}
	})
}

func TestNextFilters(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f1 := r.plan()
		f2 := r.feature(f1.EpicKey(), "second")
		f3 := r.plan()
		anyone, back, front, other := r.taskOf(f1, 5, ""), r.taskOf(f1, 4, "backend"), r.taskOf(f2, 3, "frontend"), r.taskOf(f3, 2, "backend")
		for _, c := range []struct {
			in   tracker.Next
			want plan.Key
		}{
			{tracker.Next{}, other},
			{tracker.Next{AgentType: "frontend"}, front},
			{tracker.Next{AgentType: "testing"}, anyone},
			{tracker.Next{AgentType: "backend", Epic: "E01"}, back},
			{tracker.Next{Epic: "e01"}, front},
			{tracker.Next{Feature: "E01-F01"}, back},
			{tracker.Next{Epic: "E01", Feature: "E01-F01", Not: []string{back.String()}}, anyone},
			{tracker.Next{Not: names([]plan.Key{other, front, back})}, anyone},
			{tracker.Next{AgentType: "testing", Feature: "E02-F01"}, plan.Key{}},
			{tracker.Next{Not: names([]plan.Key{other, front, back, anyone})}, plan.Key{}},
		} {
			if got := r.next(c.in); got != c.want.String() {
				t.Errorf("%+v gives %q, want %q", c.in, got, c.want)
			}
		}
		for _, in := range []tracker.Next{{Epic: "E01-F01"}, {Feature: "E01"}, {Not: []string{"E01"}}, {Epic: "x"}} {
			_, err := r.Next(as("ann"), in)
			refused(t, err, "bad_key")
		}
		_, err := r.Next(as("ann"), tracker.Next{Epic: "E02", Feature: "E01-F01"})
		refused(t, err, "invalid", "E01-F01", "E02")
	})
}

func TestTasksOfInactiveParentsAreNotOffered(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.task(f, "x")
		set := func(key plan.Key, status string) {
			t.Helper()
			var err error
			if key.Level() == plan.LevelEpic {
				_, err = r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: key.String(), Status: &status})
			} else {
				_, err = r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: key.String(), Status: &status})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, parent := range []plan.Key{f, f.EpicKey()} {
			for _, status := range []string{"draft", "archived", "completed"} {
				set(parent, status)
				late := r.task(f, "made under it")
				if got := r.next(tracker.Next{}); got != "" {
					t.Errorf("%s is %s, and next gives %s", parent, status, got)
				}
				for _, verb := range []plan.Verb{plan.Claim, plan.Start} {
					_, err := r.verb("ann", verb, change(k, 0))
					refused(t, err, "not_ready", parent.String(), status)
				}
				set(parent, "active")
				if got := r.show(late); !got.Ready(got.UpdatedAt) {
					t.Errorf("%s is not ready after its parent was %s and is active", late, status)
				}
				ok[tracker.Deleted](t)(r.delete(late, false))
			}
		}
		set(f, "draft")
		set(f.EpicKey(), "draft")
		set(f.EpicKey(), "active")
		if got := r.next(tracker.Next{}); got != "" {
			t.Errorf("the feature is a draft still, and next gives %s", got)
		}
		set(f, "active")
		if got := r.next(tracker.Next{}); got != k.String() {
			t.Errorf("next gives %q, want %s", got, k)
		}
	})
}

func TestNextSaysWhyThereIsNone(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		if out := ok[tracker.NextTask](t)(r.Next(as("ann"), tracker.Next{})); out.Why == nil || *out.Why != (plan.Unready{}) {
			t.Errorf("in an empty project the reason is %+v", out.Why)
		}
		f, draft := r.plan(), r.plan()
		for status, n := range map[plan.TaskStatus]int{plan.InProgress: 2, plan.Blocked: 1, plan.ReadyForReview: 3, plan.Completed: 1, plan.Archived: 1} {
			for range n {
				r.reach(f, status)
			}
		}
		held := r.taskOf(f, 5, "testing")
		r.task(f, "waits", held)
		r.task(f, "waits too", held)
		r.do("ann", plan.Claim, held)
		r.task(draft, "in a draft")
		ok[tracker.SavedFeature](t)(r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: draft.String(), Status: ptr("draft")}))
		for _, c := range []struct {
			in   tracker.Next
			want plan.Unready
		}{
			{tracker.Next{}, plan.Unready{Held: 3, Waiting: 2, Blocked: 1, InReview: 3, Inactive: 1}},
			{tracker.Next{Claim: true}, plan.Unready{Held: 3, Waiting: 2, Blocked: 1, InReview: 3, Inactive: 1}},
			{tracker.Next{AgentType: "frontend"}, plan.Unready{Held: 2, Waiting: 2, Blocked: 1, InReview: 3, Inactive: 1}},
			{tracker.Next{Epic: "E02"}, plan.Unready{Inactive: 1}},
			{tracker.Next{Epic: "E01", Not: []string{held.String()}}, plan.Unready{Held: 2, Waiting: 2, Blocked: 1, InReview: 3}},
		} {
			if out := ok[tracker.NextTask](t)(r.Next(as("ann"), c.in)); out.Why == nil || *out.Why != c.want {
				t.Errorf("%+v: the reason is %+v, want %+v", c.in, out.Why, c.want)
			}
		}
	})
}

func TestDependenciesMakeReady(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		a := r.taskOf(f, 10, "")
		b := r.task(f, "waits", a)
		_, err := r.Claim(as("ann"), claimOf(b))
		refused(t, err, "not_ready", a.String())
		_, err = r.Start(as("ann"), change(b, 0))
		refused(t, err, "not_ready", a.String())
		if got := r.next(tracker.Next{}); got != a.String() {
			t.Errorf("next is %q, want %s", got, a)
		}
		r.do("ann", plan.Claim, a)
		r.do("ann", plan.Complete, a)
		if got := r.next(tracker.Next{Claim: true}); got != b.String() {
			t.Errorf("next is %q, want %s", got, b)
		}
	})
}

// next gave a task whose lease had run out, while the list, the status and the
// briefing said that there was none.
func TestAllAgreeOnWhatIsReady(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		gone, waits, kept := r.task(f, "its holder is gone"), r.task(f, "waits now"), r.task(f, "held")
		under := r.task(r.plan(), "in a draft")
		blocker := r.task(f, "the blocker")
		for _, k := range []plan.Key{gone, waits, kept, under, blocker} {
			r.do("bob", plan.Claim, k)
		}
		ok[tracker.Changed](t)(r.depend(waits, blocker))
		ok[tracker.SavedFeature](t)(r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: under.FeatureKey().String(), Status: ptr("draft")}))
		for _, k := range []plan.Key{gone, waits, under} {
			r.expire(k)
		}
		todo := r.taskOf(f, 9, "")
		for _, want := range []string{gone.String() + " " + todo.String(), todo.String()} {
			n := len(strings.Fields(want))
			for _, in := range []tracker.ListTasks{{Ready: true}, {Query: "is:ready"}, {Ready: true, Sort: "priority"}, {Ready: true, Sort: "-updated", Limit: ptr(1)}, {Query: "is:ready,blocked", Status: []string{"todo", "in_progress"}}} {
				page := ok[tracker.Page[plan.Task]](t)(r.ListTasks(as("ann"), in))
				var keys []plan.Key
				for _, task := range page.Items {
					keys = append(keys, task.Key)
				}
				if got := strings.Join(names(keys), " "); in.Limit == nil && got != want || len(keys)+page.More != n {
					t.Errorf("%+v lists %s and %d more, want %s", in, got, page.More, want)
				}
			}
			not := ok[tracker.Page[plan.Task]](t)(r.ListTasks(as("ann"), tracker.ListTasks{Query: "-is:ready"}))
			if len(not.Items) != 6-n {
				t.Errorf("%d tasks are not ready, want %d", len(not.Items), 6-n)
			}
			status := ok[tracker.Status](t)(r.Status(as("ann"), tracker.ShowStatus{}))
			if c := status.Counts; c.Ready != n || c.Expired != n-1 || c.Todo != 1 {
				t.Errorf("the status counts %+v, want %d ready", c, n)
			}
			if g := ok[tracker.Gauges](t)(r.Gauges(as("ann"))); g.Counts.Ready != n {
				t.Errorf("the gauges count %+v, want %d ready", g.Counts, n)
			}
			if b := ok[tracker.Briefing](t)(r.Brief(as("ann"))); b.Ready != n {
				t.Errorf("the briefing counts %d ready, want %d", b.Ready, n)
			}
			c := ok[tracker.Context](t)(r.ShowContext(as("ann"), tracker.ShowTask{Key: gone.String()}))
			if claims := slices.Equal(c.NextCommands, []string{"pm claim " + gone.String()}); claims != (n == 2) {
				t.Errorf("the commands for %s are %q", gone, c.NextCommands)
			}
			if got := r.next(tracker.Next{Claim: true}); got != strings.Fields(want)[0] {
				t.Errorf("next gives %s, want the first of %s", got, want)
			}
		}
	})
}
