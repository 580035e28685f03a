package tracker

import (
	"reflect"
	"testing"
	"time"

	"pm/internal/plan"
)

func TestAPlaceInAListOfTasks(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, int(123*time.Millisecond), time.UTC)
	for _, place := range []taskPlace{
		{"key", plan.MustKey("T-E01-F02-003"), 5, at, at.Add(time.Hour), "", 0, "", "", "", nil},
		{"-priority,updated", plan.MustKey("T-E99-F02-1234"), 10, at, at, "2026-12-01", 250, "2026-12-01T10:00:00.000Z", "2026-11-28T20:00:00.000Z10000100000100000015", "test", nil},
		{"field.severity,-field.points", plan.MustKey("T-E01-F02-003"), 5, at, at, "", 0, "", "", "", plan.Fields{"severity": `"very high"`, "points": "2.5"}},
		{"", plan.MustKey("T-E01-F01-001"), 1, time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC), at, "2026-12-01T10:00:00.000Z", 0, "", "", "", nil},
	} {
		var read taskPlace
		if err := decodeCursor(encodeCursor(place), &read); err != nil || !reflect.DeepEqual(read, place) {
			t.Errorf("%+v was read as %+v, %v", place, read, err)
		}
	}
	for _, text := range []string{"", "key", "key E01 5 1 2", "key T-E01-F01-001 5 1 2", "key T-E01-F01-001 5 1 2 3", "key T-E01-F01-001 5 1 2 -", "key T-E01-F01-001 5 1 2 - x", "key T-E01-F01-001 x 1 2 -", "key  5 1 2 -",
		"key T-E01-F01-001 5 1 99999999999999999999 -", `{"s":"key"}`} {
		if err := new(taskPlace).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was read as a place", text)
		}
	}
}
