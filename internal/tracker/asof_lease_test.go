package tracker_test

import (
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// Who held a task at a moment, and under which fence, is told; until when, only if
// the lease has not been renewed since, which leaves no record.
func TestLeasesOfThePast(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.plan()
		kept, renewed, changed, noted, taken, done, trashed := r.task(feature, "kept"), r.task(feature, "renewed"), r.task(feature, "changed"), r.task(feature, "noted"), r.task(feature, "taken"), r.task(feature, "done"), r.task(feature, "trashed")
		all := []plan.Key{kept, renewed, changed, noted, taken, done, trashed}
		until, fence := map[plan.Key]time.Time{}, map[plan.Key]int64{}
		r.do("bob", plan.Claim, taken)
		r.do("bob", plan.Release, taken)
		for _, k := range all {
			held := r.do("ann", plan.Claim, k)
			until[k], fence[k] = *held.LeaseUntil, held.Fence
		}
		at := r.newest()
		for renewal := (time.Time{}); !renewal.After(until[renewed].Add(-plan.DefaultLease)); { // in a later millisecond
			task := ok[tracker.Changed](t)(r.Renew(as("ann"), tracker.Renew{Keys: []string{renewed.String()}, Lease: "2h"})).Items[0]
			renewal = task.LeaseUntil.Add(-2 * time.Hour)
		}
		ok[plan.Note](t)(r.AddNote(as("bob"), tracker.AddNote{Key: noted.String(), Body: "by another does not renew"}))
		ok[tracker.Changed](t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: []string{changed.String()}, Title: ptr("y")}))
		r.do("ann", plan.Complete, done)
		r.expire(taken)
		r.do("bob", plan.Claim, taken)
		if _, err := r.Delete(as("ann"), tracker.Delete{Key: trashed.String(), Force: true}); err != nil {
			t.Fatal(err)
		}
		known := map[plan.Key]bool{kept: true, noted: true, trashed: true}
		for _, k := range all {
			task := ok[plan.Task](t)(r.ShowTask(as("ann"), tracker.ShowTask{Key: k.String(), AsOf: at}))
			if task.Status != plan.InProgress || task.AssignedAgent != "ann" || task.Fence != fence[k] {
				t.Errorf("%s %s, held by %q under fence %d, not %d", task.Title, task.Status, task.AssignedAgent, task.Fence, fence[k])
			}
			switch {
			case known[k] && (task.LeaseUntil == nil || !task.LeaseUntil.Equal(until[k])):
				t.Errorf("%s until %v, not %v", task.Title, task.LeaseUntil, until[k])
			case !known[k] && task.LeaseUntil != nil:
				t.Errorf("%s until %v, which nothing tells", task.Title, task.LeaseUntil)
			}
		}
	})
}
