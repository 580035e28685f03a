package tui

import (
	"context"
	"fmt"
	"regexp"
	"testing"

	"pm/internal/tracker"
)

// TestPagesLeaveNothingOut goes down a column page by page: every card is seen.
func TestPagesLeaveNothingOut(t *testing.T) {
	for _, height := range []int{15, 24, 41} {
		s := open(t, 80, height, colour)
		for range 30 {
			if _, err := s.o.Tracker.CreateTask(s.ctx, tracker.CreateTask{Feature: "E01-F01", Title: "More"}); err != nil {
				t.Fatal(err)
			}
		}
		s.send(changedMsg{})
		seen := map[string]bool{}
		for range 30 {
			for _, key := range regexp.MustCompile(`T-E01-F01-\d+`).FindAllString(s.seen(), -1) {
				seen[key] = true
			}
			s.keys("\x1b[6~")
		}
		for n := 7; n <= 36; n++ {
			if key := fmt.Sprintf("T-E01-F01-%03d", n); !seen[key] {
				t.Errorf("%d lines: no page shows %s", height, key)
			}
		}
	}
}

// The inbox lists a task once it was rejected twice.
func TestInboxHasWhatWasRejectedTwice(t *testing.T) {
	s := open(t, 80, 24, colour)
	in := tracker.ChangeStatus{Keys: []string{"T-E01-F01-001"}, Reason: "no tests"}
	for n := range 3 {
		if got := regexp.MustCompile(`Rejected twice or more  1\n.*T-E01-F01-001`).MatchString(s.keys("gi").seen()); got != (n > 1) {
			t.Errorf("rejected %d times: %t, in\n%s", n, got, s.seen())
		}
		for _, step := range []func(context.Context, tracker.ChangeStatus) (tracker.Changed, error){s.o.Tracker.Start, s.o.Tracker.Submit, s.o.Tracker.Reject}[min(n, 1):] {
			if _, err := step(s.ctx, in); err != nil {
				t.Fatal(err)
			}
		}
		s.send(changedMsg{})
	}
}
