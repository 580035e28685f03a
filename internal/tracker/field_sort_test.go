package tracker_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// In the order of an own field, the pages of a list are the whole list, and
// what has no value comes last.
func TestListsInTheOrderOfOwnFields(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		ctx := as("ann")
		for _, f := range []tracker.CreateField{{Name: "severity", Type: "choice", Choices: []string{"low", "high", "fatal"}}, {Name: "points", Type: "number"}} {
			ok[plan.CustomField](r.t)(r.CreateField(ctx, f))
		}
		r.apply(`{"epics":[{"title":"E","features":[{"title":"F"}]}]}`)
		severities, points := []string{"", `"high"`, `"low"`, "", `"fatal"`}, []string{"10", "", "-2.5", "9"}
		for i := range 14 {
			fields := plan.Fields{}
			for name, v := range map[string]string{"severity": severities[i%5], "points": points[i%4]} {
				if v != "" {
					fields[name] = plan.FieldValue(v)
				}
			}
			priority := 1 + i%2
			ok[plan.Task](r.t)(r.CreateTask(ctx, tracker.CreateTask{Feature: "E01-F01", Title: "Task", Priority: &priority, Fields: fields}))
		}
		list := func(sort string, limit int) string {
			var keys []string
			for cursor := ""; ; {
				page := ok[tracker.Page[plan.Task]](r.t)(r.ListTasks(ctx, tracker.ListTasks{Query: "priority:1..2 " + sort, Limit: &limit, Cursor: cursor}))
				for _, task := range page.Items {
					keys = append(keys, strconv.Itoa(task.Key.Task))
				}
				if cursor = page.NextCursor; cursor == "" {
					return strings.Join(keys, " ")
				}
			}
		}
		for sort, want := range map[string]string{
			"sort:severity":           "3 8 13 2 7 12 5 10 1 4 6 9 11 14",
			"sort:-field.severity":    "10 5 12 7 2 13 8 3 1 4 6 9 11 14",
			"sort:severity,-points":   "13 8 3 12 7 2 5 10 9 1 4 11 6 14",
			"sort:priority,-severity": "5 7 13 3 1 9 11 10 12 2 8 4 6 14",
		} {
			if got := list(sort, 0); got != want {
				t.Errorf("%s is %s, want %s", sort, got, want)
			}
		}
		var names []string
		for _, name := range []string{"severity", "points", "priority"} {
			names = append(names, name, "-"+name)
		}
		for _, first := range names {
			for _, then := range append(slices.Clone(names), "") {
				if strings.Trim(first, "-") == strings.Trim(then, "-") {
					continue
				}
				sort := "sort:" + strings.Trim(first+","+then, ",")
				if got, want := list(sort, 3), list(sort, 0); got != want {
					t.Errorf("%s: the pages are %s, the whole is %s", sort, got, want)
				}
			}
		}
	})
}

// A task that is restored keeps its value of a field that was deleted meanwhile, and
// is found by it once such a field is declared again; one of which it is no value is
// refused.
func TestAFieldIsDeclaredForWhatIsThere(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		ctx := as("ann")
		severity := tracker.CreateField{Name: "severity", Type: "choice", Choices: []string{"low", "high"}}
		ok[plan.CustomField](t)(r.CreateField(ctx, severity))
		f := r.plan()
		k := r.task(f, "task")
		ok[tracker.Changed](t)(r.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{k.String()}, Fields: plan.Fields{"severity": `"high"`}}))
		ok[tracker.Deleted](t)(r.Delete(ctx, tracker.Delete{Key: k.String()}))
		ok[tracker.DeletedField](t)(r.DeleteField(ctx, tracker.DeleteField{Name: "severity"}))
		ok[tracker.Restored](t)(r.Restore(ctx, tracker.Restore{Key: k.String()}))
		r.healthy()
		if _, err := r.CreateField(ctx, tracker.CreateField{Name: "severity", Type: "number"}); err == nil || plan.KindOf(err) != plan.Refused {
			t.Errorf("a number: %v", err)
		}
		severity.Choices = []string{"none", "low", "high"}
		ok[plan.CustomField](t)(r.CreateField(ctx, severity))
		r.healthy()
		if got := ok[tracker.Page[plan.Task]](t)(r.ListTasks(ctx, tracker.ListTasks{Query: "severity:high"})); len(got.Items) != 1 {
			t.Errorf("severity:high finds %v", got.Items)
		}
	})
}
