package db

import (
	"context"
	"os"
	"strconv"
	"time"

	"pm/internal/sqlite"
)

// How long SQLite's write-ahead log becomes: docs/adr/0003 says why.
const (
	// walTarget is from what length on, in pages, a write copies the WAL into
	// the database file and begins it anew: 1 MiB. A process that opens the file
	// after all others have closed it reads the whole WAL, so that a short one
	// makes a quick start.
	walTarget = 256

	// walLimit is what the WAL's file is cut to, in bytes, when a large
	// transaction has made it longer.
	walLimit = 4 << 20

	// walPatience is from what length on, in pages, that write waits for
	// readers to let it, once in each walStep; restartWait is how long it waits
	// at first, and mostRestartWait how long at most: others wait for it.
	walPatience     = 8 * walStep
	walStep         = 256
	restartWait     = 100 * time.Millisecond
	mostRestartWait = time.Second

	// walEvery is how many writes of one process may pass, while the file does
	// not grow, until the length of the WAL in it is asked for again.
	walEvery = 16
)

// A walWatch remembers, within the queue of writers, what this process knows
// of the WAL.
type walWatch struct {
	path   string
	size   int64 // of its file, which is as long as the WAL once was
	asked  int64 // the size when the length of the WAL was last asked for
	writes int   // since then
}

// look looks at the file.
func (w *walWatch) look() { w.size = fileSize(w.path) }

// ask looks at the file after a write, and reports whether to ask how long
// the WAL in it is.
func (w *walWatch) ask() bool {
	w.look()
	if w.writes++; w.asked == w.size && w.writes < walEvery || w.size < walTarget*pageSize {
		return false
	}
	w.asked, w.writes = w.size, 0
	return true
}

// walPages returns how many pages are in the WAL.
func walPages(ctx context.Context, c *sqlite.Conn) (pages int64, err error) {
	var busy, copied int64
	err = ask(fileSession{ctx: ctx, c: c}, "pragma wal_checkpoint(noop)", &busy, &pages, &copied)
	return pages, err
}

// longWAL returns how long the WAL is, in pages, if its file is so long that
// shortenWAL has to know; else 0.
func (db *DB) longWAL(ctx context.Context) (pages int64) {
	if db.wal.size == 0 {
		db.wal.look()
	}
	if db.wal.size < walPatience*pageSize {
		return 0
	}
	err := db.writer.(file).Use(ctx, func(c *sqlite.Conn) (err error) {
		pages, err = walPages(ctx, c)
		return err
	})
	if err != nil {
		return 0
	}
	return pages
}

// shortenWAL copies the WAL into the database file, and begins it anew, when
// writes have made it long. It does not wait for readers, who would need what
// is in it, until it is walPatience long: then a little, and longer the longer
// it is. Not to manage is no failure: a later write tries again. before is how
// long the WAL was before the last write.
func (db *DB) shortenWAL(before int64) {
	if !db.wal.ask() {
		return
	}
	ctx := context.Background() // the timeout must be set back, whoever has lost interest
	db.writer.(file).Use(ctx, func(c *sqlite.Conn) error {
		now, err := walPages(ctx, c)
		if err != nil || now < walTarget {
			return err
		}
		began := time.Now()
		wait := readersWait(before, now)
		if db.backedUp.Load() > 0 {
			wait = 0 // the reader is a backup, which takes its time
		}
		err = restartWAL(ctx, c, wait)
		db.step("wal.restart", began, err)
		return err
	})
}

// readersWait is how long a write that made the WAL longer, from before to now,
// waits for readers.
func readersWait(before, now int64) time.Duration {
	if now < walPatience || now/walStep == before/walStep {
		return 0
	}
	return min(restartWait*time.Duration(1+(now-walPatience)/walStep), mostRestartWait)
}

func restartWAL(ctx context.Context, c *sqlite.Conn, wait time.Duration) error {
	before := c.SetBusyTimeout(wait)
	var busy, pages, copied int64
	s := fileSession{ctx: ctx, c: c}
	err := ask(s, "pragma wal_checkpoint(restart)", &busy, &pages, &copied)
	c.SetBusyTimeout(before)
	if err != nil || busy != 0 {
		return err
	}
	// That the next write begins the WAL anew is noted in shared memory only,
	// which a process that finds itself alone throws away, to read the old WAL
	// once more. So here is that next write: it changes nothing, but unlike a
	// row that stays as it is, SQLite writes it.
	if err := c.Begin(ctx, true); err != nil {
		return err
	}
	if err := rewriteVersion(s); err != nil {
		return err
	}
	return c.Commit()
}

// rewriteVersion writes the schema version that is there anyway.
func rewriteVersion(s session) error {
	var version int64
	err := ask(s, "pragma user_version", &version)
	if err == nil {
		_, err = s.exec("pragma user_version=" + strconv.FormatInt(version, 10))
	}
	return err
}

func walSize(path string) int64 { return fileSize(path + "-wal") }

// fileSize returns the size of a file, 0 when it is not there.
func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
