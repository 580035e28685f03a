package plan_test

import (
	"testing"
	"time"

	"pm/internal/plan"
)

func TestDurations(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"90s": 90 * time.Second, "30m": 30 * time.Minute, "30min": 30 * time.Minute, "1h30m": 90 * time.Minute, "250ms": 250 * time.Millisecond,
		"1d": day, "1 d": day, "2hours": 2 * time.Hour, "30 minutes": 30 * time.Minute, "2w": 14 * day, "1.5d": 36 * time.Hour, "1d12h": 36 * time.Hour, "1w1d": 8 * day, "-1d": -day, "0s": 0, "0d": 0, "0": 0,
	} {
		if got, ok := plan.ParseDuration(text); !ok || got != want {
			t.Errorf("%q is %v, %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "-", "1", "d", "1x", "1 x", "soon", "1d2", "..d", "1e3s", "99999999999999999w", "--1d", "+1d", "1D"} {
		if got, ok := plan.ParseDuration(text); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

// What Go writes is read back as the same.
func FuzzDuration(f *testing.F) {
	f.Add(int64(time.Hour + 30*time.Minute))
	f.Add(int64(1))
	f.Fuzz(func(t *testing.T, n int64) {
		d := time.Duration(n).Truncate(time.Microsecond) % (100000 * time.Hour)
		if got, ok := plan.ParseDuration(d.String()); !ok || (got-d).Abs() > time.Microsecond {
			t.Errorf("%v is read as %v, %v", d, got, ok)
		}
	})
}
