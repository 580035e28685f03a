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

// The lines of the next items are made while others are stored: together they are
// the same import, with its findings in the order of the items, and one that is
// refused in the middle stores nothing.
func TestItemsAreReadAndStoredTogether(t *testing.T) {
	const items = 400
	outline := func(title func(n int) string) *form.Outline {
		o := &form.Outline{Form: "beads"}
		for n := range items {
			o.Add(&form.Item{ID: fmt.Sprint("bd-", n), Level: plan.LevelTask, Status: plan.Todo, File: "a", Line: n + 1, DependsOn: needs(n),
				Contents: &form.Contents{Title: title(n), Labels: []string{"l"}, Notes: []form.Note{{Agent: "ann", Kind: plan.Comment, Body: "seen"}}}})
		}
		o.Settle(form.Fit{})
		return o
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		pm, ctx := tracker.New(db), plan.WithActor(context.Background(), plan.Actor{Name: "ann", Surface: "cli"})
		good := outline(func(n int) string { return fmt.Sprint("task ", n) })
		last := good.Items[len(good.Items)-1]
		last.File = string(make([]byte, 5000)) // is not what a path may be
		if out, err := pm.ImportForm(ctx, tracker.ImportForm{Outline: good}); err == nil {
			t.Errorf("imported: %v", out.Created)
		}
		if n, err := store.Read(ctx, db, func(tx *store.Tx) (int, error) { return tx.LastEpic() }); err != nil || n > 0 {
			t.Errorf("a refused import leaves %d epics: %v", n, err)
		}
		last.File = "a"
		out, err := pm.ImportForm(ctx, tracker.ImportForm{Outline: good})
		if err != nil || out.Created.Tasks != items {
			t.Fatalf("created %v: %v", out.Created, err)
		}
		report, err := pm.Doctor(ctx, tracker.Doctor{})
		if err != nil || len(report.Findings) > 0 {
			t.Errorf("doctor: %v, %v", report, err)
		}
	})
}

// needs says what an item of the outline depends on.
func needs(n int) []string {
	if n%3 != 2 {
		return nil
	}
	return []string{fmt.Sprint("bd-", n-1)}
}
