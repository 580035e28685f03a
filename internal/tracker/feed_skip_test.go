package tracker_test

import (
	"strings"
	"testing"

	"pm/internal/tracker"
)

// TestSkippingWhatHappened: a feed that only asks whether something has happened
// is told of it once, also of a record that appears behind a newer one.
func TestSkippingWhatHappened(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		lead := as("lead")
		feature := r.plan()
		feed := ok[*tracker.Feed](t)(r.OpenFeed(lead, ""))
		happened := func(want bool, what string) {
			t.Helper()
			if got := ok[bool](t)(feed.Skip(lead)); got != want {
				t.Errorf("%s: something has happened: %v, want %v", what, got, want)
			}
		}
		newest := `(select max(id) from task_history)`
		happened(false, "at first")
		for range 3 {
			r.task(feature, "one")
		}
		happened(true, "after three tasks")
		happened(false, "once more")
		if !strings.HasPrefix(r.address, "postgres") { // where a row's number cannot be set
			r.task(feature, "one")
			r.sql(`update task_history set id = id + 2 where id = ` + newest)
			happened(true, "after a record behind two numbers that are not there")
			happened(false, "while they are not there")
			r.task(feature, "one")
			r.sql(`update task_history set id = id - 2 where id = ` + newest)
			happened(true, "after one of the two came")
			happened(false, "once it was told of")
		}
		r.epic("two")
		happened(true, "after a record of an epic")
		happened(false, "at last")
	})
}
