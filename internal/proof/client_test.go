package proof

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tracker"
)

// inProcess makes calls from this process.
func inProcess(tr *tracker.Tracker) func(step, string) (outcome, error) {
	return func(in step, key string) (outcome, error) { return take(tr, in, key) }
}

// take makes one call. A refusal is an outcome; what else goes wrong an error.
func take(tr *tracker.Tracker, in step, key string) (out outcome, err error) {
	ctx, keys := as(context.Background(), in.Agent), []string{key}
	switch in.Verb {
	case "claim":
		var got tracker.Changed
		if got, err = tr.Claim(ctx, tracker.Claim{Keys: keys}); err == nil {
			out.Fence = got.Items[0].Fence
		}
	case "next":
		var got tracker.NextTask
		got, err = tr.Next(ctx, tracker.Next{Claim: true, Feature: featureOf(key)})
		if out.Code = "none"; got.Task != nil {
			out = outcome{Fence: got.Task.Fence}
		}
	case "renew":
		_, err = tr.Renew(ctx, tracker.Renew{Keys: keys, Fence: in.Fence})
	case "release":
		_, err = tr.Release(ctx, tracker.ChangeStatus{Keys: keys, Fence: in.Fence})
	case "complete":
		_, err = tr.Complete(ctx, tracker.Complete{Keys: keys, Fence: in.Fence})
	case "note":
		_, err = tr.AddNote(ctx, tracker.AddNote{Key: key, Body: "note"})
	}
	if kind := plan.KindOf; err != nil && (kind(err) == plan.Conflict || kind(err) == plan.Refused) {
		return outcome{Code: codeOf(err)}, nil
	}
	return out, err
}

func featureOf(task string) string { return plan.MustKey(task).FeatureKey().String() }

// An expirer makes leases run out: the clock's part, through plain SQL.
type expirer struct{ h *sql.DB }

func (e *expirer) call(_ step, key string) (outcome, error) {
	_, err := execute(context.Background(), e.h, "update tasks set lease_until = $1 where key = $2 and lease_until is not null", past, key)
	return outcome{}, err
}

// A worker makes calls through a process that stays, until it kills it.
type worker struct {
	w      *world
	t      *testing.T
	random *rand.Rand
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Scanner
}

type request struct {
	Step step
	Key  string
}

type response struct {
	Outcome outcome
	Err     string
}

func (w *worker) call(in step, key string) (outcome, error) {
	if w.cmd == nil {
		w.cmd = w.w.mode(w.t, "client")
		w.cmd.Stderr = os.Stderr
		stdin, stdout, err := pipes(w.cmd)
		if err != nil {
			return outcome{}, err
		}
		w.in, w.out = stdin, bufio.NewScanner(stdout)
	}
	line, _ := json.Marshal(request{in, key})
	if _, err := fmt.Fprintf(w.in, "%s\n", line); err != nil {
		return outcome{}, err
	}
	kill := w.random.IntN(60) == 0
	if kill {
		// At a random moment of the call: the pause is part of the fault.
		time.Sleep(time.Duration(w.random.Int64N(int64(8 * time.Millisecond))))
		w.cmd.Process.Kill()
	}
	answered := w.out.Scan()
	text := w.out.Bytes()
	if kill {
		defer w.end()
	}
	if !answered && kill {
		return outcome{Unknown: true}, nil
	}
	var r response
	if err := json.Unmarshal(text, &r); err != nil {
		return outcome{}, fmt.Errorf("the client process says %q: %w", text, err)
	}
	if r.Err != "" {
		return outcome{}, fmt.Errorf("in the client process: %s", r.Err)
	}
	return r.Outcome, nil
}

func (w *worker) end() {
	if w.cmd != nil {
		w.in.Close()
		w.cmd.Wait()
		w.cmd = nil
	}
}

// serveCalls makes the calls that come on stdin, and answers on stdout.
func serveCalls() int {
	db, err := store.Open(context.Background(), os.Getenv(addressEnv), store.Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, "client:", err)
		return 1
	}
	tr, answers := tracker.New(db), json.NewEncoder(os.Stdout)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var q request
		var r response
		if err = json.Unmarshal(lines.Bytes(), &q); err == nil {
			r.Outcome, err = take(tr, q.Step, q.Key)
		}
		if err != nil {
			r.Err = err.Error()
		}
		answers.Encode(r)
	}
	return 0
}

// oneShot makes a call through a process of pm, and kills some of them.
func (c *linearClient) oneShot(in step, key string) (outcome, error) {
	args := []string{in.Verb, key, "--json"}
	switch {
	case in.Verb == "next":
		args = []string{"next", "--claim", "--feature", featureOf(key), "--json"}
	case in.Verb == "note":
		args = []string{"note", key, "note", "--json"}
	case in.Fence > 0:
		args = append(args, "--fence", strconv.FormatInt(in.Fence, 10))
	}
	var started func(*os.Process)
	if c.random.IntN(10) == 0 {
		started = killSoon(c.random)
	}
	a := finish(c.run.t, c.run.w.command(c.run.t, in.Agent, args...), started)
	switch a.code {
	case 0:
	case -1:
		return outcome{Unknown: true}, nil
	case 4, 5:
		return outcome{Code: a.errorCode()}, nil
	default:
		return outcome{}, fmt.Errorf("%s", a)
	}
	switch in.Verb {
	case "claim":
		var task plan.Task
		a.into(c.run.t, &task)
		return outcome{Fence: task.Fence}, nil
	case "next":
		var got tracker.NextTask
		if a.into(c.run.t, &got); got.Task == nil {
			return outcome{Code: "none"}, nil
		}
		return outcome{Fence: got.Task.Fence}, nil
	}
	return outcome{}, nil
}
