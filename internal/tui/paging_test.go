package tui

import (
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
