package tracker_test

import (
	"context"
	"fmt"
	"testing"

	"pm/internal/interchange/form"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// A relation that both ends name is one link; where one of them says more, it is
// that one. A second import finds nothing to change.
func TestRelationsOfBothEnds(t *testing.T) {
	outline := func() *form.Outline {
		o := &form.Outline{Form: "jira"}
		for id, links := range [][]form.Link{{{To: "1", ID: true}}, {{To: "0", ID: true}, {To: "2", ID: true}}, {{As: plan.Duplicates, To: "1", ID: true}}} {
			o.Add(&form.Item{ID: fmt.Sprint(id), Level: plan.LevelTask, File: "a", Line: id + 1, Contents: &form.Contents{Title: fmt.Sprint("task ", id), Links: links}})
		}
		o.Settle(form.Fit{})
		return o
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		pm, ctx := tracker.New(db), plan.WithActor(context.Background(), plan.Actor{Name: "ann", Surface: "cli"})
		if _, err := pm.ImportForm(ctx, tracker.ImportForm{Outline: outline()}); err != nil {
			t.Fatal(err)
		}
		for n, want := range []string{"[{relates T-E01-F01-002 false}]", "[{relates T-E01-F01-001 true} {duplicated-by T-E01-F01-003 true}]", "[{duplicates T-E01-F01-002 false}]"} {
			got, err := pm.ShowTask(ctx, tracker.ShowTask{Key: fmt.Sprintf("T-E01-F01-%03d", n+1)})
			if fmt.Sprint(got.Links) != want || err != nil {
				t.Errorf("%s: %v, not %s: %v", got.Key, got.Links, want, err)
			}
		}
		if again, err := pm.ImportForm(ctx, tracker.ImportForm{Outline: outline(), Update: true}); err != nil || again.Changed.Tasks > 0 || again.Unchanged.Tasks != 3 {
			t.Errorf("again: %+v, %v", again, err)
		}
	})
}

// An item that has more relations than it keeps loses none of those that the other
// end names, too.
func TestRelationsBeyondTheMost(t *testing.T) {
	o := &form.Outline{Form: "jira"}
	var all []form.Link
	for n := range plan.MaxLinks + 1 {
		all = append(all, form.Link{To: fmt.Sprint(n + 1), ID: true})
	}
	for n := range plan.MaxLinks + 2 {
		links := []form.Link{{To: "0", ID: true}}
		if n == 0 {
			links = all
		}
		o.Add(&form.Item{ID: fmt.Sprint(n), Level: plan.LevelTask, File: "a", Line: n + 1, Contents: &form.Contents{Title: fmt.Sprint("task ", n), Links: links}})
	}
	o.Settle(form.Fit{})
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		pm, ctx := tracker.New(db), plan.WithActor(context.Background(), plan.Actor{Name: "ann", Surface: "cli"})
		if _, err := pm.ImportForm(ctx, tracker.ImportForm{Outline: o}); err != nil {
			t.Fatal(err)
		}
		last, err := pm.ShowTask(ctx, tracker.ShowTask{Key: fmt.Sprintf("T-E01-F01-%03d", plan.MaxLinks+2)})
		if fmt.Sprint(last.Links) != "[{relates T-E01-F01-001 false}]" || err != nil {
			t.Errorf("%s: %v, %v", last.Key, last.Links, err)
		}
	})
}
