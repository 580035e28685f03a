package cli_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"pm/internal/db/pgtest"
)

// crowd is how many processes do the same at once.
const crowd = 16

// TestCrowdInits runs pm init in one place many times at once: one makes the
// plan, the others find it, none fails.
func TestCrowdInits(t *testing.T) {
	eachEngine(t, func(t *testing.T, w workspace) {
		made := 0
		for _, out := range w.crowd("init", "--json") {
			var answer struct{ Created bool }
			decode(t, out, &answer)
			if answer.Created {
				made++
			}
		}
		if made != 1 {
			t.Errorf("%d of %d made the plan", made, crowd)
		}
		w.pm("epic", "create", "Payments")
	})
}

// TestCrowdCreates has many processes create tasks in one feature at once:
// each gets a key of its own, and each task its row in the history.
func TestCrowdCreates(t *testing.T) {
	eachEngine(t, func(t *testing.T, w workspace) {
		w.plan()
		var keys []string
		for _, out := range w.crowd("task", "create", "E01-F01", "One of many", "--quiet") {
			keys = append(keys, strings.TrimSpace(out))
		}
		slices.Sort(keys)
		var want []string
		for i := range crowd {
			want = append(want, fmt.Sprintf("T-E01-F01-%03d", i+1))
		}
		if !slices.Equal(keys, want) {
			t.Errorf("got %v", keys)
		}
		var log struct {
			Items []struct {
				Key string `json:"key"`
				New string `json:"new_status"`
			} `json:"items"`
		}
		decode(t, w.pm("log", "E01-F01", "--limit", "0", "--json"), &log)
		var created []string
		for _, h := range log.Items {
			if strings.HasPrefix(h.Key, "T-") && h.New == "todo" {
				created = append(created, h.Key)
			}
		}
		slices.Sort(created)
		if !slices.Equal(created, want) {
			t.Errorf("the history has %v", created)
		}
		if got := w.pm("show", "E01", "--fields", "tasks_total"); got != fmt.Sprintln(crowd) {
			t.Errorf("the epic counts %s", got)
		}
	})
}

// TestCrowdClaims has many processes ask for work at once, under one name: no
// task is given twice, and none is kept back.
func TestCrowdClaims(t *testing.T) {
	eachEngine(t, func(t *testing.T, w workspace) {
		w.plan()
		var lines strings.Builder
		for i := range crowd {
			fmt.Fprintf(&lines, `{"feature":"E01-F01","title":"Task %d"}`+"\n", i)
		}
		w.stdin = lines.String()
		w.pm("task", "create", "--from", "-")
		w.stdin = ""
		given := map[string]bool{}
		for _, out := range w.crowd("next", "--claim", "--json") {
			var next struct {
				Task *struct {
					Key   string
					Fence int
				}
			}
			decode(t, out, &next)
			if next.Task == nil {
				t.Errorf("nothing to give: %s", out)
				continue
			}
			if given[next.Task.Key] || next.Task.Fence != 1 {
				t.Errorf("%s was given again, fence %d", next.Task.Key, next.Task.Fence)
			}
			given[next.Task.Key] = true
		}
		if len(given) != crowd {
			t.Errorf("%d different tasks", len(given))
		}
		if out := w.pm("next", "--claim", "--quiet"); out != "" {
			t.Errorf("one more: %s", out)
		}
	})
}

// TestCrowdAtALimit has many processes take work in a stage at once: no more than
// its limit get any, one way or the other, and the others are told why.
func TestCrowdAtALimit(t *testing.T) {
	const limit = 3
	eachEngine(t, func(t *testing.T, w workspace) {
		w.plan()
		w.pm("stage", "create", "test", "--agent-type", "tester", "--limit", fmt.Sprint(limit))
		var lines strings.Builder
		for i := range crowd {
			fmt.Fprintf(&lines, `{"feature":"E01-F01","title":"Task %d"}`+"\n", i)
		}
		w.stdin = lines.String()
		w.pm("task", "create", "--from", "-")
		w.stdin = ""
		held := func() string { return w.pm("list", "stage:test", "is:held", "--count") }
		got := 0
		for _, out := range w.crowd("next", "--claim", "--agent-type", "tester", "--json") {
			var next struct {
				Task *struct{ Key string }
				Why  *struct{ Full int }
			}
			decode(t, out, &next)
			switch {
			case next.Task != nil:
				got++
			case next.Why == nil || next.Why.Full != crowd-limit:
				t.Errorf("no task, and why not: %s", out)
			}
		}
		if got != limit || held() != fmt.Sprintln(limit) {
			t.Errorf("%d were given, %s are held", got, held())
		}
		if n := w.deadlocks(); n != 0 {
			t.Errorf("PostgreSQL ended %d deadlocks", n)
		}
	})
}

// A workspace is a folder in which a test runs pm as a process of its own.
type workspace struct {
	t     *testing.T
	dir   string
	env   []string
	stdin string
}

// eachEngine runs f in an empty folder: on SQLite with nothing in it, on
// PostgreSQL with an empty database of its own.
func eachEngine(t *testing.T, f func(t *testing.T, w workspace)) {
	t.Run("sqlite", func(t *testing.T) { f(t, newWorkspace(t)) })
	t.Run("postgres", func(t *testing.T) {
		dsn := pgtest.DSN(t)
		w := newWorkspace(t)
		w.env = append(w.env, "PM_DB="+dsn)
		f(t, w)
	})
}

// deadlocks is how many deadlocks the server has ended in this plan's database.
func (w workspace) deadlocks() (n int) {
	w.t.Helper()
	for _, e := range w.env {
		dsn, is := strings.CutPrefix(e, "PM_DB=")
		if !is {
			continue
		}
		server, err := sql.Open("pgx", dsn)
		if err != nil {
			w.t.Fatal(err)
		}
		defer server.Close()
		if err := server.QueryRow("select deadlocks from pg_stat_database where datname = current_database()").Scan(&n); err != nil {
			w.t.Fatal(err)
		}
	}
	return n
}

func newWorkspace(t *testing.T) workspace {
	dir := t.TempDir()
	return workspace{t: t, dir: dir, env: []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir, "TZ=UTC", "PM_AGENT=tester", "PM_SLOW_QUERY=0"}}
}

// plan makes a plan with an epic and a feature.
func (w workspace) plan() {
	w.t.Helper()
	w.pm("init")
	w.pm("epic", "create", "Payments")
	w.pm("feature", "create", "E01", "Cards")
}

// pm runs pm, which must not fail, and returns what it answers.
func (w workspace) pm(args ...string) string {
	w.t.Helper()
	code, stdout, stderr := w.run(args...)
	if code != 0 {
		w.t.Fatalf("pm %v: exit code %d: %s", args, code, stderr)
	}
	return stdout
}

// run runs pm and returns how it ended.
func (w workspace) run(args ...string) (code int, stdout, stderr string) {
	w.t.Helper()
	cmd := exec.Command("pm", args...)
	cmd.Dir, cmd.Env, cmd.Stdin = w.dir, w.env, strings.NewReader(w.stdin)
	return finish(w.t, cmd)
}

func finish(t *testing.T, cmd *exec.Cmd) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Errorf("%v: %v", cmd.Args, err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// crowd runs the same command in many processes at once, none of which must
// fail, and returns what they answer.
func (w workspace) crowd(args ...string) []string {
	w.t.Helper()
	answers := make([]string, crowd)
	var all sync.WaitGroup
	for i := range crowd {
		all.Go(func() {
			code, stdout, stderr := w.run(args...)
			if code != 0 {
				w.t.Errorf("pm %v: exit code %d: %s", args, code, stderr)
			}
			answers[i] = stdout
		})
	}
	all.Wait()
	if w.t.Failed() {
		w.t.FailNow()
	}
	return answers
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
}
