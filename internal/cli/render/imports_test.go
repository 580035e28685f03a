package render

import (
	"fmt"
	"strings"
	"testing"

	"pm/internal/interchange"
	"pm/internal/tracker"
)

func TestImported(t *testing.T) {
	expect(t, text(t, terminal(80), report()), `
created 1 epic, 2 features, 1,200 tasks
updated 3 tasks
unchanged: 1 epic
9 files read

error (1)
  E01/tasks/T-1.md:4: key "T-1" is not one

warning (1)
  E01/tasks/T-2.md:2: status is unknown: todo

info (1)
  E01/epic.md: no priority: medium
`)
	expect(t, text(t, pipe(), report()), `
created\t1\t2\t1200
updated\t0\t0\t3
unchanged\t1\t0\t0
files\t9
error\tE01/tasks/T-1.md:4\tkey "T-1" is not one
warning\tE01/tasks/T-2.md:2\tstatus is unknown: todo
info\tE01/epic.md\tno priority: medium
`)
}

func TestImportThatOnlyTries(t *testing.T) {
	i := report()
	i.DryRun, i.Findings, i.Files = true, nil, 0
	expect(t, text(t, terminal(80), i), `
would create 1 epic, 2 features, 1,200 tasks
would update 3 tasks
unchanged: 1 epic
`)
	if got := text(t, pipe(), i); !strings.HasPrefix(got, "dry_run\ttrue\ncreated\t") {
		t.Error(got)
	}
}

func TestImportThatChangesNothing(t *testing.T) {
	expect(t, text(t, terminal(80), tracker.Imported{Unchanged: tracker.Sum{Epics: 1, Tasks: 2}}), `
nothing to change
unchanged: 1 epic, 2 tasks
`)
}

func TestManyFindings(t *testing.T) {
	var i tracker.Imported
	for n := range 32 {
		i.Findings = append(i.Findings, interchange.Finding{Path: fmt.Sprintf("%d.md", n), Severity: interchange.Skipped, Message: "no task"})
	}
	got := text(t, terminal(80), i)
	if !strings.HasSuffix(got, "  19.md: no task\n  … and 12 more (--json shows all)\n") || !strings.Contains(got, "\nskipped (32)\n") {
		t.Error(got)
	}
	if n := strings.Count(text(t, pipe(), i), "skipped\t"); n != 32 {
		t.Errorf("%d findings in a pipe", n)
	}
}

func TestASeverityThatIsNew(t *testing.T) {
	i := report()
	i.Findings[0].Severity = "fatal"
	if got := text(t, terminal(80), i); !strings.Contains(got, "\nfatal (1)\n") {
		t.Error(got)
	}
}
