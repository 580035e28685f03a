package tracker_test

import (
	"slices"
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tracker"
)

// listed returns the keys of the tasks that a query lists.
func (r *rig) listed(query string) []string {
	r.t.Helper()
	page := ok[tracker.Page[plan.Task]](r.t)(r.ListTasks(as("ann"), tracker.ListTasks{Query: query}))
	keys := make([]plan.Key, len(page.Items))
	for i, t := range page.Items {
		keys[i] = t.Key
	}
	return names(keys)
}

// ready is what is ready by all that says so, which must agree.
func (r *rig) ready() (keys []string) {
	r.t.Helper()
	keys = r.listed("is:ready")
	c := ok[tracker.Status](r.t)(r.Status(as("ann"), tracker.ShowStatus{})).Counts
	brief := ok[tracker.Briefing](r.t)(r.Brief(as("ann")))
	if c.Ready != len(keys) || brief.Ready != len(keys) {
		r.t.Errorf("listed as ready: %v, counted %d, told %d", keys, c.Ready, brief.Ready)
	}
	if deferred := r.listed("is:deferred"); c.Deferred != len(deferred) {
		r.t.Errorf("listed as deferred: %v, counted %d", deferred, c.Deferred)
	}
	next := ok[tracker.NextTask](r.t)(r.Next(as("ann"), tracker.Next{}))
	if (next.Task != nil) != (len(keys) > 0) || next.Task != nil && !slices.Contains(keys, next.Task.Key.String()) {
		r.t.Errorf("next gives %+v of %v", next.Task, keys)
	}
	return keys
}

// pass lets the moment pass that a task is deferred until.
func (r *rig) pass(k plan.Key) {
	r.t.Helper()
	r.sql(`update tasks set not_before = '2020-01-01T00:00:00.000Z' where key = $1 and deferred = 1`, k.String())
}

func TestWhatIsDeferredComesInItsTime(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		epic := r.epic("One")
		f, g := r.feature(epic, "own"), r.feature(epic, "all of it")
		own, later, under := r.task(f, "own"), r.task(f, "later"), r.task(g, "under")
		for k, d := range map[plan.Key]string{own: "2999-01-01", later: "2999-06-01"} {
			ok[tracker.Changed](t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: names([]plan.Key{k}), Defer: ptr(d)}))
		}
		ok[tracker.SavedFeature](t)(r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: g.String(), Defer: ptr("2999-03-01")}))
		if got := r.ready(); len(got) > 0 {
			t.Fatalf("%v are ready", got)
		}
		why := ok[tracker.NextTask](t)(r.Next(as("ann"), tracker.Next{Claim: true})).Why
		if why.Deferred != 3 || why.Until != r.show(own).NotBefore {
			t.Errorf("there is none because of %+v", why)
		}
		for _, f := range []tracker.Next{{Feature: f.String()}, {AgentType: "backend"}} {
			if got := ok[tracker.NextTask](t)(r.Next(as("ann"), f)).Why; got.Deferred == 0 || got.Until == "" {
				t.Errorf("%+v: there is none because of %+v", f, got)
			}
		}
		if _, err := r.Claim(as("ann"), claimOf(under)); code(err) != "not_ready" {
			t.Errorf("claimed: %v", err)
		}
		if _, err := r.verb("ann", plan.Start, tracker.ChangeStatus{Keys: names([]plan.Key{own})}); code(err) != "not_ready" {
			t.Errorf("started: %v", err)
		}
		r.sound("before")
		var pages []string
		for cursor, limit := "", 1; ; {
			page := ok[tracker.Page[plan.Task]](t)(r.ListTasks(as("ann"), tracker.ListTasks{Sort: "-defer", Limit: &limit, Cursor: cursor}))
			pages = append(pages, page.Items[0].Key.String())
			if cursor = page.NextCursor; cursor == "" {
				break
			}
		}
		if !slices.Equal(pages, []string{later.String(), under.String(), own.String()}) {
			t.Errorf("in pages %v", pages)
		}
		r.pass(own)
		r.pass(under)
		if got := r.ready(); !slices.Equal(got, []string{own.String(), under.String()}) {
			t.Fatalf("%v are ready", got)
		}
		taken := ok[tracker.NextTask](t)(r.Next(as("ann"), tracker.Next{Claim: true})).Task
		if taken == nil || taken.Key != own {
			t.Fatalf("claimed %+v", taken)
		}
		if r.show(under).Deferred || !r.show(later).Deferred {
			t.Error("what has come is still kept as deferred, or what has not is not")
		}
		if got := r.ready(); !slices.Equal(got, []string{under.String()}) {
			t.Fatalf("%v are ready", got)
		}
		if flaws := ok[[]store.Flaw](t)(store.Read(t.Context(), r.DB(), (*store.Tx).CountFlaws)); len(flaws) > 0 {
			t.Errorf("the counts kept are wrong: %v", flaws)
		}
		ok[tracker.Diagnosis](t)(r.Doctor(as("ann"), tracker.Doctor{Fix: true}))
		if got := r.ready(); len(got) > 0 {
			t.Errorf("doctor has put back until when they are deferred, and %v are ready", got)
		}
		in := claimOf(under)
		in.Force, in.Reason = true, "cannot wait"
		ok[tracker.Changed](t)(r.Claim(as("ann"), in))
	})
}

// A day is one of the project's time zone, also when that changes.
func TestDeferredDaysFollowTheTimeZone(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		ok[tracker.Project](t)(r.SetProject(as("ann"), tracker.SetProject{Name: plan.TimeZone, Value: "Asia/Tokyo"}))
		f := r.plan()
		k := r.task(f, "a day")
		ok[tracker.SavedFeature](t)(r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: f.String(), Defer: ptr("2999-01-02")}))
		ok[tracker.Changed](t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: names([]plan.Key{k}), Defer: ptr("2999-01-01")}))
		if got := r.show(k); got.NotBefore != "2999-01-01T15:00:00.000Z" || got.Defer != "2999-01-01" {
			t.Errorf("%s, until %s", got.Defer, got.NotBefore)
		}
		ok[tracker.Project](t)(r.SetProject(as("ann"), tracker.SetProject{Name: plan.TimeZone, Value: "America/New_York"}))
		if got := r.show(k); got.NotBefore != "2999-01-02T05:00:00.000Z" {
			t.Errorf("until %s", got.NotBefore)
		}
		r.sound("after the change")
	})
}

func TestAssignedTasksAreForOneAgent(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		urgent, bobs, anns := r.taskOf(f, 1, ""), r.taskOf(f, 9, ""), r.taskOf(f, 9, "")
		for k, who := range map[plan.Key]string{bobs: "bob", anns: "ann"} {
			ok[tracker.Changed](t)(r.UpdateTask(as("lead"), tracker.UpdateTask{Keys: names([]plan.Key{k}), Assignee: ptr(who)}))
		}
		if got := r.next(tracker.Next{Claim: true}); got != anns.String() {
			t.Errorf("ann is given %s", got)
		}
		if got := r.next(tracker.Next{Claim: true}); got != urgent.String() {
			t.Errorf("ann is given %s", got)
		}
		out := ok[tracker.NextTask](t)(r.Next(as("ann"), tracker.Next{Claim: true}))
		if out.Task != nil || out.Why.Assigned != 1 {
			t.Errorf("ann is given %+v, %+v", out.Task, out.Why)
		}
		if _, err := r.Claim(as("ann"), claimOf(bobs)); code(err) != "assigned" {
			t.Errorf("claimed: %v", err)
		}
		if _, err := r.verb("ann", plan.Start, tracker.ChangeStatus{Keys: names([]plan.Key{bobs})}); code(err) != "assigned" {
			t.Errorf("started: %v", err)
		}
		in := claimOf(bobs)
		in.TakeOver = true
		if got := ok[tracker.Changed](t)(r.Claim(as("ann"), in)).Items[0]; got.Assignee != "ann" || got.AssignedAgent != "ann" {
			t.Errorf("taken over as %+v", got)
		}
		// A lease that ran out goes to whom it is assigned to, and to no other.
		r.expire(bobs)
		if out := ok[tracker.NextTask](t)(r.Next(as("bob"), tracker.Next{Claim: true})); out.Task != nil {
			t.Errorf("bob is given %s", out.Task.Key)
		}
		if got := r.next(tracker.Next{}); got != bobs.String() {
			t.Errorf("ann is given %s", got)
		}
		r.sound("at the end")
	})
}
