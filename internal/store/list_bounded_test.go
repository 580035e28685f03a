package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// manyAlike fills a plan with 1,600 tasks that are due, deferred and assigned alike,
// each with two notes and a dependency.
func manyAlike(t *testing.T) (d *store.DB, ran *[]db.Statement) {
	t.Helper()
	d, ran = watchedCrowd(t, storetest.SQLite(t), 0)
	start := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	_, err := store.Write(t.Context(), d, func(tx *store.Tx) (int, error) {
		e := plan.Epic{Key: plan.Key{Epic: 1}, Title: "e", Status: plan.PlanActive, Priority: plan.Low, CreatedAt: start, UpdatedAt: start}
		f := plan.Feature{Key: plan.Key{Epic: 1, Feature: 1}, Title: "f", Status: plan.PlanActive, CreatedAt: start, UpdatedAt: start}
		if err := tx.PutEpic(&e); err != nil {
			return 0, err
		}
		if err := tx.PutFeature(&f); err != nil {
			return 0, err
		}
		bulk := tx.NewBulk()
		for i := range 1_600 {
			k := f.Key.Child(i + 1)
			at := start.Add(time.Duration(i) * time.Second)
			one := plan.Task{Key: k, Title: "t", Status: plan.Todo, Priority: 1, Offered: true, CreatedAt: at, UpdatedAt: at,
				Due: plan.Date(fmt.Sprintf("2027-06-%02d", 1+i%3)), Assignee: []string{"bob", "cyd"}[i%2], Estimate: plan.Estimate(100 * (1 + i%8)),
				NotBefore: "2099-01-01T00:00:00.000Z", Defer: "2099-01-01", Deferred: true}
			if err := bulk.Put(&one); err != nil {
				return 0, err
			}
			for n := range 2 {
				if err := bulk.PutNote(plan.Note{Key: k, N: n + 1, Agent: "a", Kind: plan.Comment, Body: "n", CreatedAt: at}); err != nil {
					return 0, err
				}
			}
		}
		if err := bulk.Flush(); err != nil {
			return 0, err
		}
		for i := 1; i < 1_600; i++ {
			if _, err := tx.AddDependency(store.Edge{Task: f.Key.Child(i + 1), DependsOn: f.Key.Child(i)}); err != nil {
				return 0, err
			}
		}
		return 0, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return d, ran
}

// planOf is the plan of a statement.
func planOf(t *testing.T, d *store.DB, s db.Statement) db.Plan {
	t.Helper()
	p, err := store.Read(t.Context(), d, func(tx *store.Tx) (db.Plan, error) { return tx.Explain(s) })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What another table knows of tasks is read in the order of their keys, up to a page,
// and counted there.
func TestWhatHasNotesIsReadInTheirIndex(t *testing.T) {
	d, ran := manyAlike(t)
	for query, index := range map[string]string{"has:notes": "idx_notes_item_id", "has:dependencies": "idx_task_dependencies_task_id"} {
		for _, sort := range []string{"", " sort:-key"} {
			*ran = nil
			listPage(t, d, parsedFilter(t, query+sort))
			var names []string
			for _, s := range *ran {
				if !strings.HasPrefix(s.Name, "task.") {
					continue
				}
				names = append(names, s.Name)
				if lines := strings.Join(planOf(t, d, s).Lines, "\n"); !strings.Contains(lines, "COVERING INDEX "+index) || strings.Contains(lines, "SCAN tasks") {
					t.Errorf("%s is not read in %s\n%s\n%s", query+sort, index, s.Text, lines)
				}
			}
			if want := []string{"task.list", "task.count"}; !slices.Equal(names, want) {
				t.Errorf("%s runs %q, want %q", query+sort, names, want)
			}
		}
	}
}

// An order by what is filtered by begins with the first that matches.
func TestAnOrderBeginsWhereTheFilterDoes(t *testing.T) {
	d, ran := manyAlike(t)
	for query, bound := range map[string]string{
		"estimate:>4 sort:estimate": "(estimate>? AND estimate<?)", "due:..2027-06-02 sort:-due": "due<?)", "due:2027-06-03 sort:due": "due>? AND due<?)", "is:deferred sort:defer": "(deferred=? AND not_before>?)",
	} {
		*ran = nil
		listPage(t, d, parsedFilter(t, query))
		i := slices.IndexFunc(*ran, func(s db.Statement) bool { return s.Name == "task.list" })
		if lines := strings.Join(planOf(t, d, (*ran)[i]).Lines, "\n"); !strings.Contains(lines, bound) {
			t.Errorf("%s reads what does not match first\n%s\n%s", query, (*ran)[i].Text, lines)
		}
	}
}

// A walk looks at the rows of those only that pass what is known without: what its
// index holds, and what is found by the id.
func TestAWalkTestsTheIndexFirst(t *testing.T) {
	d, ran := watchedCrowd(t, storetest.SQLite(t), 5_000)
	listPage(t, d, parsedFilter(t, "-type:docs priority:<=9 -has:due sort:-updated"))
	i := slices.IndexFunc(*ran, func(s db.Statement) bool {
		return s.Name == "task.list" && strings.Contains(s.Text, "idx_tasks_status_updated_at")
	})
	if i < 0 {
		t.Fatal("nothing was walked")
	}
	if lines := planOf(t, d, (*ran)[i]).Lines; !slices.ContainsFunc(lines, func(line string) bool { return strings.Contains(line, "COVERING INDEX idx_tasks_status_updated_at") }) {
		t.Errorf("the walk reads rows: %s\n%s", (*ran)[i].Text, strings.Join(lines, "\n"))
	}
}
