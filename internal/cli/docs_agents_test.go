package cli_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestTheAgentsPageIsTrue runs every command of docs/agents.md, one after the
// other in one workspace, and compares what it says.
func TestTheAgentsPageIsTrue(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no shell to type the commands into")
	}
	page, err := os.ReadFile("../../docs/agents.md")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorkspace(t)
	w.env = append(w.env, "PM_AGENT=lead")
	stamp := regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`)
	ran := 0
	for i, block := range strings.Split(string(page), "```\n") {
		if i%2 == 0 {
			continue
		}
		for _, one := range strings.Split("\n"+block, "\n$ ")[1:] {
			line, want, _ := strings.Cut(one, "\n")
			_, stdout, stderr := w.shell(line)
			got := stamp.ReplaceAllString(strings.TrimRight(stdout+stderr, "\n"), "TIME")
			if strings.Contains(line, "||") {
				got = stamp.ReplaceAllString(strings.TrimRight(stderr+stdout, "\n"), "TIME")
			}
			if want = stamp.ReplaceAllString(strings.TrimRight(want, "\n"), "TIME"); got != want {
				t.Errorf("$ %s\ngot\n%s\nwant\n%s", line, got, want)
			}
			ran++
		}
	}
	if ran < 20 {
		t.Errorf("only %d commands were found", ran)
	}
}
