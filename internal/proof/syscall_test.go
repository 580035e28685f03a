package proof

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A faulted is a command that changes something, and how to see that it did.
type faulted struct {
	name   string
	args   func(t *testing.T, w *world, s *stock, mark string) []string
	stored string // a query with the mark that answers 1 or 0
	byKey  bool   // the mark is the key of a task that nobody has touched
}

// A stock holds what commands use up: tasks, numbers of epics.
type stock struct {
	feature string
	fresh   []string
	epics   int
}

// kept is a task that none of the commands uses up.
func (s *stock) kept() string { return s.fresh[len(s.fresh)-1] }

// mark returns a mark for the next call of a command.
func (s *stock) mark(c faulted, of string) (mark string) {
	if !c.byKey {
		return c.name + " " + of
	}
	mark, s.fresh = s.fresh[0], s.fresh[1:]
	return mark
}

var faultedCommands = []faulted{
	{name: "note", stored: "select count(*) from notes where body = $1",
		args: func(_ *testing.T, _ *world, s *stock, mark string) []string { return []string{"note", s.kept(), mark} }},
	{name: "create", stored: "select count(*) from tasks where title = $1",
		args: func(_ *testing.T, _ *world, s *stock, mark string) []string {
			return []string{"task", "create", s.feature, mark}
		}},
	{name: "update", stored: "select count(*) from tasks where title = $1",
		args: func(_ *testing.T, _ *world, s *stock, mark string) []string {
			return []string{"update", s.kept(), "--title", mark}
		}},
	{name: "claim", byKey: true, stored: "select count(*) from tasks where key = $1 and status = 'in_progress'",
		args: func(_ *testing.T, _ *world, _ *stock, key string) []string { return []string{"claim", key} }},
	{name: "complete", byKey: true, stored: "select count(*) from tasks where key = $1 and status = 'completed'",
		args: func(_ *testing.T, _ *world, _ *stock, key string) []string { return []string{"complete", key} }},
	{name: "delete", byKey: true, stored: "select 1 - count(*) from tasks where key = $1",
		args: func(_ *testing.T, _ *world, _ *stock, key string) []string { return []string{"delete", key, "--yes"} }},
	{name: "restore", byKey: true, stored: "select count(*) from tasks where key = $1",
		args: func(t *testing.T, w *world, _ *stock, key string) []string {
			w.must(t, "delete", key, "--yes")
			return []string{"restore", key}
		}},
	{name: "trash empty", byKey: true, stored: "select 1 - count(*) from trash where key = $1",
		args: func(t *testing.T, w *world, _ *stock, key string) []string {
			w.must(t, "delete", key, "--yes")
			return []string{"trash", "empty", "--yes"}
		}},
	{name: "redact", byKey: true, stored: "select count(*) from tasks where key = $1 and description not like 'secret%'",
		args: func(t *testing.T, w *world, _ *stock, key string) []string {
			w.must(t, "update", key, "--description", "secret of "+key)
			return []string{"redact", key, "description", "--reason", "pasted", "--yes"}
		}},
	{name: "undo", byKey: true, stored: "select count(*) from tasks where key = $1 and title not like 'changed%'",
		args: func(t *testing.T, w *world, _ *stock, key string) []string {
			w.must(t, "update", key, "--title", "changed "+key)
			return []string{"undo"}
		}},
	{name: "move", byKey: true, stored: "select 1 - count(*) from tasks where key = $1",
		args: func(t *testing.T, w *world, s *stock, key string) []string {
			epic, _, _ := strings.Cut(s.feature, "-")
			made := w.pm(t, "a", "feature", "create", epic, "Other", "--quiet")
			return []string{"move", key, "--to", strings.TrimSpace(made.stdout)}
		}},
	{name: "create many", stored: "select case count(*) when 0 then 0 when 300 then 1 else 2 end from tasks where title = $1",
		args: func(_ *testing.T, w *world, s *stock, mark string) []string {
			return []string{"task", "create", "--from", w.lines(s.feature, mark)}
		}},
	{name: "import", stored: "select case count(*) when 0 then 0 when 30 then 1 else 2 end from tasks where title = $1",
		args: func(t *testing.T, w *world, s *stock, mark string) []string {
			return []string{"import", w.documents(t, s, mark)}
		}},
}

// TestSyscall makes one system call on the database's files fail at a time, or
// all from one on: reads and writes, syncs, files that are cut or renamed. No
// command panics, each ends with the right code and tells the truth about
// whether its change is stored, and the next one works.
func TestSyscall(t *testing.T) {
	needStrace(t)
	each(t, func(t *testing.T, w *world) {
		w.only(t, "sqlite", "PostgreSQL writes its files itself")
		s := w.stock(t, load(360, 12000))
		f := newFigures()
		random := random(t, 0)
		for _, c := range faultedCommands {
			_, calls := w.under(t, failure{}, c.args(t, w, s, s.mark(c, "calm"))...)
			for _, e := range failures(calls, c.name) {
				if full() || e.certain || random.IntN(e.among) == 0 {
					w.fault(t, f, c, s, e.failure)
				}
			}
		}
		f.log(t)
		w.clean(t)
	})
}

// A possible failure, and among how many like it the quick version takes one.
type possible struct {
	failure
	certain bool
	among   int
}

// failures lists what can fail of the calls that a command has made.
func failures(calls []string, command string) (all []possible) {
	const often = 60 // a call that is made more often fails here and there
	for name := range strings.SplitSeq(straced, ",") {
		n := count(calls, name)
		for i := 1; i <= n; i += max(1, n/often) {
			for _, errno := range []string{"EIO", "ENOSPC"} {
				for _, on := range []string{"", "+"} {
					all = append(all, possible{failure{name, errno, fmt.Sprint(i, on)},
						name == "fsync" && on == "" && errno == "EIO" && (command == "note" || command == "delete"), 40})
				}
			}
		}
	}
	return all
}

// fault runs a command with a failure, and compares what it says with what is
// there for those who come after it.
func (w *world) fault(t *testing.T, f *figures, c faulted, s *stock, e failure) {
	mark := s.mark(c, e.String())
	a, calls := w.under(t, e, append(c.args(t, w, s, mark), "--json")...)
	if !failed(calls) {
		return // it did not get as far as it did when nothing failed
	}
	f.add(a.took)
	what := fmt.Sprintf("pm %s with %s", c.name, e)
	if stored, known := w.honest(t, f, what, c, s, mark, a); known && !slices.Contains([]int{0, exitStorage}, a.code) &&
		(a.code != exitTryAgain || a.errorCode() != "unknown_outcome") && (a.code != exitPermission || e.call != "openat" || stored) {
		f.fail(t, "%s ends with the wrong code: %s", what, a)
	}
}

// honest compares what a command says with what is there for those who come
// after it, and has one of them write. Known is false when the command did not
// end by itself.
func (w *world) honest(t *testing.T, f *figures, what string, c faulted, s *stock, mark string, a answer) (stored, known bool) {
	t.Helper()
	if strings.Contains(a.stderr, "goroutine ") || a.code == -1 {
		f.fail(t, "%s: %s", what, a)
		return false, false
	}
	if next := w.pm(t, "b", "note", s.kept(), "after "+what, "--json"); next.code != 0 {
		f.fail(t, "after %s: %s", what, next)
	}
	stored = w.strings(t, c.stored, mark)[0] == "1"
	code := a.errorCode()
	f.count(fmt.Sprintf("exit %d", a.code))
	if a.code == 0 && !stored || a.code == exitStorage && code != "answer_lost" && stored || code == "answer_lost" && !stored {
		f.fail(t, "%s, stored: %v: %s", what, stored, a)
	}
	return stored, true
}

// must runs pm, which has to succeed.
func (w *world) must(t *testing.T, args ...string) {
	t.Helper()
	if a := w.pm(t, "a", args...); a.code != 0 {
		t.Fatalf("pm %s: %s", args[0], a)
	}
}

// stock returns a stock of n tasks.
func (w *world) stock(t *testing.T, n int) *stock {
	feature, tasks := w.feature(t, n)
	return &stock{feature: feature, fresh: tasks, epics: 1000}
}

// Exit codes, as docs/cli.md has them.
const (
	exitPermission = 6
	exitStorage    = 7
	exitTryAgain   = 75
)

// lines writes a file of 300 tasks of that title.
func (w *world) lines(feature, title string) string {
	path := filepath.Join(w.dir, "tasks.jsonl")
	line := fmt.Sprintf("{\"feature\":%q,\"title\":%q,\"description\":%q}\n", feature, title, strings.Repeat("long ", 100))
	if err := os.WriteFile(path, []byte(strings.Repeat(line, 300)), 0o600); err != nil {
		panic(err)
	}
	return path
}

// documents writes a plan of 30 tasks of that title, in markdown.
func (w *world) documents(t *testing.T, s *stock, title string) string {
	t.Helper()
	s.epics++
	dir := filepath.Join(t.TempDir(), "plan")
	tasks := filepath.Join(dir, fmt.Sprintf("E%d-proof", s.epics), fmt.Sprintf("E%d-F01-proof", s.epics), "tasks")
	if err := os.MkdirAll(tasks, 0o700); err != nil {
		t.Fatal(err)
	}
	for n := range 30 {
		text := fmt.Sprintf("# %s\n\n%s\n", title, strings.Repeat("long ", 100))
		if err := os.WriteFile(filepath.Join(tasks, fmt.Sprintf("T-E%d-F01-%03d.md", s.epics, n+1)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
