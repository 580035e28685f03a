//go:build unix

package proof

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// shut closes a gate: on SQLite it holds the kernel lock of the writers'
// queue, on PostgreSQL the lock of the task's row.
func (w *world) shut(t testing.TB, task string) gate {
	t.Helper()
	g := w.watch(t)
	if w.engine == "sqlite" {
		f := lockFile(t, w.address)
		if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
			t.Fatal(err)
		}
		g.open = func() { f.Close() }
		return g
	}
	h := w.foreign(t)
	tx, err := h.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec("select id from tasks where key = $1 for update", task); err != nil {
		t.Fatal(err)
	}
	g.open = func() { tx.Rollback(); h.Close() }
	return g
}

// watch is shut without holding anything: it only tells how many wait.
func (w *world) watch(t testing.TB) gate {
	t.Helper()
	if w.engine == "postgres" {
		h := w.foreign(t)
		return gate{waiting: func() (n int) {
			err := h.QueryRow("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'").Scan(&n)
			if err != nil {
				t.Error(err)
			}
			return n
		}}
	}
	f := lockFile(t, w.address)
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	inode := ":" + strconv.FormatUint(info.Sys().(*syscall.Stat_t).Ino, 10) + " "
	return gate{waiting: func() (n int) {
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
	}}
}

// lockFile opens the file whose kernel lock orders the writers.
func lockFile(t testing.TB, database string) *os.File {
	t.Helper()
	f, err := os.OpenFile(database+"-lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
