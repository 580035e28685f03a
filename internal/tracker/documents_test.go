package tracker_test

import (
	"fmt"
	"strings"
	"testing"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// documents is a plan of one feature with a task of each status; the first
// task depends on all others, on one of them twice.
func documents() *interchange.Documents {
	d := &interchange.Documents{
		Epics:    []interchange.EpicDoc{{Key: plan.MustKey("E05"), Title: "Epic", Status: plan.PlanActive, Priority: plan.High, Path: "E05/epic.md"}},
		Features: []interchange.FeatureDoc{{Key: plan.MustKey("E05-F02"), Title: "Feature", Status: plan.PlanActive, Path: "E05/F02/prd.md"}},
		Files:    8,
	}
	for i, s := range plan.TaskStatuses() {
		k := plan.Key{Epic: 5, Feature: 2, Task: i + 1}
		d.Tasks = append(d.Tasks, interchange.TaskDoc{Key: k, Title: string(s), Status: s, Priority: 5, Path: k.String() + ".md"})
		if i > 0 {
			d.Tasks[0].DependsOn = append(d.Tasks[0].DependsOn, k, k)
		}
	}
	return d
}

func TestDocumentsAreImported(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		empty := string(r.export())
		dry := ok[tracker.Imported](t)(r.ImportDocuments(as("ann"), tracker.ImportDocuments{Documents: documents(), DryRun: true}))
		if dry.Created != (tracker.Sum{Epics: 1, Features: 1, Tasks: 6}) || string(r.export()) != empty {
			t.Errorf("the dry run says %+v", dry)
		}
		got := ok[tracker.Imported](t)(r.ImportDocuments(as("ann"), tracker.ImportDocuments{Documents: documents()}))
		if got.Created != dry.Created || got.Files != 8 {
			t.Errorf("the import says %+v", got)
		}
		for i, s := range plan.TaskStatuses() {
			task := r.show(plan.Key{Epic: 5, Feature: 2, Task: i + 1})
			if task.Status != s || task.Version != 1 || !task.Offered {
				t.Errorf("%s is %s at version %d, offered %t", task.Key, task.Status, task.Version, task.Offered)
			}
		}
		if first := r.show(plan.MustKey("T-E05-F02-001")); first.OpenDependencies != 3 || len(first.DependsOn) != 5 {
			t.Errorf("the first depends on %v, %d open", first.DependsOn, first.OpenDependencies)
		}
		f := ok[plan.Feature](t)(r.ShowFeature(as("ann"), tracker.ShowFeature{Key: "E05-F02"}))
		if f.TasksTotal != 5 || f.TasksCompleted != 1 || f.ProgressPct != 20 {
			t.Errorf("the feature counts %d of %d, %v %%", f.TasksCompleted, f.TasksTotal, f.ProgressPct)
		}
		if a, b, c := r.task(f.Key, "x"), r.feature(f.EpicKey, "x"), r.epic("x"); a.Task != 7 || b.Feature != 3 || c.Epic != 6 {
			t.Errorf("the next keys are %s, %s and %s", a, b, c)
		}
		checkChains(t, r.export())
	})
}

func TestASecondImportOfDocumentsKeepsWhatHappenedSince(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		ok[tracker.Imported](t)(r.ImportDocuments(as("ann"), tracker.ImportDocuments{Documents: documents()}))
		k := plan.MustKey("T-E05-F02-004")
		r.do("bob", plan.Approve, k)
		before := string(r.export())
		changed := documents()
		changed.Tasks[3].Title = "changed"
		got := ok[tracker.Imported](t)(r.ImportDocuments(as("ann"), tracker.ImportDocuments{Documents: changed}))
		if got.Unchanged.Tasks != 6 || got.Created != (tracker.Sum{}) || string(r.export()) != before || !strings.Contains(fmt.Sprint(got.Findings), "--update") {
			t.Errorf("a second import says %+v", got)
		}
		got = ok[tracker.Imported](t)(r.ImportDocuments(as("ann"), tracker.ImportDocuments{Documents: changed, Update: true}))
		if task := r.show(k); got.Changed.Tasks != 1 || task.Title != "changed" || task.Status != plan.Completed || task.Version != 3 {
			t.Errorf("with update it says %+v, and the task is %q, %s", got, task.Title, task.Status)
		}
	})
}

func TestDocumentsThatDependOnEachOther(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "there before")
		d := documents()
		d.Tasks[1].DependsOn = []plan.Key{d.Tasks[0].Key}
		d.Tasks[2].UnknownDependsOn = []plan.Key{k, plan.MustKey("T-E09-F01-001")}
		got := ok[tracker.Imported](t)(r.ImportDocuments(as("ann"), tracker.ImportDocuments{Documents: d}))
		if !strings.Contains(fmt.Sprint(got.Findings), "dependency cycle: T-E05-F02-001 -> T-E05-F02-002 -> T-E05-F02-001;") {
			t.Errorf("the findings are %v", got.Findings)
		}
		if task := r.show(d.Tasks[2].Key); len(task.DependsOn) != 1 || task.OpenDependencies != 1 {
			t.Errorf("it depends on %v, %d open", task.DependsOn, task.OpenDependencies)
		}
		d = documents()
		d.Tasks[2].Title = "a\nb"
		_, err := r.ImportDocuments(as("ann"), tracker.ImportDocuments{Documents: d})
		refused(t, err, "bad_title", d.Tasks[2].Path)
	})
}

// What a document depends on and pm cannot hold must not make ready work.
func TestDocumentsWithDependenciesThatCannotBeHeld(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		d := documents()
		d.Tasks = d.Tasks[:1]
		d.Tasks[0].DependsOn = nil
		d.Tasks[0].UnknownDependsOn = []plan.Key{plan.MustKey("T-E09-F01-001")}
		for n := 2; n < 4; n++ {
			d.Tasks = append(d.Tasks, interchange.TaskDoc{Key: plan.Key{Epic: 5, Feature: 2, Task: n}, Title: "circle", Status: plan.Todo, Priority: 5, Path: fmt.Sprint(n),
				DependsOn: []plan.Key{{Epic: 5, Feature: 2, Task: 5 - n}}})
		}
		got := ok[tracker.Imported](t)(r.ImportDocuments(as("ann"), tracker.ImportDocuments{Documents: d}))
		first := r.show(d.Tasks[0].Key)
		if first.Status != plan.Blocked || first.BlockedReason != "depends on T-E09-F01-001, which is not in the plan" {
			t.Errorf("what depends on nothing known is %s, %q", first.Status, first.BlockedReason)
		}
		held := 0
		for _, doc := range d.Tasks[1:] {
			if task := r.show(doc.Key); task.Status == plan.Blocked && strings.HasSuffix(task.BlockedReason, ", in a cycle") {
				held++
			} else if task.OpenDependencies == 0 {
				t.Errorf("%s is ready", doc.Key)
			}
		}
		if held != 1 {
			t.Errorf("%d of the circle are blocked; findings %v", held, got.Findings)
		}
	})
}

// A file whose name is the key of another one keeps the number that it got,
// however the files around it and the plan change.
func TestRenumberedDocumentsStayTheSame(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		doc := func(n, named int, title, path string) interchange.TaskDoc {
			d := interchange.TaskDoc{Key: plan.Key{Epic: 5, Feature: 2, Task: n}, Title: title, Status: plan.Todo, Priority: 5, Path: path}
			if named > 0 {
				d.Named, d.Owner = plan.Key{Epic: 5, Feature: 2, Task: named}, "a/T2.md"
			}
			return d
		}
		plain := documents()
		load := func(tasks ...interchange.TaskDoc) (created int, titles string) {
			t.Helper()
			plain.Tasks = tasks
			dry := ok[tracker.Imported](t)(r.ImportDocuments(as("ann"), tracker.ImportDocuments{Documents: plain, DryRun: true}))
			got := ok[tracker.Imported](t)(r.ImportDocuments(as("ann"), tracker.ImportDocuments{Documents: plain}))
			if got.DryRun = true; fmt.Sprint(dry) != fmt.Sprint(got) {
				t.Errorf("the dry run says\n%+v, the import\n%+v", dry, got)
			}
			for n := 1; n < 12; n++ {
				if item, err := r.ShowTask(as("ann"), tracker.ShowTask{Key: plan.Key{Epic: 5, Feature: 2, Task: n}.String()}); err == nil {
					titles += fmt.Sprintf(" %d:%s", n, item.Title)
				}
			}
			return got.Created.Tasks, titles
		}
		check := func(what string, created int, titles string, wantCreated int, want string) {
			t.Helper()
			if created != wantCreated || titles != want {
				t.Errorf("%s: created %d, there is%s; want %d,%s", what, created, titles, wantCreated, want)
			}
		}
		depends := doc(4, 0, "depends", "a/T4.md")
		depends.DependsOn = []plan.Key{{Epic: 5, Feature: 2, Task: 5}}
		c, s := load(doc(2, 0, "owner", "a/T2.md"), depends, doc(5, 2, "second", "b/T2.md"))
		check("first", c, s, 3, " 2:owner 4:depends 5:second")
		if task := r.show(depends.Key); fmt.Sprint(task.DependsOn) != "[T-E05-F02-005]" {
			t.Errorf("it depends on %v", task.DependsOn)
		}
		c, s = load(doc(2, 0, "owner", "a/T2.md"), depends, doc(5, 2, "second", "b/T2.md"))
		check("again", c, s, 0, " 2:owner 4:depends 5:second")

		r.task(plan.MustKey("E05-F02"), "planned") // 6
		c, s = load(doc(2, 0, "owner", "a/T2.md"), depends, doc(5, 2, "second", "b/T2.md"), doc(6, 2, "third", "c/T2.md"))
		check("a third file of that name", c, s, 1, " 2:owner 4:depends 5:second 6:planned 7:third")

		// A file comes that is named by the number that was given.
		c, s = load(doc(2, 0, "owner", "a/T2.md"), doc(5, 0, "named five", "a/T5.md"), doc(6, 2, "second", "b/T2.md"), doc(7, 2, "third", "c/T2.md"))
		check("a file named by the number", c, s, 1, " 2:owner 4:depends 5:second 6:planned 7:third 8:named five")

		// The owner goes, and the second file is alone; the folder is another one.
		c, s = load(doc(2, 0, "second, changed", "plan/b/T2.md"), doc(5, 0, "named five", "plan/a/T5.md"))
		check("without the owner", c, s, 0, " 2:owner 4:depends 5:second 6:planned 7:third 8:named five")
	})
}
