package tracker_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"pm/internal/db"
	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// What a task waits for is stored with its row where the file has it before the
// task, and is added to the row only where it comes later, or lies under a parent
// that was there before.
func TestWaitingIsStoredWithTheRow(t *testing.T) {
	feature := func(n int, s plan.PlanStatus) interchange.FeatureRecord {
		k := plan.Key{Epic: 1, Feature: n}
		return interchange.NewFeatureRecord(plan.Feature{Key: k, EpicKey: k.EpicKey(), Title: "f", Status: s}, nil, nil)
	}
	task := func(feature, n int, s plan.TaskStatus, on ...plan.Key) interchange.TaskRecord {
		k := plan.Key{Epic: 1, Feature: feature, Task: n}
		return interchange.NewTaskRecord(plan.Task{Key: k, FeatureKey: k.FeatureKey(), EpicKey: k.EpicKey(), Title: "t", Status: s, Priority: 5, DependsOn: on}, nil, nil)
	}
	key := func(feature, n int) plan.Key { return plan.Key{Epic: 1, Feature: feature, Task: n} }
	storetest.EachAddress(t, func(t *testing.T, address string) {
		added := int64(0)
		r := newRig(t, address, store.Options{NormalDurability: true, Observe: func(s db.Statement) {
			if s.Name == "task.add_open_to_each" {
				added += s.Rows
			}
		}})
		load := func(lines ...any) {
			t.Helper()
			var file bytes.Buffer
			out := interchange.NewLineWriter(&file)
			for _, line := range lines {
				if err := out.Write(line); err != nil {
					t.Fatal(err)
				}
			}
			if err := out.Flush(); err != nil {
				t.Fatal(err)
			}
			source := tracker.Source{Name: "plan.jsonl", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(file.Bytes())), nil }}
			if _, err := r.ImportLines(as("ann"), tracker.ImportLines{Source: source}); err != nil {
				t.Fatal(err)
			}
		}
		check := func(rows int64, want map[plan.Key]int) {
			t.Helper()
			for k, n := range want {
				if got := r.show(k); got.OpenDependencies != n {
					t.Errorf("%s waits for %d, not %d", k, got.OpenDependencies, n)
				}
			}
			if added != rows {
				t.Errorf("%d rows were written twice, not %d", added, rows)
			}
			if report, err := r.Doctor(as("ann"), tracker.Doctor{}); err != nil || len(report.Findings) > 0 {
				t.Errorf("doctor: %v, %v", fmt.Sprint(report.Findings), err)
			}
		}
		load(interchange.NewEpicRecord(plan.Epic{Key: plan.Key{Epic: 1}, Title: "e", Status: plan.PlanActive, Priority: plan.Medium}, nil, nil),
			feature(1, plan.PlanActive), task(1, 1, plan.Todo), task(1, 2, plan.Archived), task(1, 3, plan.Todo, key(1, 1), key(1, 2), key(1, 1)),
			task(1, 4, plan.Todo, key(1, 1), key(1, 5)), task(1, 5, plan.Todo),
			feature(2, plan.PlanArchived), task(2, 1, plan.Todo), feature(3, plan.PlanActive), task(3, 1, plan.Todo, key(1, 1), key(2, 1)))
		check(1, map[plan.Key]int{key(1, 3): 1, key(1, 4): 2, key(3, 1): 1})
		load(task(3, 2, plan.Todo, key(1, 1)), task(3, 3, plan.Todo, key(3, 2), key(2, 1)))
		check(3, map[plan.Key]int{key(3, 2): 1, key(3, 3): 1})
	})
}
