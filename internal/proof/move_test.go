package proof

import (
	"strings"
	"testing"
	"time"

	"pm/internal/store"
	"pm/internal/tracker"
)

// TestMoveKilled kills moves of a feature with many tasks with kill -9, at random
// moments. Each time all of it is in the other epic, or nothing is.
func TestMoveKilled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.tasks(t, load(100, 10_000))
		tr, f, random, whole := w.open(t, store.Options{}), newFigures(), random(t, 0), time.Hour // the first ends by itself, and tells how long one takes
		other, err := tr.CreateEpic(as(t.Context(), "a"), tracker.CreateEpic{Title: "other"})
		if err != nil {
			t.Fatal(err)
		}
		from, to := w.strings(t, "select key from epics")[0], other.Key.String()
		for i := range load(4, 40) {
			began, after := time.Now(), whole
			if i > 0 {
				after = time.Duration(random.Int64N(int64(whole + whole/2)))
			}
			feature := w.strings(t, "select key from features")[0]
			if err := w.killAfter(t, after, "move", feature, "--to", to); err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				whole = time.Since(began)
			}
			feature = w.strings(t, "select key from features")[0]
			if astray := w.strings(t, "select key from tasks where key not like 'T-"+feature+"-%'"); len(astray) > 0 {
				f.fail(t, "after kill %d the feature is %s, but there are %v", i, feature, astray)
			}
			f.count(map[bool]string{true: "moved", false: "nothing"}[strings.HasPrefix(feature, to)])
			if strings.HasPrefix(feature, to) {
				from, to = to, from
			}
		}
		f.log(t)
		w.clean(t)
	})
}
