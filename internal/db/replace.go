package db

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"pm/internal/outfile"
	"pm/internal/plan"
	"pm/internal/sqlite"
)

// Replace moves the database in the file at with, which nobody has open and
// which lies on the same file system, to address, and moves the one that was
// there to aside, if there was one: then it returns where that is. An error
// leaves nothing at with. It waits for its turn among the writers. Whenever it
// is cut off, a whole database lies at address: the old one or the new one.
// Processes that have the old one open notice with their next transaction.
func Replace(ctx context.Context, address string, o Options, with, aside string) (kept string, err error) {
	defer func() {
		if err != nil && kept != with {
			os.Remove(with) // fails once it was moved
		}
	}()
	path, err := realPath(address)
	if err != nil {
		return "", err
	}
	if err := o.local(path); err != nil {
		return "", err
	}
	if err := prepare(ctx, with); err != nil {
		return "", err
	}
	q := newQueue(path+"-lock", o.wait(), o.Waiting)
	defer q.close()
	release, err := q.enter(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return "", moveIn(path, with, aside)
	}
	move := func() (err error) {
		kept, err = swap(path, with, aside)
		return err
	}
	old := &DB{d: &SQLite, opts: o, path: path}
	if runtime.GOOS == "windows" { // where nothing is moved that is open
		if err = whileLocked(ctx, path, o, func() error { return nil }); err == nil {
			err = move()
		}
	} else {
		err = whileLocked(ctx, path, o, move)
	}
	if old.d.classify(err).kind == plan.Corrupt { // nobody can write to it
		err = move()
	}
	return kept, old.translate(err)
}

// prepare makes a copy a database that is written through a WAL.
func prepare(ctx context.Context, path string) error {
	h := newWriter(path, nil, Options{})
	err := h.Use(ctx, func(c *sqlite.Conn) error {
		_, err := c.Exec(ctx, "pragma journal_mode=wal")
		return err
	})
	if err = errors.Join(err, h.Close()); err != nil {
		return (&DB{d: &SQLite, path: path}).translate(err)
	}
	if err := syncFile(path); err != nil {
		return fileError(err, path)
	}
	return nil
}

// whileLocked calls f while no program can write to the database at path, and
// all that it holds is in its file: nothing is in the WAL.
func whileLocked(ctx context.Context, path string, o Options, f func() error) error {
	h := newWriter(path, nil, o)
	defer h.Close() // leaves the WAL alone that lies there by then: the file has moved
	return h.Use(ctx, func(c *sqlite.Conn) error {
		for {
			before := c.SetBusyTimeout(o.wait())
			var busy, pages, copied int64
			err := ask(fileSession{ctx: ctx, c: c}, "pragma wal_checkpoint(truncate)", &busy, &pages, &copied)
			c.SetBusyTimeout(before)
			if err != nil {
				return err
			}
			if busy != 0 {
				return waitedFor(o.wait(), path)
			}
			if err := c.Begin(ctx, true); err != nil {
				return err
			}
			if walSize(path) == 0 {
				if err := isOurs(ctx, c, path); err != nil {
					return err
				}
				return f()
			}
			if err := c.Rollback(); err != nil { // somebody wrote in between
				return err
			}
		}
	})
}

// isOurs refuses the database of another program.
func isOurs(ctx context.Context, c *sqlite.Conn, path string) error {
	var application, pages int64
	s := fileSession{ctx: ctx, c: c}
	if err := errors.Join(ask(s, "pragma application_id", &application), ask(s, "pragma page_count", &pages)); err != nil {
		return err
	}
	if pages > 0 && application != applicationID {
		return plan.Errorf(plan.Refused, "cannot replace %s: it is not a pm database", path).WithCode("not_a_database").WithHint("name another file with --db")
	}
	return nil
}

// swap puts the database with in the place of the one at path, and returns
// where that is now. What lies beside it goes first: SQLite would take it for
// the new one's.
func swap(path, with, aside string) (kept string, err error) {
	if err := moveBeside(path, aside); err != nil {
		return "", err
	}
	switch err := exchange(path, with); {
	case err == nil:
		if os.Rename(with, aside) != nil {
			aside = with // the old one stays there
		}
		return aside, syncMoved(path, aside)
	case !errors.Is(err, errors.ErrUnsupported):
		return "", fileError(err, path)
	}
	if err := os.Rename(path, aside); err != nil {
		return "", fileError(err, aside)
	}
	if err := os.Rename(with, path); err != nil {
		return "", errors.Join(fileError(err, path), os.Rename(aside, path))
	}
	return aside, syncMoved(path, aside)
}

// moveIn puts a database where there is none; what is left of one goes aside.
func moveIn(path, with, aside string) error {
	if err := moveBeside(path, aside); err != nil {
		return err
	}
	if err := os.Rename(with, path); err != nil {
		return fileError(err, path)
	}
	return syncMoved(path, aside)
}

// moveBeside moves what the file of the database at path does not hold, so that
// it lies beside kept, and removes what holds nothing.
func moveBeside(path, kept string) error {
	for _, ending := range []string{"-wal", "-journal", "-shm"} {
		move := func(from string) error { return os.Rename(from, kept+ending) }
		if ending == "-shm" || fileSize(path+ending) == 0 { // SQLite makes the index of a WAL anew
			move = os.Remove
		}
		if err := move(path + ending); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fileError(err, path+ending)
		}
	}
	return nil
}

func syncMoved(path, kept string) error {
	for _, dir := range []string{filepath.Dir(path), filepath.Dir(kept)} {
		if err := outfile.SyncDir(dir); err != nil {
			return fileError(err, dir)
		}
	}
	return nil
}
