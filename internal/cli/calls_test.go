package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// ownCalls are calls with what they mean; sharedCalls, which lie beside the
// repository and may be absent, are among them.
const (
	ownCalls    = "../../testdata/calls/calls.txt"
	sharedCalls = "../../../shared/data/calls.txt"
)

// leastForgiven is the share of calls that work or are put right in one step.
const leastForgiven = 0.95

// A call is what somebody types, and what it means.
type call struct {
	line  string
	how   string // "=": it works, "?": it is put right, "-": neither
	means string
}

func readCalls(t *testing.T, path string) (calls []call) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "  ") && len(calls) > 0:
			calls[len(calls)-1].how, calls[len(calls)-1].means = line[2:3], strings.TrimSpace(line[3:])
		case line != "" && line[0] != '#':
			calls = append(calls, call{line: line})
		}
	}
	return calls
}

// TestCalls runs the corpus of calls: each does what it means, or its hint ends
// with the line that does, and none does something else.
func TestCalls(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the calls are written for a POSIX shell")
	}
	base := newWorkspace(t)
	base.env = slices.Clip(append(base.env, "PM_AGENT=me")) // calls run at once, and each adds to it
	base.plan()
	base.pm("epic", "create", "Invoices")
	base.pm("feature", "create", "E01", "Refunds")
	for _, title := range []string{"Step 1", "Step 2", "Step 3"} {
		base.pm("task", "create", "E01-F01", title)
	}
	base.pm("claim", "T-E01-F01-001")
	calls := readCalls(t, ownCalls)
	works, right := 0, 0
	var all sync.WaitGroup
	slots := make(chan struct{}, 2)
	for _, c := range calls {
		check := checkNeither
		switch c.how {
		case "=":
			works++
			check = checkWorks
		case "?":
			right++
			check = checkPutRight
		}
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			check(t, base, c)
		})
	}
	all.Wait()
	share := float64(works+right) / float64(len(calls))
	t.Logf("of %d calls %d work and %d are put right in one step: %.1f %%", len(calls), works, right, 100*share)
	if share < leastForgiven {
		t.Errorf("only %.1f %% of the calls work or are put right", 100*share)
	}
}

// TestSharedCalls has every call of the shared corpus among those that are run.
func TestSharedCalls(t *testing.T) {
	if _, err := os.Stat(sharedCalls); err != nil {
		t.Skip("the shared calls are not here")
	}
	known := map[string]bool{}
	for _, c := range readCalls(t, ownCalls) {
		known[c.line] = true
	}
	for _, c := range readCalls(t, sharedCalls) {
		if !known[c.line] {
			t.Errorf("%s: nobody has said what it means", c.line)
		}
	}
}

func checkNeither(t *testing.T, base workspace, c call) {
	if code, _, _ := inShell(t, base, c.line); code == 0 {
		t.Errorf("%s: exit code 0, and nobody has said what it means", c.line)
	}
}

func checkWorks(t *testing.T, base workspace, c call) {
	code, stdout, stderr := inShell(t, base, c.line)
	if code != 0 {
		t.Errorf("%s: exit code %d: %s", c.line, code, stderr)
		return
	}
	if c.line == c.means {
		return
	}
	if wantCode, want, _ := inShell(t, base, c.means); wantCode != 0 || masked(want) != masked(stdout) {
		t.Errorf("%s does not do what %s does:\n%s\n%s", c.line, c.means, stdout, want)
	}
}

func checkPutRight(t *testing.T, base workspace, c call) {
	code, stdout, stderr := inShell(t, base, c.line)
	hint := strings.ReplaceAll(stderr, `\"`, `"`)
	if code == 0 || !strings.HasSuffix(strings.TrimRight(stripTask(hint), "\"}?\n"), strings.TrimRight(c.means, `"`)) {
		t.Errorf("%s: exit code %d, and the hint does not end with %s: %s%s", c.line, code, c.means, stdout, stderr)
		return
	}
	piped, _, is := strings.Cut(c.line, "| pm ")
	if is {
		piped += "| " // the same is piped into the hint
	} else {
		piped = ""
	}
	if code, _, stderr := inShell(t, base, piped+placeholder.ReplaceAllString(c.means, "x")); code != 0 {
		t.Errorf("%s: the hint %s fails: %s", c.line, c.means, stderr)
	}
}

// placeholder is what nobody but the caller can know.
var placeholder = regexp.MustCompile(`<[a-z ]+>`)

// stripTask leaves the task out of an error in JSON, which stands behind the hint.
func stripTask(stderr string) string {
	before, _, _ := strings.Cut(stderr, `","task":`)
	return before
}

// varying is what differs between two runs: times, ids, cursors.
var varying = regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:.]+Z|"(next_cursor|uid|id|operation|hash|bytes|wal_bytes)":"?[^",}]+|pages":\d+|/[^" ]*/\.pm/pm\.db|duration_ms":[\d.]+`)

func masked(s string) string { return varying.ReplaceAllString(s, "…") }

// inShell runs a line in a fresh copy of the workspace, and shows the plan and
// its history behind it.
func inShell(t *testing.T, base workspace, line string) (code int, stdout, stderr string) {
	t.Helper()
	dir, err := os.MkdirTemp(base.dir, "copy")
	if err == nil {
		err = os.CopyFS(filepath.Join(dir, ".pm"), os.DirFS(filepath.Join(base.dir, ".pm")))
	}
	if err != nil {
		t.Error(err)
		return -1, "", ""
	}
	defer os.RemoveAll(dir)
	script := line + "\ncode=$?\npm log --json --limit 3\nexit $code"
	cmd := exec.Command("sh", "-c", script)
	cmd.Dir, cmd.Env = dir, append(base.env, "HOME="+filepath.Clean(dir))
	return finish(t, cmd)
}
