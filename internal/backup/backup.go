// Package backup makes copies of a plan's database, and puts them back.
//
// A backup is an SQLite file of its own. It holds what the database held at
// one moment, beside any number of writers, and has its name only when it has
// been checked and synced. Putting one back loses nothing either: what was
// there before is kept.
package backup

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"pm/internal/db"
	"pm/internal/outfile"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tracker"
)

// Contents say what a backup holds.
type Contents struct {
	Bytes    int64 `json:"bytes"`
	Epics    int64 `json:"epics"`
	Features int64 `json:"features"`
	Tasks    int64 `json:"tasks"`
	Problems int   `json:"problems"` // that pm doctor finds in it
}

// A Made is a backup that was made.
type Made struct {
	Path string `json:"path"`
	Contents
}

// A Place says where a backup goes.
type Place struct {
	Path string   // a file, or a directory, which gets a new file; empty: Dir
	Dir  string   // is made if it is not there
	Keep []string // files that are not overwritten, besides databases in use
}

// Create writes a backup of t's plan. What is wrong with the plan is wrong with
// the backup, too: Problems says so.
func Create(ctx context.Context, t *tracker.Tracker, p Place) (m Made, err error) {
	if err := t.DB().CanCopy(); err != nil {
		return m, err
	}
	path := p.Path
	if path == "" {
		path = p.Dir
		if err := os.MkdirAll(path, 0o700); err != nil {
			return m, err
		}
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, name(""))
	}
	m.Path = path
	f, err := outfile.Create(ctx, path, outfile.Options{Mode: 0o600, Keep: p.Keep, Database: true})
	if err != nil {
		return m, err
	}
	defer f.Discard()
	if f.Straight() {
		return m, plan.Errorf(plan.Refused, "cannot write a backup to %s: it is not a regular file", path).WithCode("bad_file").
			WithHint("to write to a pipe, export the plan: pm export")
	}
	if err = t.DB().CopyTo(ctx, f.Name()); err == nil {
		m.Contents, err = Check(ctx, f.Name())
	}
	if err != nil {
		return m, err
	}
	return m, f.Commit()
}

// name returns that of a new file, by the time.
func name(prefix string) string {
	return prefix + time.Now().UTC().Format("20060102T150405.000Z") + ".db"
}

// Check reads a backup whole, as pm doctor does.
func Check(ctx context.Context, path string) (c Contents, err error) {
	copied, err := store.Open(ctx, path, store.Options{ReadOnly: true})
	if err != nil {
		return c, err
	}
	defer copied.Close()
	t := tracker.New(copied)
	found, err := t.Doctor(ctx, tracker.Doctor{})
	if err != nil {
		return c, err
	}
	c.Problems = found.Flaws
	stats, err := t.Stats(ctx, tracker.ShowStats{})
	if err != nil {
		return c, err
	}
	c.Bytes = stats.Bytes
	for _, table := range stats.Tables {
		switch table.Name {
		case "epics":
			c.Epics = table.Rows
		case "features":
			c.Features = table.Rows
		case "tasks":
			c.Tasks = table.Rows
		}
	}
	return c, nil
}

// A Restore says what to put back where.
type Restore struct {
	From    string // the backup, or any copy of a database with its WAL
	Address string // of the database
	Options store.Options
	Keep    string // the directory for what was there
	DryRun  bool   // only look whether it could be done
}

// A Restored says what was put back.
type Restored struct {
	Database string `json:"database"`
	From     string `json:"from"`
	Kept     string `json:"kept,omitempty"` // where lies what was there; empty: there was nothing
	DryRun   bool   `json:"dry_run,omitempty"`
	Contents
}

// Run puts a backup in the place of the database, which is kept. A backup in
// which pm doctor finds something wrong is refused.
func (r Restore) Run(ctx context.Context) (done Restored, err error) {
	done = Restored{Database: r.Address, From: r.From, DryRun: r.DryRun}
	if db.IsPostgres(r.Address) {
		return done, plan.Errorf(plan.Refused, "cannot restore a backup into a PostgreSQL database").WithCode("not_a_file").
			WithHint("export it with pm --db %s export, and import that", r.From)
	}
	if from, err := os.Stat(r.From); err == nil {
		if to, err := os.Stat(r.Address); err == nil && os.SameFile(from, to) {
			return done, plan.Errorf(plan.Refused, "%s is the database itself", r.From).WithHint("name a backup of it")
		}
	}
	source, err := store.Open(ctx, r.From, store.Options{ReadOnly: true})
	if err != nil {
		return done, notABackup(err, r.From)
	}
	defer source.Close()
	f, err := outfile.Create(ctx, r.Address, outfile.Options{Mode: 0o600, Database: true, InUse: true})
	if err != nil {
		return done, err
	}
	defer f.Discard()
	if f.Straight() {
		return done, plan.Errorf(plan.Refused, "%s is not a regular file", r.Address).WithCode("bad_file").WithHint("name another file with --db")
	}
	if err = source.CopyTo(ctx, f.Name()); err == nil {
		done.Contents, err = Check(ctx, f.Name())
	}
	if err != nil {
		return done, err
	}
	if done.Problems > 0 {
		return done, plan.Errorf(plan.Corrupt, "doctor found problems in %s (%d)", r.From, done.Problems).WithCode("flaws").
			WithHint("pm --db %s doctor lists them; nothing was changed", r.From)
	}
	if r.DryRun {
		return done, nil
	}
	return done, r.replace(ctx, f, &done)
}

func (r Restore) replace(ctx context.Context, f *outfile.File, done *Restored) error {
	if err := os.MkdirAll(r.Keep, 0o700); err != nil {
		return err
	}
	if err := f.Finish(); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	kept, err := store.Replace(ctx, r.Address, r.Options, f.Name(), filepath.Join(r.Keep, name("replaced-")))
	if done.Kept = kept; kept == "" {
		os.Remove(r.Keep) // unless there is something in it
	}
	return err
}

// notABackup says what is wrong with a file that cannot be opened as a backup.
func notABackup(err error, path string) error {
	switch plan.Describe(err).Code {
	case "no_database":
		return plan.Errorf(plan.NotFound, "backup %s not found", path).WithCode("no_file").WithHint("check the path")
	case "not_a_database":
		return plan.Errorf(plan.Corrupt, "%s is not a backup", path).WithCode("not_a_database").WithHint("to import an export, use pm import %s", path)
	}
	return err
}
