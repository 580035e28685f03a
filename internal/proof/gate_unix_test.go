//go:build unix

package proof

import (
	"context"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A gate holds up the writers of a task, as another writer would, so that
// they all come through at once when it opens.
type gate struct {
	open    func()
	waiting func() int // how many writers wait at it; -1 when that cannot be told
}

// shut closes a gate: on SQLite it holds the kernel lock of the writers'
// queue, on PostgreSQL the lock of the task's row.
func (w *world) shut(t testing.TB, task string) gate {
	t.Helper()
	if w.engine == "sqlite" {
		return w.shutFile(t)
	}
	h := w.foreign(t)
	h.SetMaxOpenConns(2)
	tx, err := h.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec("select id from tasks where key = $1 for update", task); err != nil {
		t.Fatal(err)
	}
	return gate{
		open: func() { tx.Rollback(); h.Close() },
		waiting: func() (n int) {
			err := h.QueryRow("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'").Scan(&n)
			if err != nil {
				t.Error(err)
			}
			return n
		},
	}
}

func (w *world) shutFile(t testing.TB) gate {
	t.Helper()
	f, err := os.OpenFile(w.address+"-lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	inode := ":" + strconv.FormatUint(info.Sys().(*syscall.Stat_t).Ino, 10) + " "
	return gate{
		open: func() { f.Close() },
		waiting: func() (n int) {
			locks, err := os.ReadFile("/proc/locks") // on Linux
			if err != nil {
				return -1
			}
			for line := range strings.Lines(string(locks)) {
				if strings.Contains(line, "-> FLOCK") && strings.Contains(line, inode) {
					n++
				}
			}
			return n
		},
	}
}

// queueHeld reports whether somebody holds the kernel lock of the writers' queue.
func (w *world) queueHeld(t testing.TB) bool {
	t.Helper()
	f, err := os.OpenFile(w.address+"-lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) != nil
}

// await waits until n writers wait at the gate. Where that cannot be told it
// skips the test.
func (g gate) await(t testing.TB, n int) {
	t.Helper()
	if g.waiting() < 0 {
		g.open()
		t.Skip("this system does not say who waits for a lock")
	}
	until(t, "writers wait at the gate", func() bool { return g.waiting() >= n })
}

// until looks every millisecond whether something is so that no event tells of.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited a minute until %s", what)
		}
	}
}
