package proof

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"pm/internal/store"
	"pm/internal/tracker"
)

// TestIdempotency makes calls three times each under one key: in parallel by
// goroutines, in parallel by processes, and by processes of which the first
// is killed. Each has one effect, and the same answers.
func TestIdempotency(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		feature, keys := w.feature(t, load(60, 2000))
		byGoroutines, byProcesses, afterKill := load(90, 1600), load(6, 200), load(10, 200)
		t.Run("parallel", func(t *testing.T) { idempotentCalls(t, w, feature, keys[0], byGoroutines) })
		t.Run("processes", func(t *testing.T) { idempotentProcesses(t, w, keys[1], "process", byProcesses, false) })
		t.Run("killed", func(t *testing.T) { idempotentProcesses(t, w, keys[2], "killed", afterKill, true) })
		w.clean(t)
	})
}

// idempotentCall makes call i of its kind and returns the answer in JSON.
// Each leaves its key where effects counts it.
func idempotentCall(ctx context.Context, tr *tracker.Tracker, feature, task, key string, i int) (string, error) {
	var out any
	var err error
	ctx = tracker.WithIdempotencyKey(as(ctx, key), key)
	switch i % 3 {
	case 0:
		out, err = tr.CreateTask(ctx, tracker.CreateTask{Feature: feature, Title: key})
	case 1:
		out, err = tr.AddNote(ctx, tracker.AddNote{Key: task, Body: key})
	default:
		out, err = tr.Next(ctx, tracker.Next{Claim: true})
	}
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(out)
	return string(b), err
}

// effects counts, for every name, the tasks created by, the notes of and the
// claims of it.
func effects(t *testing.T, w *world) map[string]int {
	n := map[string]int{}
	for _, query := range []string{"select title from tasks", "select body from notes", "select agent from task_history where old_status = 'todo' and new_status = 'in_progress'"} {
		for _, name := range w.strings(t, query) {
			n[name]++
		}
	}
	return n
}

func idempotentCalls(t *testing.T, w *world, feature, task string, calls int) {
	patient := store.Options{WriteWait: time.Minute} // how long a call waits is no matter here
	trackers := []*tracker.Tracker{w.open(t, patient), w.open(t, patient), w.open(t, patient)}
	key := func(i int) string { return fmt.Sprint("call ", i) }
	f := newFigures()
	lanes(8, func(lane int) {
		for i := lane; i < calls; i += 8 {
			var got [3]string
			lanes(3, func(n int) {
				began := time.Now()
				answer, err := idempotentCall(t.Context(), trackers[n], feature, task, key(i), i)
				f.add(time.Since(began))
				if got[n] = answer; err != nil {
					f.fail(t, "%s: %v", key(i), err)
				}
			})
			if got[1] != got[0] || got[2] != got[0] {
				f.fail(t, "%s was answered %q", key(i), got)
			}
			if i%10 != 0 {
				continue
			}
			other := tracker.WithIdempotencyKey(as(t.Context(), key(i)), key(i))
			if _, err := trackers[0].AddNote(other, tracker.AddNote{Key: task, Body: "another call"}); codeOf(err) != "idempotency_key_reused" {
				f.fail(t, "%s: another call under its key says %v", key(i), err)
			}
		}
	})
	f.set("keys", calls)
	f.log(t)
	n := effects(t, w)
	for i := range calls {
		if n[key(i)] != 1 {
			t.Errorf("%s had %d effects", key(i), n[key(i)])
		}
	}
	if n["another call"] > 0 {
		t.Errorf("another call under a used key had %d effects", n["another call"])
	}
}

// idempotentProcesses writes each note by three processes under one key: all
// at once, or the first alone, to be killed, and then the others.
func idempotentProcesses(t *testing.T, w *world, task, word string, calls int, kill bool) {
	f := newFigures()
	killed := make([]int, 4) // by lane
	lanes(4, func(lane int) {
		random := random(t, lane)
		for i := lane; i < calls; i += 4 {
			key := fmt.Sprint(word, " ", i)
			run := func(started func(*os.Process)) answer {
				return finish(t, w.command(t, "repeater", "note", task, key, "--idempotency-key", key, "--json"), started)
			}
			var got [3]answer
			from := 0
			if kill {
				from = 1
				if got[0] = run(killSoon(random)); got[0].code == -1 {
					killed[lane]++
				}
			}
			lanes(3-from, func(n int) { got[from+n] = run(nil); f.add(got[from+n].took) })
			for n, a := range got {
				if a.code == -1 && n < from {
					continue
				}
				if a.code != 0 || a.stdout != got[2].stdout {
					f.fail(t, "%s: caller %d was told %s, the last %s", key, n, a, got[2])
				}
			}
			if i%5 == 0 {
				a := w.pm(t, "repeater", "note", task, "another body", "--idempotency-key", key, "--json")
				if a.code != 5 || a.errorCode() != "idempotency_key_reused" {
					f.fail(t, "%s: another body under its key: %s", key, a)
				}
			}
		}
	})
	f.set("keys", calls)
	if kill {
		f.set("killed", killed[0]+killed[1]+killed[2]+killed[3])
	}
	f.log(t)
	n := effects(t, w)
	for i := range calls {
		if key := fmt.Sprint(word, " ", i); n[key] != 1 {
			t.Errorf("%s had %d effects", key, n[key])
		}
	}
}

// killSoon kills a process at a random moment of the life of a short one. The
// pause is the fault, not a wait for anything.
func killSoon(random *rand.Rand) func(*os.Process) {
	after := time.Duration(random.Int64N(int64(load(60, 30)) * int64(time.Millisecond)))
	return func(p *os.Process) { time.AfterFunc(after, func() { p.Kill() }) }
}
