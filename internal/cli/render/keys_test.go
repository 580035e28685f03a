package render

import (
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

func TestKeys(t *testing.T) {
	one, epic := held(), cards()
	for _, test := range []struct {
		answer any
		want   string
	}{
		{epic, "E01"},
		{invoices(), "E01-F02"},
		{one, "T-E01-F01-001"},
		{notes()[0], "T-E01-F01-001"},
		{tracker.Item{Epic: &epic}, "E01"},
		{tracker.Item{}, ""},
		{whole(), "T-E01-F01-001"},
		{gone(), "E01-F02"},
		{tracker.Page[plan.Epic]{Items: []plan.Epic{epic}}, "E01"},
		{tracker.Page[plan.Feature]{Items: []plan.Feature{invoices()}}, "E01-F02"},
		{tracker.Page[plan.Task]{Items: []plan.Task{one, waiting()}, More: 9}, "T-E01-F01-001 T-E01-F01-002"},
		{tracker.Page[plan.History]{Items: records()}, "T-E01-F01-001 T-E01-F01-003 T-E01-F01-009 E01"},
		{tracker.Tasks{Items: []plan.Task{one}}, "T-E01-F01-001"},
		{tracker.Changed{Items: []plan.Task{waiting(), one}}, "T-E01-F01-002 T-E01-F01-001"},
		{tracker.NextTask{Task: &one}, "T-E01-F01-001"},
		{tracker.NextTask{}, ""},
		{tracker.Dependencies{Task: one.Key, DependsOn: links()[1:], Dependants: links()[:1]}, "T-E01-F01-003 T-E02-F01-001"},
		{tracker.Notes{Items: notes()}, "T-E01-F01-001"},
		{nested(), "E01 E01-F01 T-E01-F01-001 T-E01-F01-002 E01-F02 T-E01-F01-003 E02"},
		{dashboard(), ""},
		{report(), ""},
	} {
		var b strings.Builder
		if err := Keys(&b, test.answer); err != nil {
			t.Fatal(err)
		}
		want := ""
		if test.want != "" {
			want = strings.ReplaceAll(test.want, " ", "\n") + "\n"
		}
		if b.String() != want {
			t.Errorf("%T: %q, want %q", test.answer, b.String(), want)
		}
	}
}
