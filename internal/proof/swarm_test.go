package proof

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"pm/internal/store"
)

// walBound is what the WAL of an SQLite file must not outgrow, in bytes.
const walBound = 16 << 20

// TestSwarm has many processes write once each, at once.
func TestSwarm(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		keys := w.tasks(t, 8)
		t.Run("alone", func(t *testing.T) { swarm(t, w, "alone", keys) })
		t.Run("beside", func(t *testing.T) {
			stop := startReader(t, w)
			f := swarm(t, w, "beside", keys)
			reads := stop()
			t.Logf("the reader has read %d times, %.0f a second", reads, float64(reads)/time.Since(f.began).Seconds())
		})
		w.clean(t)
	})
}

func swarm(t *testing.T, w *world, word string, keys []string) *figures {
	wide, each := load(16, 64), load(3, 20)
	f := newFigures()
	lanes(wide, func(lane int) {
		key := keys[lane%len(keys)]
		for i := range each {
			a := w.pm(t, fmt.Sprint("a", lane), "note", key, fmt.Sprintf("%s %d %d", word, lane, i))
			f.add(a.took)
			if a.code != 0 {
				f.fail(t, "lane %d, process %d: %s", lane, i, a)
			}
			if info, err := os.Stat(w.address + "-wal"); err == nil {
				f.most("wal_bytes", info.Size())
			}
		}
	})
	s := f.log(t)
	stored := map[string]int{}
	for _, body := range w.strings(t, "select body from notes where body like $1", word+" %") {
		stored[body]++
	}
	for lane := range wide {
		for i := range each {
			if n := stored[fmt.Sprintf("%s %d %d", word, lane, i)]; n != 1 {
				t.Errorf("the note of lane %d, process %d, is there %d times", lane, i, n)
			}
		}
	}
	if wal, _ := f.extra["wal_bytes"].(int64); wal > walBound {
		t.Errorf("the WAL grew to %d bytes", wal)
	}
	if full() && (s.P99 > 3000 || s.Worst > 10*s.P50) {
		t.Errorf("p99 %v ms, worst %v ms, median %v ms: p99 may be 3000, the worst ten times the median", s.P99, s.Worst, s.P50)
	}
	return f
}

// startReader starts a process that holds the database open and reads. Stop
// ends it and returns how often it has read.
func startReader(t *testing.T, w *world) (stop func() int) {
	t.Helper()
	cmd := w.mode(t, "reader")
	cmd.Stderr = os.Stderr
	in, out, err := pipes(cmd)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "reading" {
		t.Fatalf("the reader says %q", lines.Text())
	}
	return func() int {
		in.Close()
		if !lines.Scan() {
			t.Error("the reader has died")
		}
		n, err := strconv.Atoi(strings.TrimSpace(lines.Text()))
		if err != nil || n == 0 {
			t.Errorf("the reader says %q", lines.Text())
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("the reader: %v", err)
		}
		return n
	}
}

// pipes starts a process and returns its ends.
func pipes(cmd *exec.Cmd) (io.WriteCloser, io.ReadCloser, error) {
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	return in, out, cmd.Start()
}

// readAllTheWhile reads the whole plan again and again until its stdin is
// closed, and says then how often.
func readAllTheWhile() int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	db, err := store.Open(ctx, os.Getenv(addressEnv), store.Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, "reader:", err)
		return 1
	}
	go func() { io.Copy(io.Discard, os.Stdin); cancel() }()
	n := 0
	for ctx.Err() == nil {
		// The reads themselves are not called off: each must succeed.
		_, err := store.Read(context.Background(), db, func(tx *store.Tx) (int, error) {
			tasks, err := tx.Tasks(store.TaskFilter{Sort: store.ByKey})
			if err != nil {
				return 0, err
			}
			read := len(tasks)
			err = tx.EachRecord(store.HistoryFilter{Limit: 100}, func(records []store.Record) error { read += len(records); return nil })
			return read, err
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, "reader:", err)
			return 1
		}
		if n++; n == 1 {
			fmt.Println("reading")
		}
	}
	fmt.Println(n)
	return 0
}
