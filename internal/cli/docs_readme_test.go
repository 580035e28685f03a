package cli_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestTheReadmeIsTrue runs every command of the README's tour, one after the
// other in one workspace. All succeed but the one that the text says is refused.
func TestTheReadmeIsTrue(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no shell to type the commands into")
	}
	page, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, tour, _ := strings.Cut(string(page), "\n## Two minutes\n")
	tour, _, _ = strings.Cut(tour, "\n## ")
	w := newWorkspace(t)
	ran := 0
	for i, block := range strings.Split(tour, "```\n") {
		if i%2 == 0 {
			continue
		}
		for line := range strings.Lines(block) {
			want := 0
			if line == "pm complete T-E01-F01-002 --agent ada\n" {
				want = 4
			}
			if code, _, stderr := w.shell(line); code != want {
				t.Errorf("%sexit code %d, want %d: %s", line, code, want, stderr)
			}
			ran++
		}
	}
	if ran < 20 {
		t.Errorf("only %d commands were found", ran)
	}
}
