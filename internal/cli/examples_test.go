package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pm/internal/db/pgtest"
	"pm/internal/ops"
)

// prepared says what must have been done for an example to work, for those
// that ask more than a plan with tasks in it: commands, one a line, as a
// shell takes them.
var prepared = map[string]string{
	"approve T-E01-F01-001":                  "pm start T-E01-F01-001; pm submit T-E01-F01-001",
	"approve T-E01-F01-001 T-E01-F01-002":    "pm start T-E01-F01-001 T-E01-F01-002; pm submit T-E01-F01-001 T-E01-F01-002",
	"reject T-E01-F01-001":                   "pm start T-E01-F01-001; pm submit T-E01-F01-001",
	"submit T-E01-F01-001":                   "pm start T-E01-F01-001",
	"release T-E01-F01-001":                  "pm claim T-E01-F01-001",
	"release T-E01-F01-001 --force":          "pm claim T-E01-F01-001 --agent gone",
	"handoff T-E01-F01-001":                  "pm claim T-E01-F01-001",
	"renew T-E01-F01-001":                    "pm claim T-E01-F01-001",
	"unblock T-E01-F01-001":                  "pm block T-E01-F01-001 --reason why",
	"reopen T-E01-F01-001":                   "pm complete T-E01-F01-001",
	"dep remove T-E01-F01-002":               "pm dep add T-E01-F01-002 T-E01-F01-001",
	"dep remove T-E01-F01-003 T-E01-F01-001": "pm dep add T-E01-F01-003 T-E01-F01-001 T-E01-F01-002",
	"task create --from tasks.jsonl":         `echo '{"feature":"E01-F01","title":"Charge the card"}' > tasks.jsonl`,
	"import . --dry-run":                     "mkdir -p specs/001-pay && echo '- [ ] T001 Pay' > specs/001-pay/tasks.md",
	"import docs/plan":                       "mkdir -p docs/plan/E09-search && echo '# Search' > docs/plan/E09-search/epic.md",
	"import plan.jsonl":                      "pm export > plan.jsonl",
	"backup restore":                         "pm backup create && mv .pm/backups/*.db .pm/backups/20261123T101500.000Z.db",
	"backup restore --dry-run":               "pm backup create",
	"backup restore copies":                  "mkdir copies && pm backup create && mv .pm/backups/*.db copies/20261123T101000.000Z.db",
	"backup list":                            "pm backup create && pm backup watch copies --once",
	"backup verify":                          "pm backup create && pm backup watch copies --once",
	"backup prune":                           "pm backup create && pm backup watch copies --once",
	"apply plan.yaml":                        "echo 'epics: [{title: Payments, features: [{title: Refunds, tasks: [{id: a, title: Refund}]}]}]' > plan.yaml",
	"apply -":                                "echo 'tasks: [Refund]' > plan.yaml",
	"unlink T-E01-F01-002":                   "pm link T-E01-F01-002 T-E01-F01-001",
	"repeat show":                            "pm update T-E01-F01-001 --repeat weekly",
	"ref remove":                             "pm ref add T-E01-F01-001 gh#42",
	"move E01-F02":                           "pm epic create Shipping",
	"check T-E01-F01-001":                    `pm check add T-E01-F01-001 one two`,
	"uncheck T-E01-F01-001":                  `pm check add T-E01-F01-001 one two && pm check T-E01-F01-001 2`,
	"check remove T-E01-F01-001":             `pm check add T-E01-F01-001 one two`,
	"check move T-E01-F01-001":               `pm check add T-E01-F01-001 one two`,
	"field update":                           "pm field create severity --type choice --choices low,high",
	"field delete":                           "pm field create severity --type text",
	"label remove":                           "pm label add T-E01-F01-001 --label security",
	"label rename":                           "pm label add T-E01-F01-001 --label sec",
	"stage update":                           "pm stage create build && pm stage create test",
	"stage delete":                           "pm stage create build && pm stage create test",
	"reject T-E01-F01-002 --to build":        "pm stage create build && pm stage create test && pm update T-E01-F01-002 --stage test",
	"redo":                                   "pm undo",
	"view delete":                            "pm view save triage status:todo",
	"restore":                                "pm delete E01-F02 --yes",
	"trash show":                             "pm delete E01-F02 --yes",
	"note accept 1":                          "pm note --plan one --kind memory",
	"answer T-E01-F01-001":                   "pm ask T-E01-F01-001 'which first?' --agent ann",
	"note edit T-E01-F01-001":                "pm note T-E01-F01-001 one",
	"note remove T-E01-F01-001":              "pm note T-E01-F01-001 one",
	"redact T-E01-F01-001 description":       "pm update T-E01-F01-001 -d secret",
	"redact T-E01-F01-001 note":              "pm note T-E01-F01-001 one && pm note T-E01-F01-001 secret",
}

// TestExamples runs every example that the help shows, each in a workspace
// of its own, as a user types it: none may fail.
func TestExamples(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no shell to type the examples into")
	}
	model := newWorkspace(t)
	model.plan()
	model.pm("feature", "create", "E01", "Bills")
	for _, title := range []string{"Validate card numbers", "Charge the card", "Show the receipt page"} {
		model.pm("task", "create", "E01-F01", title)
	}
	seen := map[string]bool{}
	for _, c := range commands(t, model) {
		lines := exampleLines(model.pm(append(strings.Fields(c.Name), "--help")...))
		if len(lines) == 0 {
			t.Errorf("the help of pm %s has no example", c.Name)
		}
		for _, line := range lines {
			if seen[line] {
				continue
			}
			seen[line] = true
			t.Run(line, func(t *testing.T) {
				t.Parallel()
				runExample(t, model, line)
			})
		}
	}
	for _, op := range ops.Table() {
		for _, line := range op.Examples {
			if !seen["pm "+line] && !longRunning.MatchString(strings.Fields(line)[0]) {
				t.Errorf("the help does not show the example %q of the table", line)
			}
		}
	}
}

func runExample(t *testing.T, model workspace, line string) {
	w := newWorkspace(t)
	if err := os.CopyFS(filepath.Join(w.dir, ".pm"), os.DirFS(filepath.Join(model.dir, ".pm"))); err != nil {
		t.Fatal(err)
	}
	if address := "postgres://pm@db.example.com/pm?search_path=shop"; strings.Contains(line, address) {
		if err := os.RemoveAll(filepath.Join(w.dir, ".pm")); err != nil {
			t.Fatal(err)
		}
		line = strings.ReplaceAll(line, address, pgtest.DSN(t)+"&search_path=shop")
	}
	if before := preparation(strings.TrimPrefix(line, "pm ")); before != "" {
		if code, _, stderr := w.shell(before); code != 0 {
			t.Fatalf("%s: exit code %d: %s", before, code, stderr)
		}
	}
	if code, _, stderr := w.shell(line); code != 0 {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

// preparation finds the entry that begins the line and is the longest.
func preparation(line string) (commands string) {
	longest := 0
	for example, do := range prepared {
		if strings.HasPrefix(line, example) && len(example) > longest {
			longest, commands = len(example), do
		}
	}
	return commands
}

func (w workspace) shell(line string) (code int, stdout, stderr string) {
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir, cmd.Env = w.dir, w.env
	return finish(w.t, cmd)
}

// exampleLines cuts the examples out of a help text.
func exampleLines(help string) (lines []string) {
	_, rest, _ := strings.Cut(help, "\nExamples:\n")
	examples, _, _ := strings.Cut(rest, "\n\n")
	for line := range strings.Lines(examples) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "pm ") {
			lines = append(lines, line)
		}
	}
	return lines
}
