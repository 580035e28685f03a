package tui

import (
	"fmt"
	"strings"
	"testing"
)

// TestNarrow: at every width the head names the view that is seen, and the last
// line the key that tells of all keys.
func TestNarrow(t *testing.T) {
	s := open(t, 80, 12, colour)
	for keys, name := range map[string]string{"gb": "Board", "gl": "List", "gt": "Tree", "ga": "Agents", "gi": "Inbox 2", "gs": "Insights", "gh": "History"} {
		s.keys(keys)
		for width := 24; width <= 120; width += 3 {
			s.width = width
			s.send(size{width, 12})
			lines := strings.Split(strings.TrimRight(s.seen(), "\n"), "\n")
			if head, foot := lines[0], lines[len(lines)-1]; !strings.Contains(head, name) || !strings.HasSuffix(foot, "? all keys") {
				t.Errorf("%s at %d columns: %q … %q", name, width, head, foot)
			}
		}
	}
}

func TestFitting(t *testing.T) {
	for _, c := range []struct {
		text    string
		width   int
		matters bool
		want    string
	}{
		{"0/2  checkout", 20, false, "0/2  checkout"}, {"0/2  checkout", 10, false, "0/2"}, {"checkout", 7, false, ""},
		{"no access to the bank", 12, true, "no access t…"}, {"no access to the bank", 12, false, ""}, {"", 0, true, ""},
	} {
		if got := fitting(c.text, c.width, c.matters); got != c.want {
			t.Errorf("%s: %q, want %q", fmt.Sprint(c), got, c.want)
		}
	}
}
