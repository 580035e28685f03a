package term

import (
	"math"
	"testing"
	"time"
)

func TestCount(t *testing.T) {
	for n, want := range map[int]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", 12345: "12,345", 123456: "123,456", 1234567: "1,234,567",
		-1: "-1", -999: "-999", -1000: "-1,000",
		math.MinInt32: "-2,147,483,648",
	} {
		if got := Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestBar(t *testing.T) {
	tests := []struct {
		pct   float64
		width int
		want  string
	}{
		{0, 4, "----"}, {50, 4, "##--"}, {100, 4, "####"},
		{0.1, 4, "#---"}, {99.9, 4, "###-"}, {66, 12, "########----"},
		{-5, 4, "----"}, {500, 4, "####"}, {math.NaN(), 4, "----"}, {math.Inf(1), 2, "##"},
		{50, 1, "-"}, {100, 1, "#"}, {50, 0, ""}, {50, -1, ""},
	}
	for _, tt := range tests {
		if got := (Output{}).Bar(tt.pct, tt.width); got != tt.want {
			t.Errorf("Bar(%v, %d) = %q, want %q", tt.pct, tt.width, got, tt.want)
		}
	}
	if got := (Output{Unicode: true}).Bar(66, 12); got != "████████░░░░" {
		t.Errorf("with Unicode: %q", got)
	}
}

func TestAgo(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 30, 0, 0, time.FixedZone("", 3600))
	const day = 24 * time.Hour
	tests := []struct {
		back time.Duration
		want string
	}{
		{0, "now"}, {400 * time.Millisecond, "now"},
		{time.Second, "1s ago"}, {59 * time.Second, "59s ago"},
		{time.Minute, "1m ago"}, {3*time.Minute + 59*time.Second, "3m ago"},
		{time.Hour, "1h ago"}, {day - time.Second, "23h ago"},
		{day, "1d ago"}, {5 * day, "5d ago"}, {30 * day, "30d ago"},
		{30*day + time.Second, "2026-01-30"},
		{-12 * time.Minute, "in 12m"},
		{-12*time.Minute + 5*time.Millisecond, "in 12m"}, // a lease just taken
		{-31 * day, "2026-04-01"},
	}
	for _, tt := range tests {
		if got := Ago(now, now.Add(-tt.back).UTC()); got != tt.want {
			t.Errorf("%v back: %q, want %q", tt.back, got, tt.want)
		}
	}
	if got := Ago(now, time.Time{}); got != "" {
		t.Errorf("the zero time: %q, want nothing", got)
	}
	if got := Ago(now, time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC)); got != "0001-01-02" {
		t.Errorf("two thousand years back: %q", got)
	}
}
