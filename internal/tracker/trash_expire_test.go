package tracker_test

import (
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// inTrash returns the keys of what is in the trash, the last deleted first.
func (r *rig) inTrash() string {
	r.t.Helper()
	var keys []string
	for _, entry := range ok[tracker.Trash](r.t)(r.ListTrash(as("ann"), tracker.ListTrash{})).Items {
		keys = append(keys, entry.Key.String())
	}
	return strings.Join(keys, " ")
}

func (r *rig) setting(name, value string) {
	r.t.Helper()
	ok[tracker.Project](r.t)(r.SetProject(as("ann"), tracker.SetProject{Name: name, Value: value}))
}

// deletedBefore makes all that is in the trash as old.
func (r *rig) deletedBefore(d time.Duration) {
	r.sql("update trash set deleted_at = $1", plan.Stamp(time.Now().Add(-d)))
}

func TestTheTrashKeepsThirtyDays(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		const day = 24 * time.Hour
		keys := r.tasks(r.plan(), 6)
		gone := ok[tracker.Deleted](t)(r.delete(keys[0], true))
		entry := ok[tracker.TrashEntry](t)(r.ShowTrash(as("ann"), tracker.ShowTrash{Key: keys[0].String()}))
		if entry.LeavesAt.Sub(entry.DeletedAt) != 30*day {
			t.Errorf("it leaves the trash at %s, deleted at %s", entry.LeavesAt, entry.DeletedAt)
		}
		in := ok[tracker.Status](t)(r.Status(as("ann"), tracker.ShowStatus{})).Trash
		if in == nil || !in.DeletedAt.Equal(entry.DeletedAt) || !in.LeavesAt.Equal(entry.LeavesAt) {
			t.Errorf("the status says %+v", in)
		}
		r.deletedBefore(29 * day)
		r.delete(keys[1], true)
		if got := r.inTrash(); got != keys[1].String()+" "+gone.Key.String() {
			t.Fatalf("after 29 days the trash has %s", got)
		}

		r.setting("trash_days", "never")
		r.deletedBefore(31 * day)
		r.delete(keys[2], true)
		if got := len(strings.Fields(r.inTrash())); got != 3 {
			t.Fatalf("kept for ever, the trash has %d entries", got)
		}
		r.setting("trash_days", "32")
		r.delete(keys[3], true)
		if got := len(strings.Fields(r.inTrash())); got != 4 {
			t.Fatalf("kept for 32 days, the trash has %d entries", got)
		}
		r.setting("trash_days", "")

		// A clock that went ahead for one call does not empty it.
		r.sql("update operations set at = $1 where id = $2", plan.Stamp(time.Now().Add(-2*day)), r.newest())
		r.deletedBefore(31 * day)
		r.delete(keys[4], true)
		if got := len(strings.Fields(r.inTrash())); got != 5 {
			t.Fatalf("with a clock that went ahead, the trash has %d entries", got)
		}
	})
}

func TestWhatLeavesTheTrash(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		const day = 24 * time.Hour
		keys := r.tasks(r.plan(), 4)
		r.delete(keys[0], true)
		first := r.newest()
		r.deletedBefore(31 * day)
		r.delete(keys[1], true)
		if got := r.inTrash(); got != keys[1].String() {
			t.Fatalf("the trash has %s", got)
		}
		o := ok[tracker.Operations](t)(r.ListOperations(as("ann"), tracker.ListOperations{Limit: ptr(1)})).Items[0]
		if o.Agent != "pm" || o.Command != "trash empty --older 30d" || o.Items != 1 {
			t.Errorf("the last operation is %+v", o)
		}
		r.sound("after it left the trash")

		// It is nobody's last operation, and what is left can be undone.
		if undone := ok[tracker.Undone](t)(r.Undo(as("ann"), tracker.Undo{})).Undone[0]; undone.Command != "item delete "+keys[1].String() {
			t.Errorf("undid %s", undone.Command)
		}
		_, err := r.Undo(as("ann"), tracker.Undo{ID: first})
		if e := plan.Describe(err); e.Code != "cannot_undo" || !strings.Contains(e.Message, "permanently deleted") {
			t.Errorf("undoing the deletion of what has left: %v", err)
		}
		if all := ok[tracker.Undone](t)(r.Undo(as("ann"), tracker.Undo{To: o.ID, DryRun: true})); len(all.Undone) != 1 {
			t.Errorf("undoing back to it takes back %d operations", len(all.Undone))
		}

		// The plan of before lacks it, the plan of since does not.
		for asOf, want := range map[string]int{first: 0, "20d": 0, "32d": 1} {
			var warned []tracker.Warning
			if _, err := r.Status(tracker.WithWarnings(as("ann"), &warned), tracker.ShowStatus{AsOf: asOf}); err != nil {
				t.Fatal(err)
			}
			if len(warned) != want {
				t.Errorf("as of %s: %+v", asOf, warned)
			}
		}
		var warned []tracker.Warning
		if _, err := r.ListTrash(tracker.WithWarnings(as("ann"), &warned), tracker.ListTrash{AsOf: first}); err != nil || len(warned) != 1 {
			t.Errorf("the trash of then: %v, %+v", err, warned)
		}
	})
}

// Whoever has the trash keep more, after a deletion found something old in it and
// before that leaves, is heard.
func TestTheTrashKeepsWhatIsSetByThen(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		const day = 24 * time.Hour
		key := r.tasks(r.plan(), 1)[0]
		r.delete(key, true)
		r.deletedBefore(31 * day)
		for _, kept := range []string{"60", "never", "30"} {
			r.setting("trash_days", kept)
			if _, err := r.Expire(as("ann"), time.Now()); err != nil {
				t.Fatal(err)
			}
			if stays := r.inTrash() != ""; stays != (kept != "30") {
				t.Errorf("with trash_days %s, it stays: %t", kept, stays)
			}
		}
	})
}

// Somebody who deletes one item does not wait until thousands have left.
func TestTheTrashIsEmptiedInParts(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.plan()
		keys := r.tasks(feature, 1)
		for _, k := range r.tasks(feature, 502) {
			r.delete(k, true)
		}
		r.deletedBefore(31 * 24 * time.Hour)
		r.delete(keys[0], true)
		if got := len(strings.Fields(r.inTrash())); got != 3 {
			t.Errorf("after one deletion, %d entries are left, not 3", got)
		}
		if err := r.ExpireTrash(as("ann")); err != nil {
			t.Fatal(err)
		}
		if got := r.inTrash(); got != keys[0].String() {
			t.Errorf("the trash has %s", got)
		}
		r.sound("after all of it")
	})
}
