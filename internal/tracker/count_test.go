package tracker_test

import (
	"fmt"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// Tasks are counted exactly, together and by each field; labels count where they
// are inherited, too.
func TestCountingTasks(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		e := r.epic("Payments")
		f, other := r.feature(e, "Cards"), r.feature(r.epic("Shipping"), "Parcels")
		for i, priority := range []int{5, 1, 10, 5, 1} {
			r.taskOf(f, priority, []string{"", "backend"}[i%2])
		}
		r.taskOf(other, 5, "docs")
		r.do("bob", plan.Claim, f.Child(4))
		r.do("ann", plan.Archive, f.Child(3))
		ok[tracker.Items](t)(r.AddLabels(as("ann"), tracker.Label{Keys: []string{f.String(), other.Child(1).String()}, Labels: []string{"Q3"}}))
		ok[tracker.Items](t)(r.AddLabels(as("ann"), tracker.Label{Keys: []string{f.Child(1).String(), e.String()}, Labels: []string{"q3", "ui"}}))
		for _, field := range []tracker.CreateField{{Name: "severity", Type: "choice", Choices: []string{"low", "high"}}, {Name: "points", Type: "number"}, {Name: "customer", Type: "text"}} {
			ok[plan.CustomField](t)(r.CreateField(as("ann"), field))
		}
		for i, fields := range []plan.Fields{{"severity": `"high"`, "points": "10", "customer": `"Acme"`}, {"severity": `"low"`, "points": "9.5", "customer": `"acme"`}, {"severity": `"high"`, "points": "-1"}} {
			assignee := []string{"ann", "bob", "bob"}[i]
			ok[tracker.Changed](t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: []string{f.Child([]int{1, 2, 5}[i]).String()}, Fields: fields, Assignee: &assignee}))
		}
		for _, c := range []struct {
			in   tracker.CountTasks
			want string
		}{
			{tracker.CountTasks{Group: "assignee"}, "6:  3, bob 2, ann 1"},
			{tracker.CountTasks{Group: "resolution"}, "6:  5, wont_do 1"},
			{tracker.CountTasks{Group: "severity"}, "6: low 1, high 2,  3"},
			{tracker.CountTasks{Group: "field.Severity", Query: "points:>0"}, "2: low 1, high 1"},
			{tracker.CountTasks{Group: "points"}, "6: -1 1, 9.5 1, 10 1,  3"},
			{tracker.CountTasks{Group: "customer", Query: "has:customer"}, "2: Acme 2"},
			{tracker.CountTasks{Group: "agent_type", Query: "-type:docs"}, "5:  3, backend 2"},
			{tracker.CountTasks{}, "6"},
			{tracker.CountTasks{Query: "status:todo"}, "4"},
			{tracker.CountTasks{Query: "priority:5 or type:backend", Status: []string{"todo"}}, "3"},
			{tracker.CountTasks{Query: "held-by:me"}, "0"},
			{tracker.CountTasks{Group: "status"}, "6: todo 4, in_progress 1, archived 1"},
			{tracker.CountTasks{Group: "epic"}, "6: E01 Payments 5, E02 Shipping 1"},
			{tracker.CountTasks{Group: "epic", Status: []string{"archived", "in_progress"}}, "2: E01 Payments 2"},
			{tracker.CountTasks{Group: "feature", Query: "-is:done"}, "5: E01-F01 Cards 4, E02-F01 Parcels 1"},
			{tracker.CountTasks{Group: "status", Epic: "E02"}, "1: todo 1"},
			{tracker.CountTasks{Group: "type"}, "6:  3, backend 2, docs 1"},
			{tracker.CountTasks{Group: "agent", Query: "has:agent"}, "1: bob 1"},
			{tracker.CountTasks{Group: "kind"}, "6: task 6"},
			{tracker.CountTasks{Group: "priority", Query: "is:open"}, "5: 1 2, 5 3"},
			{tracker.CountTasks{Group: "priority", Limit: ptr(1)}, "6: 1 2 +2"},
			{tracker.CountTasks{Group: "label"}, "6: Q3 6, ui 5"},
			{tracker.CountTasks{Group: "label", Query: "priority:10"}, "1: Q3 1, ui 1"},
			{tracker.CountTasks{Group: "label", Feature: "E02-F01"}, "1: Q3 1"},
		} {
			got := ok[tracker.Counted](t)(r.CountTasks(as("ann"), c.in))
			text := fmt.Sprint(got.Count)
			if c.in.Group != "" {
				var parts []string
				for _, g := range got.Items {
					parts = append(parts, strings.Join(append(strings.Fields(g.Title), fmt.Sprint(g.Count)), " "))
					parts[len(parts)-1] = g.Value + " " + parts[len(parts)-1]
				}
				text += ": " + strings.Join(parts, ", ")
			}
			if got.More > 0 {
				text += fmt.Sprint(" +", got.More)
			}
			if text != c.want {
				t.Errorf("%+v: %s, want %s", c.in, text, c.want)
			}
		}
		for want, in := range map[string]tracker.CountTasks{
			"bad_group": {Group: "title"}, "not_found": {Query: "epic:E09"}, "bad_query": {Query: "(x"}, "bad_limit": {Limit: ptr(-1)},
		} {
			_, err := r.CountTasks(as("ann"), in)
			refused(t, err, want)
		}
	})
}
