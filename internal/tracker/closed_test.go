package tracker_test

import (
	"slices"
	"strings"
	"testing"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tracker"
)

// set gives an epic or a feature a status, and returns the warnings.
func (r *rig) set(k plan.Key, status string) []tracker.Warning {
	r.t.Helper()
	if k.Level() == plan.LevelEpic {
		return ok[tracker.SavedEpic](r.t)(r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: k.String(), Status: &status})).Warnings
	}
	return ok[tracker.SavedFeature](r.t)(r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: k.String(), Status: &status})).Warnings
}

// warned fails the test unless the warnings have these codes, in this order,
// and their messages the words.
func warned(t tb, got []tracker.Warning, codes string, words ...string) {
	t.Helper()
	var has []string
	text := ""
	for _, w := range got {
		has = append(has, w.Code)
		text += w.Message + "; "
		if !strings.Contains(w.Hint, "pm ") {
			t.Errorf("the hint of %q names no command: %q", w.Message, w.Hint)
		}
	}
	if strings.Join(has, " ") != codes {
		t.Fatalf("the warnings are %+v, want %s", got, codes)
	}
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%q does not say %q", text, w)
		}
	}
}

// What depended on an open task of an epic or a feature that was completed or
// archived waited for ever, and nothing said so.
func TestNobodyWaitsForWhatIsClosed(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		first, second := r.task(f, "first"), r.task(f, "second")
		inside := r.task(f, "depends on one beside it", first)
		waits := r.task(r.plan(), "depends on both", first, second)
		list := func() []tracker.Linked {
			return ok[tracker.Dependencies](t)(r.ListDependencies(as("ann"), tracker.ListDependencies{Task: waits.String()})).DependsOn
		}
		for _, parent := range []plan.Key{f, f.EpicKey()} {
			for _, status := range []string{"completed", "archived"} {
				w := r.set(parent, status)
				warned(t, w, "open_tasks released", parent.String()+" is "+status+": 3 tasks in it stay open", waits.String()+" no longer waits for open tasks in "+parent.String())
				if got := r.show(waits); got.OpenDependencies != 0 || r.next(tracker.Next{}) != waits.String() {
					t.Errorf("%s waits for %d, next gives %q", waits, got.OpenDependencies, r.next(tracker.Next{}))
				}
				for _, l := range list() {
					if l.Status != plan.AnyStatus(plan.Todo) || l.Outcome != "not waited for: "+string(parent.Level())+" "+parent.String()+" is "+status {
						t.Errorf("dep list says %+v", l)
					}
				}
				// What is done in there meanwhile is counted once.
				in := tracker.ChangeStatus{Keys: names([]plan.Key{second})}
				ok[tracker.Changed](t)(r.Complete(as("ann"), completing(in)))
				in.Reason = "again"
				warned(t, ok[tracker.Changed](t)(r.Reopen(as("ann"), in)).Warnings, "not_offered", second.String())
				warned(t, r.set(parent, "active"), "waiting_again", waits.String())
				if got := r.show(waits); got.OpenDependencies != 2 || r.show(inside).OpenDependencies != 1 {
					t.Errorf("active again, %s waits for %d", waits, got.OpenDependencies)
				}
				if got := list(); slices.ContainsFunc(got, func(l tracker.Linked) bool { return l.Outcome != "" }) {
					t.Errorf("active again, dep list says %+v", got)
				}
			}
		}
		// Nested: the second to be closed releases nobody any more.
		warned(t, r.set(f, "completed"), "open_tasks released")
		warned(t, r.set(f.EpicKey(), "archived"), "open_tasks")
		warned(t, r.set(f, "active"), "not_offered", f.String(), f.EpicKey().String())
		warned(t, r.set(f.EpicKey(), "draft"), "waiting_again")
		if got := r.show(waits); got.OpenDependencies != 2 {
			t.Errorf("in a draft, %s waits for %d", waits, got.OpenDependencies)
		}
		if flaws := ok[[]store.OpenDrift](t)(store.Read(t.Context(), r.DB(), (*store.Tx).OpenDrifts)); len(flaws) > 0 {
			t.Errorf("the numbers kept are wrong: %v", flaws)
		}
	})
}

// Who waits for a whole feature or epic no longer does once that, or the epic
// above, is closed, and does not do so once more when its last task is done.
func TestWhatIsClosedIsOverOnlyOnce(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		for _, closes := range []func(f plan.Key){
			func(f plan.Key) {
				ok[tracker.SavedEpic](t)(r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: f.EpicKey().String(), Status: ptr("completed")}))
			},
			func(f plan.Key) {
				ok[tracker.SavedFeature](t)(r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: f.String(), Status: ptr("archived")}))
			},
		} {
			f, other := r.plan(), r.plan()
			last, waits := r.task(f, "last"), r.task(other, "waits", r.task(other, "open"), f)
			ok[tracker.Changed](t)(r.depend(waits, f.EpicKey()))
			closes(f)
			for _, verb := range []plan.Verb{plan.Complete, plan.Reopen, plan.Archive} {
				r.do("ann", verb, last)
				r.sound(string(verb))
			}
		}
	})
}

// Work that was made under what is closed was never offered, without a word.
func TestWorkUnderWhatIsClosedIsWarnedOf(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		old := r.task(f, "old")
		r.set(f.EpicKey(), "archived")
		create := tracker.CreateTask{Feature: f.String(), Title: "late"}
		late := ok[tracker.Changed](t)(r.AddTask(tracker.WithIdempotencyKey(as("ann"), "k"), create))
		again := ok[tracker.Changed](t)(r.AddTask(tracker.WithIdempotencyKey(as("ann"), "k"), create))
		for _, out := range []tracker.Changed{late, again} {
			warned(t, out.Warnings, "not_offered", out.Items[0].Key.String()+" is not offered as work: epic "+f.EpicKey().String()+" is archived")
			if len(out.NextCommands) > 0 {
				t.Errorf("what comes next is %q", out.NextCommands)
			}
		}
		many := ok[tracker.Tasks](t)(r.CreateTasks(as("ann"), tracker.CreateTasks{Tasks: []tracker.CreateTask{create, create}}))
		warned(t, many.Warnings, "not_offered", "T-E01-F01-003, T-E01-F01-004 are not offered")
		warned(t, ok[tracker.SavedFeature](t)(r.CreateFeature(as("ann"), tracker.CreateFeature{Epic: "E01", Title: "late"})).Warnings, "not_offered", "tasks in E01-F02")
		item := ok[tracker.Item](t)(r.Show(as("ann"), tracker.Show{Key: old.String()}))
		if c := ok[tracker.Context](t)(r.ShowContext(as("ann"), tracker.ShowTask{Key: old.String()})); item.NotOffered != "epic E01 is archived" || c.NotOffered != item.NotOffered || len(c.NextCommands) > 0 {
			t.Errorf("show says %q, the context %q, then %q", item.NotOffered, c.NotOffered, c.NextCommands)
		}

		// Given back in there, it is not offered again.
		r.set(f.EpicKey(), "active")
		r.do("ann", plan.Claim, old)
		r.set(f.EpicKey(), "archived")
		warned(t, ok[tracker.Changed](t)(r.HandOff(as("ann"), tracker.HandOff{Key: old.String(), Body: "half done", Release: true})).Warnings, "not_offered", old.String())

		// Dependencies on it, and on what was archived.
		live := r.task(r.plan(), "live")
		warned(t, ok[tracker.Changed](t)(r.depend(live, old)).Warnings, "not_waited_for", live.String()+" does not wait for "+old.String()+": epic E01 is archived")
		gone := r.task(live.FeatureKey(), "gone")
		r.do("ann", plan.Archive, gone)
		warned(t, ok[tracker.Changed](t)(r.depend(live, gone)).Warnings, "not_waited_for", "it is archived")
		on := tracker.CreateTask{Feature: live.FeatureKey().String(), Title: "new", DependsOn: names([]plan.Key{old, gone})}
		made := ok[tracker.Changed](t)(r.AddTask(as("ann"), on))
		warned(t, made.Warnings, "not_waited_for not_waited_for")
		if made.Items[0].OpenDependencies != 0 {
			t.Errorf("it waits for %d", made.Items[0].OpenDependencies)
		}
		done := r.task(live.FeatureKey(), "done")
		r.do("ann", plan.Complete, done)
		warned(t, ok[tracker.Changed](t)(r.depend(live, done)).Warnings, "")

		// Out of the trash, and from a file.
		gone2 := ok[tracker.Deleted](t)(r.delete(late.Items[0].Key, false))
		warned(t, ok[tracker.Restored](t)(r.restore(gone2)).Warnings, "not_offered", late.Items[0].Key.String())
		feature := ok[tracker.Deleted](t)(r.delete(f, true))
		warned(t, ok[tracker.Restored](t)(r.restore(feature)).Warnings, "not_offered", f.String())
	})
}

func TestWhatIsReleasedByArchivingIsNamed(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.task(f, "first")
		waits := r.task(f, "second", k)
		archive := tracker.Archive{Keys: names([]plan.Key{k})}
		warned(t, ok[tracker.Changed](t)(r.Archive(as("ann"), archive)).Warnings, "released", waits.String()+" no longer waits for "+k.String())
		r.do("ann", plan.Reopen, k)
		r.do("ann", plan.Complete, k)
		warned(t, ok[tracker.Changed](t)(r.Archive(as("ann"), archive)).Warnings, "")

		// What came to wait after it was taken up is submitted with a word.
		r.do("ann", plan.Start, waits)
		r.do("ann", plan.Reopen, k)
		out := ok[tracker.Changed](t)(r.Submit(as("ann"), tracker.ChangeStatus{Keys: names([]plan.Key{waits})}))
		warned(t, out.Warnings, "waiting", k.String())
	})
}

// An export of closed work comes back with what waits for nothing, and says
// how much of it stays open.
func TestImportUnderWhatIsClosed(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.task(f, "first")
		waits := r.task(r.plan(), "second", k)
		r.set(f.EpicKey(), "completed")
		file := r.export()
		ok[tracker.Deleted](t)(r.delete(f.EpicKey(), true))
		ok[tracker.Deleted](t)(r.delete(waits.EpicKey(), true))
		ok[tracker.Trash](t)(r.EmptyTrash(as("ann"), tracker.EmptyTrash{}))
		report := ok[tracker.Imported](t)(r.load(file))
		if got := r.show(waits); got.OpenDependencies != 0 || !slices.Equal(got.DependsOn, []plan.Key{k}) {
			t.Errorf("it is %+v", got)
		}
		at := slices.IndexFunc(report.Findings, func(f interchange.Finding) bool {
			return strings.Contains(f.Message, "epic E01 is completed: 1 task in it stays open and is not offered as work before pm update E01 --status active")
		})
		if at < 0 || report.Findings[at].Severity != interchange.Warning {
			t.Errorf("the findings are %+v", report.Findings)
		}
		warned(t, r.set(f.EpicKey(), "active"), "waiting_again", waits.String())
		if got := r.show(waits); got.OpenDependencies != 1 {
			t.Errorf("active again, it waits for %d", got.OpenDependencies)
		}
	})
}

// While an epic and its feature are closed and opened, others add dependencies
// on what lies in them, take them away, and complete and reopen it: what each
// task waits for is right in the end.
func TestClosingBesideOthers(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f, other := r.plan(), r.plan()
		in, out := r.tasks(f, 6), r.tasks(other, 6)
		for i := range out {
			ok[tracker.Changed](t)(r.depend(out[i], in[i]))
		}
		for round := range 6 {
			together(5, func(who int) {
				var err error
				one := tracker.ChangeStatus{Keys: names(in[round : round+1]), Reason: "again"}
				switch status := []string{"archived", "active", "completed"}[round%3]; who {
				case 0:
					_, err = r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: f.EpicKey().String(), Status: &status})
				case 1:
					status = []string{"completed", "archived", "active", "active"}[round%4]
					_, err = r.UpdateFeature(as("bob"), tracker.UpdateFeature{Key: f.String(), Status: &status})
				case 2:
					_, err = r.depend(out[5-round], in[round], in[(round+1)%6])
				case 3:
					_, err = r.RemoveDependencies(as("ann"), tracker.Depend{Task: out[round].String(), DependsOn: names(in[round : round+1])})
				case 4:
					if _, err = r.Complete(as("bob"), completing(one)); err == nil && round%2 == 0 {
						_, err = r.Reopen(as("bob"), one)
					}
				}
				if err != nil && code(err) != "not_found" {
					t.Errorf("round %d, caller %d: %v", round, who, err)
				}
			})
			if drifts := ok[[]store.OpenDrift](t)(store.Read(t.Context(), r.DB(), (*store.Tx).OpenDrifts)); len(drifts) > 0 {
				t.Fatalf("round %d: %v", round, drifts)
			}
			if flaws := ok[[]store.Flaw](t)(store.Read(t.Context(), r.DB(), (*store.Tx).CountFlaws)); len(flaws) > 0 {
				t.Fatalf("round %d: %v", round, flaws)
			}
		}
	})
}
