package db

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"pm/internal/outfile"
	"pm/internal/plan"
	"pm/internal/sqlite"
)

// createFile makes a database file. It is made beside its place, synced, and
// moved there when it is whole: whatever interrupts that, a kill, a full disk,
// a power cut, there is a database or there is none, and the next call makes
// one. What older versions left half made, an empty file or a database without
// a table, is finished where it lies.
func createFile(ctx context.Context, named string, s *Schema, o Options) (db *DB, made bool, err error) {
	path, err := realPath(named)
	if err != nil {
		return nil, false, err
	}
	if err := noLinks(path); err != nil {
		return nil, false, err
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return nil, false, fileError(err, path)
	}
	if exists(ctx, path) { // then nothing is put beside it
		db, err = Open(ctx, named, s, o)
		return db, false, err
	}
	if err := o.local(path); err != nil {
		return nil, false, err
	}
	q := newQueue(path+"-lock", o.wait(), o.Waiting)
	defer q.close()
	release, err := q.enter(ctx)
	if err != nil {
		return nil, false, err
	}
	defer release()
	if !exists(ctx, path) { // nobody was quicker
		if fileSize(path) == 0 {
			err = makeFile(ctx, path, s, o)
		} else {
			err = fill(ctx, path, path, s, o, "wal")
		}
		if err != nil {
			return nil, false, err
		}
		made = true
	}
	db, err = Open(ctx, named, s, o)
	return db, made, err
}

// exists reports whether there is something at path that is not for us to
// make: anything but an empty file, or a database in which there is nothing.
func exists(ctx context.Context, path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	if info.Size() == 0 || !info.Mode().IsRegular() {
		return !info.Mode().IsRegular()
	}
	h := newReader(path, nil)
	defer h.Close()
	used := true
	err = h.within(ctx, beginning{}, func(s session) error {
		return ask(s, `select application_id <> 0 or user_version <> 0 or exists (select 1 from sqlite_schema)
			from pragma_application_id, pragma_user_version`, &used)
	})
	return err != nil || used
}

// makeFile makes a database beside path and moves it there.
func makeFile(ctx context.Context, path string, s *Schema, o Options) error {
	if walSize(path) > 0 {
		return plan.Errorf(plan.Conflict, "cannot create %s: %s-wal belongs to a database that no longer exists", path, path).WithCode("stale_wal").
			WithHint("put the database back, or move that file somewhere safe: it may contain changes that exist nowhere else")
	}
	beside := path + "-new"
	own := append(outfile.Beside(beside), beside)
	// What a call that was killed has left; and an index or a journal without
	// a database, which SQLite would apply to the new one.
	for _, name := range append(own, path+"-journal", path+"-shm") {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fileError(err, name)
		}
	}
	defer func() {
		for _, name := range own { // where it fails: the next call does it
			os.Remove(name)
		}
	}()
	f, err := os.OpenFile(beside, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fileError(err, beside)
	}
	if err := f.Close(); err != nil {
		return fileError(err, beside)
	}
	if err := fill(ctx, beside, path, s, o, "memory"); err != nil {
		return err
	}
	if err := syncFile(beside); err != nil {
		return fileError(err, beside)
	}
	if err := os.Rename(beside, path); err != nil {
		return fileError(err, path)
	}
	if err := outfile.SyncDir(filepath.Dir(path)); err != nil {
		return fileError(err, path)
	}
	return nil
}

// fill makes the schema in the file at path, of which errors speak by another
// name. The journal is that of the work; in the end it is a WAL.
func fill(ctx context.Context, path, name string, s *Schema, o Options, journal string) error {
	h := newWriter(path, nil, o)
	db := &DB{d: &SQLite, schema: s, opts: o, path: name, writer: h, disposable: path != name}
	setJournal := func(to string) error {
		return h.Use(ctx, func(c *sqlite.Conn) error {
			_, err := c.Exec(ctx, "pragma journal_mode="+to)
			return err
		})
	}
	err := setJournal(journal)
	if err == nil {
		_, err = db.migrate(ctx)
	}
	if err == nil {
		err = setJournal("wal")
	}
	if closed := h.Close(); err == nil {
		err = closed
	}
	return db.translate(err)
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// noLinks refuses links in place of the files beside a database: pm makes
// none, and one that came with a project may lead anywhere.
func noLinks(path string) error {
	for _, name := range outfile.Beside(path) {
		if info, err := os.Lstat(name); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return plan.Errorf(plan.Refused, "%s is a link that pm did not create", name).WithCode("link_outside").
				WithHint("check where it points, and remove it if it is not yours")
		}
	}
	return nil
}
