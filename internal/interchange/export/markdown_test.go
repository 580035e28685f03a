package export

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
)

// TestEmptyBoxes: an empty box is work that can be begun, or says why it is not.
func TestEmptyBoxes(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var b bytes.Buffer
	o := outline{w: &b, page: Page{Now: now}}
	for _, task := range []plan.Task{{Title: "a", Status: plan.Todo}, {Title: "b", Status: plan.Blocked}, {Title: "c", Status: plan.Todo, Defer: "2026-03-02"},
		{Title: "d", Status: plan.Todo, Defer: "2026-03-01"}, {Title: "e", Status: plan.Completed, Defer: "2026-03-02"}} {
		if err := o.task(task); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(line, "- [") {
			got = append(got, strings.TrimSpace(line))
		}
	}
	if want := "- [ ] a|- [ ] b (blocked)|- [ ] c (deferred until 2026-03-02)|- [ ] d|- [x] e"; strings.Join(got, "|") != want {
		t.Errorf("%s", strings.Join(got, "|"))
	}
}
