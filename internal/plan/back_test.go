package plan

import (
	"reflect"
	"testing"
	"time"
)

// Every column that records hold can be taken back: a new one must be known to
// TakeBack.
func TestEveryRecordedColumnIsTakenBack(t *testing.T) {
	gone := func(string) string { return "" }
	var task Task
	fillRecorded(reflect.ValueOf(&task).Elem())
	task.Status, task.Resolution, task.CompletedAt = Completed, WontDo, nil
	change := task.Since(Task{})
	for _, c := range task.recorded() {
		if _, is := change[c.name]; !is && c.name != "completed_at" {
			t.Errorf("the test does not set %s", c.name)
		}
	}
	task.TakeBack(History{Change: change}, gone, nil)
	if left := task.Since(Task{}); len(left) > 0 {
		t.Errorf("of a task are left: %v", left)
	}
	var epic Epic
	fillRecorded(reflect.ValueOf(&epic).Elem())
	epic.TakeBack(History{Change: epic.Since(Epic{})}, gone)
	if left := epic.Since(Epic{}); len(left) > 0 {
		t.Errorf("of an epic are left: %v", left)
	}
	var feature Feature
	fillRecorded(reflect.ValueOf(&feature).Elem())
	feature.TakeBack(History{Change: feature.Since(Feature{})}, gone)
	if left := feature.Since(Feature{}); len(left) > 0 {
		t.Errorf("of a feature are left: %v", left)
	}
}

// fillRecorded sets every text, number and time of a struct.
func fillRecorded(v reflect.Value) {
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	for i := range v.NumField() {
		switch f := v.Field(i); {
		case f.Type() == reflect.TypeFor[*time.Time]():
			f.Set(reflect.ValueOf(&at))
		case f.Kind() == reflect.String:
			f.SetString("x")
		case f.CanInt():
			f.SetInt(7)
		}
	}
}
