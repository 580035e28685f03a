package db

import (
	"testing"
	"time"
)

// FuzzStamp compares readStamp with package time.
func FuzzStamp(f *testing.F) {
	for _, s := range []string{"2026-11-23T08:30:00.123Z", "2024-02-29T23:59:59.999Z", "2026-02-30T00:00:00.000Z", "2026-13-01T00:00:00.000Z",
		"2026-11-23T24:00:00.000Z", "2026-11-23T08:60:00.000Z", "2026-11-23T08:30:60.000Z", "0000-00-00T00:00:00.000Z", "0001-01-01T00:00:00.000Z",
		"2026-11-23T08:30:00Z", "2026-11-23 08:30:00.123Z", "2026-11-23T08:30:00,123Z", "", "2026-11-23T08:30:00.12éZ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := readStamp(s)
		want, err := time.Parse(stampFormat, s)
		// A comma before the fraction is taken by package time; pm writes none.
		if accepted := err == nil && want.Format(stampFormat) == s; ok != accepted {
			t.Fatalf("%q: read %v, package time says %v", s, ok, err)
		}
		if ok && !got.Equal(want) {
			t.Fatalf("%q: %v, package time says %v", s, got, want)
		}
	})
}
