package tracker_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

func TestCyclesAreRefusedAndPrinted(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		for _, n := range []int{1, 2, 3, 50} {
			keys := r.tasks(f, n)
			for i := 1; i < n; i++ {
				ok[tracker.Changed](t)(r.depend(keys[i-1], keys[i]))
			}
			way := append(names(keys[n-1:]), names(keys)...)
			_, err := r.depend(keys[n-1], keys[0])
			want := ": " + strings.Join(way, " -> ")
			if n == 1 {
				want = "a task cannot depend on itself"
			}
			refused(t, err, "cycle", want)
			if after := r.show(keys[n-1]); after.Version != 1 || len(after.DependsOn) != 0 {
				t.Errorf("after the refusal the task is at version %d and depends on %v", after.Version, after.DependsOn)
			}
		}
	})
}

func TestACycleAmongSeveralAddsNothing(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.tasks(r.plan(), 3)
		ok[tracker.Changed](t)(r.depend(k[1], k[0]))
		_, err := r.depend(k[0], k[2], k[1])
		refused(t, err, "cycle", fmt.Sprintf("%s -> %s -> %s", k[0], k[1], k[0]))
		if after := r.show(k[0]); len(after.DependsOn) != 0 || after.OpenDependencies != 0 || after.Version != 1 {
			t.Errorf("it depends on %v, version %d", after.DependsOn, after.Version)
		}
	})
}

func TestDependenciesGoAcrossEpics(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		a, b := r.task(r.plan(), "a"), r.task(r.plan(), "b")
		got := ok[tracker.Changed](t)(r.depend(a, b)).Items[0]
		if !slices.Equal(got.DependsOn, []plan.Key{b}) || got.OpenDependencies != 1 || got.Version != 2 {
			t.Errorf("got %v, %d open, version %d", got.DependsOn, got.OpenDependencies, got.Version)
		}
		if h := r.log(a)[0]; fmt.Sprint(h.Change["depends_on"]) != fmt.Sprintf("[<nil> [%s]]", b) || h.OldStatus != "todo" || h.NewStatus != "todo" {
			t.Errorf("the record is %+v", h)
		}
		both := ok[tracker.Dependencies](t)(r.ListDependencies(as("ann"), tracker.ListDependencies{Task: b.String()}))
		if len(both.DependsOn) != 0 || len(both.Dependants) != 1 || both.Dependants[0] != (tracker.Linked{Key: a, Title: "a", Status: plan.AnyStatus(plan.Todo)}) {
			t.Errorf("the dependencies of %s are %+v", b, both)
		}
	})
}

func TestAddingADependencyTwiceChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.tasks(r.plan(), 3)
		ok[tracker.Changed](t)(r.depend(k[0], k[1], k[1]))
		if got := ok[tracker.Changed](t)(r.depend(k[0], k[1])).Items[0]; got.Version != 2 || got.OpenDependencies != 1 {
			t.Errorf("version %d, %d open", got.Version, got.OpenDependencies)
		}
		if got := ok[tracker.Changed](t)(r.depend(k[0], k[1], k[2])).Items[0]; got.Version != 3 || got.OpenDependencies != 2 {
			t.Errorf("version %d, %d open", got.Version, got.OpenDependencies)
		}
		if h := r.log(k[0])[0]; fmt.Sprint(h.Change["depends_on"][1]) != fmt.Sprint(k[2:]) {
			t.Errorf("the record of the second is %v", h.Change)
		}
	})
}

func TestRemovingDependencies(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.tasks(r.plan(), 3)
		remove := func(on ...plan.Key) (plan.Task, error) {
			item, err := r.RemoveDependencies(as("ann"), tracker.Depend{Task: k[0].String(), DependsOn: names(on)})
			if err != nil {
				return plan.Task{}, err
			}
			return *item.Task, nil
		}
		ok[tracker.Changed](t)(r.depend(k[0], k[1]))
		_, err := remove(k[1], k[2])
		refused(t, err, "not_found", k[2].String())
		if got := r.show(k[0]); got.OpenDependencies != 1 || len(got.DependsOn) != 1 {
			t.Errorf("a refused removal left %v, %d open", got.DependsOn, got.OpenDependencies)
		}
		if got := ok[plan.Task](t)(remove(k[1])); got.OpenDependencies != 0 || got.DependsOn != nil || got.Version != 3 {
			t.Errorf("after it %v, %d open, version %d", got.DependsOn, got.OpenDependencies, got.Version)
		}
		_, err = remove(k[1])
		refused(t, err, "not_found")
		_, err = remove(plan.MustKey("T-E01-F01-099"))
		refused(t, err, "not_found", "T-E01-F01-099")
		_, err = r.depend(k[0], plan.MustKey("T-E09-F01-001"))
		refused(t, err, "not_found", "T-E09-F01-001")
		_, err = remove()
		refused(t, err, "bad_key")
	})
}

func TestOpenDependenciesStayExact(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.tasks(r.plan(), 4)
		ok[tracker.Changed](t)(r.depend(k[0], k[1:]...))
		open := func(want int, after string) {
			t.Helper()
			if got := r.show(k[0]).OpenDependencies; got != want {
				t.Errorf("after %s %d are open, want %d", after, got, want)
			}
		}
		open(3, "the beginning")
		r.do("ann", plan.Complete, k[1])
		open(2, "complete")
		r.do("ann", plan.Archive, k[1])
		open(2, "archive of what was completed")
		r.do("ann", plan.Reopen, k[1])
		open(3, "reopen")
		r.do("ann", plan.Archive, k[2])
		open(2, "archive")
		r.do("ann", plan.Block, k[1])
		open(2, "block")
		gone := ok[tracker.Deleted](t)(r.delete(k[1], true))
		open(1, "delete --force")
		ok[tracker.Restored](t)(r.restore(gone))
		open(2, "restore")
		ok[tracker.Deleted](t)(r.delete(k[2], true))
		open(2, "delete --force of one that was done")
		ok[tracker.Item](t)(r.RemoveDependencies(as("ann"), tracker.Depend{Task: k[0].String(), DependsOn: names(k[1:2])}))
		open(1, "remove")
	})
}

func TestAnswersOfSeveralTasksAreUpToDate(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.tasks(r.plan(), 2)
		ok[tracker.Changed](t)(r.depend(k[0], k[1]))
		out := ok[tracker.Changed](t)(r.Complete(as("ann"), tracker.Complete{Keys: names(k)}))
		if got := out.Items[0]; got.Key != k[0] || got.OpenDependencies != 0 {
			t.Errorf("%s is answered with %d open dependencies", got.Key, got.OpenDependencies)
		}
	})
}

func TestBulkCreateWithDependencies(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		done, todo := r.reach(f, plan.Completed).Key, r.task(f, "todo")
		draft := func(title string, on ...string) tracker.CreateTask {
			return tracker.CreateTask{Feature: f.String(), Title: title, DependsOn: on}
		}
		out := ok[tracker.Tasks](t)(r.CreateTasks(as("ann"), tracker.CreateTasks{Tasks: []tracker.CreateTask{
			draft("a", todo.String(), done.String(), todo.String()), draft("b", "e01-f01-003"), draft("c")}})).Items
		for i, want := range []struct {
			on   []plan.Key
			open int
		}{{[]plan.Key{done, todo}, 1}, {[]plan.Key{out[0].Key}, 1}, {nil, 0}} {
			for _, got := range []plan.Task{out[i], r.show(out[i].Key)} {
				if !slices.Equal(got.DependsOn, want.on) || got.OpenDependencies != want.open {
					t.Errorf("%s depends on %v, %d open; want %v, %d", got.Key, got.DependsOn, got.OpenDependencies, want.on, want.open)
				}
			}
		}
		_, err := r.CreateTasks(as("ann"), tracker.CreateTasks{Tasks: []tracker.CreateTask{draft("d"), draft("itself", "T-E01-F01-007")}})
		refused(t, err, "not_found", "itself", "T-E01-F01-007")
		if k := r.task(f, "next"); k.Task != 6 {
			t.Errorf("after a refused bulk the next key is %s, want T-E01-F01-006", k)
		}
	})
}

// complete ended a task that was still waiting, without a word.
func TestWhatWaitsIsNotCompleted(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		first := r.task(f, "first")
		other, second := r.task(f, "other"), r.task(f, "second", first)
		reviewed, last := r.task(f, "reviewed"), r.task(f, "last")
		one := func(keys ...plan.Key) tracker.ChangeStatus { return tracker.ChangeStatus{Keys: names(keys)} }
		_, err := r.Complete(as("ann"), completing(one(second)))
		refused(t, err, "not_ready", "cannot complete "+second.String()+": it is waiting for "+first.String())
		if hint := plan.Describe(err).Hint; !strings.Contains(hint, "pm complete "+second.String()+" --force --reason") {
			t.Errorf("the hint is %q", hint)
		}
		if plan.KindOf(err) != plan.Refused || r.show(second).Version != 1 {
			t.Errorf("%v: %+v", err, r.show(second))
		}
		_, err = r.Complete(as("ann"), completing(one(other, second))) // all or none
		refused(t, err, "not_ready", first.String())
		if got := r.show(other); got.Status != plan.Todo {
			t.Errorf("%s is %s", other, got.Status)
		}

		// What came to wait after it was submitted is not approved either.
		r.do("ann", plan.Start, reviewed)
		r.do("ann", plan.Submit, reviewed)
		ok[tracker.Changed](t)(r.depend(reviewed, last))
		_, err = r.Approve(as("rev"), one(reviewed))
		refused(t, err, "not_ready", "cannot approve "+reviewed.String(), last.String())
		_, err = r.Complete(as("rev"), completing(one(reviewed)))
		refused(t, err, "not_ready")

		// Together with what they wait for, in whatever order, and by force.
		done := ok[tracker.Changed](t)(r.Complete(as("ann"), completing(one(last, reviewed)))).Items
		if done[0].Status != plan.Completed || done[1].Status != plan.Completed || done[1].OpenDependencies != 0 {
			t.Errorf("got %+v", done)
		}
		in := one(second)
		in.Force, in.Reason = true, "the first one is not needed"
		if got := ok[tracker.Changed](t)(r.Complete(as("ann"), completing(in))).Items[0]; got.Status != plan.Completed {
			t.Errorf("by force it is %s", got.Status)
		}
	})
}

// What lies in a feature or an epic that waits is not completed or approved before
// what that waits for, except together with it or by force.
func TestWhatWaitsWithItsFeatureIsNotCompleted(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		first := r.plan()
		epic := r.epic("next")
		second := r.feature(epic, "second")
		before, started := r.task(first, "before"), r.task(second, "started")
		alone := r.task(first, "alone")
		one := func(keys ...plan.Key) tracker.ChangeStatus { return tracker.ChangeStatus{Keys: names(keys)} }
		wait := func(k, on plan.Key) {
			ok[tracker.Items](t)(r.AddDependencies(as("ann"), tracker.Depend{Task: k.String(), DependsOn: []string{on.String()}}))
		}
		r.do("ann", plan.Start, started)
		for _, above := range []plan.Key{second, epic} {
			wait(above, first)
			_, err := r.Complete(as("ann"), completing(one(started)))
			refused(t, err, "not_ready", "cannot complete "+started.String()+": "+string(above.Level())+" "+above.String()+" is waiting for "+first.String())
			if r.show(started).Status != plan.InProgress {
				t.Errorf("it is %s", r.show(started).Status)
			}
		}
		out := ok[tracker.Changed](t)(r.Submit(as("ann"), one(started)))
		if len(out.Warnings) != 1 || !strings.Contains(out.Warnings[0].Message, epic.String()+" is waiting for "+first.String()) {
			t.Errorf("submitted with %+v", out.Warnings)
		}
		_, err := r.Approve(as("rev"), one(started))
		refused(t, err, "not_ready", "cannot approve "+started.String())

		// Together with all that its feature, its epic and another task wait for.
		other := r.task(r.feature(epic.EpicKey(), "third"), "other")
		wait(other, first)
		_, err = r.Complete(as("ann"), completing(one(other, alone)))
		refused(t, err, "not_ready", "it is waiting for "+first.String())
		ok[tracker.Changed](t)(r.Complete(as("ann"), completing(one(started, other, before, alone))))
		r.sound("completed together")

		in := one(r.task(second, "forced"))
		wait(second, r.feature(first.EpicKey(), "last"))
		_, err = r.Complete(as("ann"), completing(in))
		refused(t, err, "not_ready")
		in.Force, in.Reason = true, "it is not needed"
		ok[tracker.Changed](t)(r.Complete(as("ann"), completing(in)))
		r.sound("forced")
	})
}

// What many new tasks depend on is read once, in a create and in a plan.
func TestADependencyOfManyIsReadOnce(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		var read atomic.Int32
		r := newRig(t, address, store.Options{Observe: func(s db.Statement) {
			if s.Name == "task.by_key" {
				read.Add(1)
			}
		}})
		f := r.plan()
		first := r.task(f, "first")
		var in tracker.CreateTasks
		var tasks []string
		for i := range 20 {
			in.Tasks = append(in.Tasks, tracker.CreateTask{Feature: f.String(), Title: fmt.Sprint("created ", i), DependsOn: names([]plan.Key{first})})
			tasks = append(tasks, fmt.Sprintf(`{"title":"planned %d","depends_on":["%s"]}`, i, first))
		}
		read.Store(0)
		ok[tracker.Tasks](t)(r.CreateTasks(as("ann"), in))
		if n := read.Load(); n > 1 {
			t.Errorf("to create tasks it is read %d times", n)
		}
		read.Store(0)
		if done := r.apply(`{"epics":[{"title":"New","features":[{"title":"All","tasks":[` + strings.Join(tasks, ",") + `]}]}]}`); len(done.Created) != 22 {
			t.Errorf("it was applied: %s", did(done))
		}
		if n := read.Load(); n > 2 { // once to find it
			t.Errorf("to apply a plan it is read %d times", n)
		}
	})
}
