package proof

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// bugsPage is the page that lists the seeded bugs.
var bugsPage = filepath.Join(root, "docs", "seeded-bugs.md")

// TestBugsPage keeps docs/seeded-bugs.md as the list of seeded bugs has it, and
// the list at fifty bugs or more. PM_TEST_UPDATE=1 writes the page anew.
func TestBugsPage(t *testing.T) {
	bugs := everyBug()
	if len(bugs) < 50 {
		t.Errorf("only %d seeded bugs", len(bugs))
	}
	page := bugsTable(bugs)
	if os.Getenv("PM_TEST_UPDATE") != "" {
		if err := os.WriteFile(bugsPage, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(bugsPage)
	if err != nil || string(b) != page {
		t.Errorf("%s is not up to date (%v): PM_TEST_UPDATE=1 go test -run TestBugsPage ./internal/proof", bugsPage, err)
	}
}

func bugsTable(bugs []seededBug) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# Which bugs do the proofs catch?

A test that has never failed proves little. So each of the %d defects below is put into pm's own source, one at a time, and the test named
next to it has to fail; if that test passes, the run fails. Your checkout does not change: the broken files exist only in a build overlay.

Only a failure of the test's own counts. If the test runs out of time (two minutes), or says no more than that one of its processes was
killed, it may be the machine that is slow or short of memory: it is tried again, twice at most, and then reported as "not known", which
fails the run, too. The run ends with a line that counts all three: `+"`N bugs caught, N missed, N not known`"+`.

`+"```"+`
PM_TEST_LOAD=full go test -v -count=1 -timeout 120m -run TestSeededBugs ./internal/proof
`+"```"+`

Without `+"`PM_TEST_LOAD=full`"+` only two of them run, and all are checked to still fit the source. The list is generated from the test itself
(`+"`PM_TEST_UPDATE=1 go test -run TestBugsPage ./internal/proof`"+`).

| defect | put into | caught by | on |
| --- | --- | --- | --- |
`, len(bugs))
	for _, bug := range bugs {
		var files []string
		for _, c := range bug.changes {
			if !slices.Contains(files, c.file) {
				files = append(files, c.file)
			}
		}
		fmt.Fprintf(&b, "| %s | %s | `%s` in %s | %s |\n", bug.name, strings.Join(files, ", "), bug.test, cmp.Or(bug.in, "internal/proof"), bug.engine)
	}
	return b.String()
}
