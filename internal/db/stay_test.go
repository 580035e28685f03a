package db

import (
	"testing"
	"time"
)

// Once announced work has ended, who waited for it has the usual wait before
// it again: its turn may come behind many others.
func TestStayEnds(t *testing.T) {
	began := time.Now()
	after := func(s time.Duration) time.Time { return began.Add(s * time.Second) }
	for name, c := range map[string]struct {
		wait      time.Duration
		seen      time.Time
		published bool
		end       time.Time
	}{
		"no work":                {wait: 10 * time.Second, end: after(10)},
		"work":                   {wait: 10 * time.Second, seen: after(3), published: true, end: after(60)},
		"work for long":          {wait: 10 * time.Second, seen: after(59), published: true, end: after(60)},
		"work that has ended":    {wait: 10 * time.Second, seen: after(15), end: after(25)},
		"a wait longer than all": {wait: 90 * time.Second, seen: after(89), published: true, end: after(90)},
	} {
		s := stay{c.wait, began, c.seen}
		if got := s.end(c.published); !got.Equal(c.end) {
			t.Errorf("%s: it waits %s, want %s", name, got.Sub(began), c.end.Sub(began))
		}
	}
}
