package db

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"pm/internal/outfile"
)

// A Trouble is something about the files of a database that keeps pm from working
// on it, or soon will.
type Trouble struct {
	What string // rights, lock or wal
	Text string
}

const (
	// longTurn is how long a writer may have its turn before that is a trouble.
	longTurn = time.Second

	// largeWAL is how many bytes of WAL are many: writers begin it anew from
	// 1 MiB on, unless somebody reads for as long as they write all this.
	largeWAL = 64 << 20
)

// Troubles looks at the files of a database; on PostgreSQL, and of a file that is
// only read, there are none.
func (db *DB) Troubles() (found []Trouble) {
	now := db.latest()
	if now.place == nil || now.place.readOnly {
		return nil
	}
	add := func(what, format string, args ...any) {
		found = append(found, Trouble{what, fmt.Sprintf(format, args...)})
	}
	owner, root := ownerOf(now.path), os.Geteuid() == 0
	for _, path := range append([]string{filepath.Dir(now.path), now.path}, outfile.Beside(now.path)...) {
		if _, err := os.Stat(path); err != nil {
			continue
		}
		switch is := ownerOf(path); {
		case !writable(path):
			add("rights", "%s cannot be written by this user", path)
		case root && path != filepath.Dir(now.path) && is != owner: // who may write everything has made it
			add("rights", "%s belongs to user %d, and %s to user %d", path, is, filepath.Base(now.path), owner)
		}
	}
	if by, held := now.queue.heldLong(now.path + "-wal"); held {
		add("lock", "a write has been running for more than %s%s", longTurn, by)
	}
	if size := walSize(now.path); size > largeWAL {
		add("wal", "%s-wal is %d MiB: a read has been running for a long time%s", now.path, size>>20, holders(now.path+"-shm"))
	}
	return found
}

// heldLong reports whether another process keeps the turn to write for longer than
// longTurn, and which. If the WAL is written meanwhile, the turn goes round among many,
// unless whoever has it says what it is doing.
func (q *queue) heldLong(wal string) (by string, held bool) {
	f, err := os.Open(q.path)
	if err != nil {
		return "", false
	}
	defer f.Close()
	before := modTime(wal)
	for began := time.Now(); ; time.Sleep(longTurn / 20) {
		if free, err := tryLockFile(f); err != nil || free {
			return "", false // closing it gives it back
		}
		if time.Since(began) > longTurn {
			break
		}
	}
	if w, published := q.work(); published {
		return fmt.Sprintf(": %s by %s, %d of %d done%s", w.What, w.Agent, w.Done, w.Total, holders(q.path)), true
	}
	return holders(q.path), before.Equal(modTime(wal))
}

// modTime returns when a file was last written; the zero time if it is not there.
func modTime(path string) (at time.Time) {
	if info, err := os.Stat(path); err == nil {
		at = info.ModTime()
	}
	return at
}
