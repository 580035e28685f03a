package tracker_test

import (
	"fmt"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// An epic that is due first is among what is due, however many tasks are due
// after it.
func TestReportKeepsWhatIsDueFirst(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.feature(r.epic("One"), "many")
		var batch tracker.CreateTasks
		for i := range 205 {
			batch.Tasks = append(batch.Tasks, tracker.CreateTask{Feature: feature.String(), Title: fmt.Sprint("task ", i), Due: "+5d"})
		}
		ok[tracker.Tasks](t)(r.CreateTasks(as("ann"), batch))
		first := ok[plan.Epic](t)(r.CreateEpic(as("ann"), tracker.CreateEpic{Title: "Soon", Due: "+1d"})).Key
		due := ok[tracker.Report](t)(r.Report(as("ann"), tracker.ShowReport{Since: "1d"})).Due
		if len(due) != 200 || due[0].Key != first {
			t.Errorf("%d are due, the first is %v, not %s", len(due), due[:min(1, len(due))], first)
		}
	})
}
