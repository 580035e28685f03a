package proof

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A faulted is a command that changes something, and how to see that it did.
type faulted struct {
	name   string
	args   func(w *world, s *stock, mark string) []string
	stored string // a query with the mark, or the key of the task, that answers 1 or 0
}

// A stock holds what commands use up: tasks that nobody has touched.
type stock struct {
	feature string
	fresh   []string
}

func (s *stock) task() string {
	key := s.fresh[0]
	s.fresh = s.fresh[1:]
	return key
}

var faultedCommands = []faulted{
	{"note", func(_ *world, s *stock, mark string) []string { return []string{"note", s.fresh[len(s.fresh)-1], mark} },
		"select count(*) from task_notes where body = $1"},
	{"create", func(_ *world, s *stock, mark string) []string { return []string{"task", "create", s.feature, mark} },
		"select count(*) from tasks where title = $1"},
	{"update", func(_ *world, s *stock, mark string) []string {
		return []string{"update", s.fresh[len(s.fresh)-1], "--title", mark}
	}, "select count(*) from tasks where title = $1"},
	{"claim", func(_ *world, s *stock, _ string) []string { return []string{"claim", s.task()} },
		"select count(*) from tasks where key = $1 and status = 'in_progress'"},
	{"delete", func(_ *world, s *stock, _ string) []string { return []string{"delete", s.task(), "--yes"} },
		"select 1 - count(*) from tasks where key = $1"},
	{"create many", func(w *world, s *stock, mark string) []string {
		return []string{"task", "create", "--from", w.lines(s.feature, mark)}
	}, "select case count(*) when 0 then 0 when 300 then 1 else 2 end from tasks where title = $1"},
}

// TestSyscall makes one system call on the database's files fail at a time, or
// all from one on: reads and writes, syncs, files that are cut or renamed. No
// command panics, each ends with the right code and tells the truth about
// whether its change is stored, and the next one works.
func TestSyscall(t *testing.T) {
	needStrace(t)
	each(t, func(t *testing.T, w *world) {
		w.only(t, "sqlite", "PostgreSQL writes its files itself")
		feature, tasks := w.feature(t, load(40, 1500))
		s := &stock{feature, tasks}
		f := newFigures()
		random := random(t, 0)
		for _, c := range faultedCommands {
			_, calls := w.under(t, failure{}, c.args(w, s, "calm "+c.name)...)
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
	mark := fmt.Sprintf("%s %s", c.name, e)
	args := c.args(w, s, mark)
	a, calls := w.under(t, e, append(args, "--json")...)
	if !failed(calls) {
		return // it did not get as far as it did when nothing failed
	}
	f.add(a.took)
	if strings.Contains(a.stderr, "goroutine ") || a.code == -1 {
		f.fail(t, "pm %s with %s: %s", c.name, e, a)
		return
	}
	if next := w.pm(t, "b", "note", s.fresh[len(s.fresh)-1], "after "+mark, "--json"); next.code != 0 {
		f.fail(t, "after pm %s with %s: %s", c.name, e, next)
	}
	if c.name == "claim" || c.name == "delete" {
		mark = args[1]
	}
	stored := w.strings(t, c.stored, mark)[0] == "1"
	code := a.errorCode()
	f.count(fmt.Sprintf("exit %d", a.code))
	switch {
	case a.code == 0 && !stored, a.code == exitStorage && code != "answer_lost" && stored, code == "answer_lost" && !stored:
		f.fail(t, "pm %s with %s, stored: %v: %s", c.name, e, stored, a)
	case a.code == 0, a.code == exitStorage, a.code == exitTryAgain && code == "unknown_outcome":
	case a.code == exitPermission && e.call == "openat" && !stored:
	default:
		f.fail(t, "pm %s with %s ends with the wrong code: %s", c.name, e, a)
	}
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
