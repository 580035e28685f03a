package tracker_test

import (
	"slices"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// A view is saved with the project, lists what its query asks for, and goes with
// an export; one that comes with pm can be replaced, and comes back.
func TestViews(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.feature(r.epic("Payments"), "Cards")
		keys := r.tasks(f, 4)
		r.do("bob", plan.Claim, keys[1])
		ok[tracker.Changed](t)(r.verb("ann", plan.Block, tracker.ChangeStatus{Keys: []string{keys[2].String()}, Reason: "no access"}))
		list := func(q string) string {
			t.Helper()
			var out []string
			for _, task := range ok[tracker.Page[plan.Task]](t)(r.ListTasks(as("bob"), tracker.ListTasks{Query: q})).Items {
				out = append(out, strings.TrimPrefix(task.Key.String(), "T-E01-F01-00"))
			}
			return strings.Join(out, " ")
		}
		v := ok[plan.View](t)(r.SaveView(as("ann"), tracker.SaveView{Name: "@Work", Query: " is:open -is:blocked sort:-key ", Columns: []string{"key", "Agent", "title"}}))
		if v.Name != "work" || v.Query != "is:open -is:blocked sort:-key" || !slices.Equal(v.Columns, []string{"key", "assigned_agent", "title"}) || v.BuiltIn {
			t.Errorf("saved is %+v", v)
		}
		for q, want := range map[string]string{
			"@work": "4 2 1", "@work sort:key": "1 2 4", "@work -@mine": "4 1", "@mine": "2", "@stuck": "3", "@ready": "1 4", "@review": "", "@overdue": "", "@recent is:held": "2",
			"@stuck or @mine sort:key": "2 3",
		} {
			if got := list(q); got != want {
				t.Errorf("%s lists %q, want %q", q, got, want)
			}
		}
		if n := ok[tracker.Counted](t)(r.CountTasks(as("bob"), tracker.CountTasks{Query: "@work"})).Count; n != 3 {
			t.Errorf("@work counts %d", n)
		}
		ok[plan.View](t)(r.SaveView(as("ann"), tracker.SaveView{Name: "work", Query: "@stuck"}))
		all := ok[tracker.Views](t)(r.ListViews(as("ann"), tracker.ListViews{})).Items
		if len(all) != len(plan.BuiltInViews())+1 || all[len(all)-1].Query != "@stuck" || list("@work") != "3" {
			t.Errorf("the views are %+v", all)
		}
		for want, in := range map[string]tracker.SaveView{
			"bad_view": {Name: "E01", Query: "is:open"}, "bad_query": {Name: "x", Query: "statsu:todo"},
		} {
			_, err := r.SaveView(as("ann"), in)
			refused(t, err, want)
		}
		for _, in := range []tracker.SaveView{{Name: "x"}, {Name: "x", Query: "is:open", Columns: []string{"colour"}}} {
			_, err := r.SaveView(as("ann"), in)
			refused(t, err, "bad_view")
		}
		_, err := r.DeleteView(as("ann"), tracker.DeleteView{Name: "@ready"})
		refused(t, err, "view_built_in")
		for _, in := range []tracker.SaveView{{Name: "work", Query: "@work"}, {Name: "ready", Query: "is:open @ready"}} {
			_, err := r.SaveView(as("ann"), in)
			refused(t, err, "bad_query")
		}
		ok[plan.View](t)(r.SaveView(as("ann"), tracker.SaveView{Name: "ready", Query: "is:blocked"}))
		if all := ok[tracker.Views](t)(r.ListViews(as("ann"), tracker.ListViews{})).Items; list("@ready") != "3" || len(all) != len(plan.BuiltInViews())+1 {
			t.Errorf("the views are %+v", all)
		}
		if d := ok[tracker.DeletedView](t)(r.DeleteView(as("ann"), tracker.DeleteView{Name: "ready"})); !d.BuiltIn || list("@ready") != "1 4" {
			t.Errorf("deleted is %+v, @ready lists %s", d, list("@ready"))
		}
		ok[tracker.DeletedView](t)(r.DeleteView(as("ann"), tracker.DeleteView{Name: "@work"}))
		_, err = r.DeleteView(as("ann"), tracker.DeleteView{Name: "work"})
		refused(t, err, "not_found")
		_, err = r.ShowView(as("ann"), tracker.ShowView{Name: "work"})
		refused(t, err, "not_found")
		_, err = r.ListTasks(as("ann"), tracker.ListTasks{Query: "@work"})
		refused(t, err, "bad_query")
		ok[plan.View](t)(r.SaveView(as("ann"), tracker.SaveView{Name: "kept", Query: "is:open", Columns: []string{"key"}}))
		if text := string(r.export()); !strings.Contains(text, `"kind":"view","name":"kept"`) {
			t.Error("the export has no view")
		}
	})
}
