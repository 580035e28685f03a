package proof

import (
	"strconv"
	"testing"
	"time"

	"pm/internal/store"
	"pm/internal/tracker"
)

// TestUndoKilled kills undos of a change of many tasks with kill -9, at random
// moments. Each time all of it is undone, or nothing.
func TestUndoKilled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		tasks, f, random := w.tasks(t, load(100, 1000)), newFigures(), random(t, 0)
		tr, priority, whole := w.open(t, store.Options{}), 5, time.Hour // the first ends by itself, and tells how long one takes
		for i := range load(6, 100) {
			var operation string
			next := priority%9 + 1
			ctx := tracker.WithOperation(as(t.Context(), "a"), &operation)
			if _, err := tr.UpdateTask(ctx, tracker.UpdateTask{Keys: tasks, Priority: &next}); err != nil {
				t.Fatal(err)
			}
			began, after := time.Now(), whole
			if i > 0 {
				after = time.Duration(random.Int64N(int64(whole + whole/2)))
			}
			if err := w.killAfter(t, after, "undo", operation); err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				whole = time.Since(began)
			}
			switch got := w.strings(t, "select distinct priority from tasks"); {
			case len(got) == 1 && got[0] == strconv.Itoa(priority):
				f.count("undone")
			case len(got) == 1 && got[0] == strconv.Itoa(next):
				f.count("nothing")
				priority = next
			default:
				f.fail(t, "after kill %d the priorities are %v, which were %d and became %d", i, got, priority, next)
				priority = 0
			}
		}
		f.log(t)
		w.clean(t)
	})
}
