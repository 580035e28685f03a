//go:build unix

package db_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"pm/internal/db"
)

// What keeps pm from writing is named: rights, a writer that does not end, a WAL
// that nobody could begin anew.
func TestTroubles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pm.db")
	create(t, path, "one")
	d, err := db.Open(t.Context(), path, shelves(1), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := tryAdd(d, "two"); err != nil {
		t.Fatal(err)
	}
	if found := d.Troubles(); len(found) > 0 {
		t.Errorf("of a plan in order: %v", found)
	}
	lock, err := os.OpenFile(path+"-lock", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path+"-wal", 65<<20); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		err = os.Chown(path+"-lock", 4711, -1)
	} else {
		err = os.Chmod(path+"-lock", 0o400)
	}
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"rights: " + path + "-lock ", "lock: a write has been running for more than 1s", "wal: " + path + "-wal is 65 MiB"}
	found := d.Troubles()
	for i, trouble := range found {
		if is := fmt.Sprintf("%s: %s", trouble.What, trouble.Text); i >= len(want) || !strings.HasPrefix(is, want[i]) {
			t.Error(is)
		}
	}
	if len(found) != len(want) {
		t.Errorf("found %v", found)
	}

	// Where the turn goes from one to the next, nobody has had it for long.
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for n := 1; ; n++ {
			select {
			case <-done:
				return
			default:
				os.Chtimes(path+"-wal", time.Time{}, time.Unix(int64(n), 0))
			}
		}
	}()
	found = d.Troubles()
	close(done)
	<-stopped
	if slices.ContainsFunc(found, func(trouble db.Trouble) bool { return trouble.What == "lock" }) {
		t.Errorf("while others write one after another: %v", found)
	}
}
