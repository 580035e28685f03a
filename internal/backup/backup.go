// Package backup makes copies of a plan's database, proves that they can be
// restored, and puts them back.
//
// A backup is an SQLite file of its own with its SHA-256 beside it, or a moment
// of a continuous backup: a file of the pages that have changed since the
// moment before (segment.go). It holds what the database held at one moment,
// beside any number of writers, and has its name only when it is whole and
// synced. Putting one back loses nothing either: what was there before is kept.
//
// A journal is the portable form, on both engines: the lines of an export, of
// which each segment has those that have changed (journal.go).
package backup

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"time"

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

	Memory string // the file that Last reads; empty: none
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
	began := time.Now().UTC().Truncate(time.Second)
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
	if err := commitSealed(ctx, f, path, m.Problems == 0); err != nil {
		return m, err
	}
	now := time.Now().UTC().Truncate(time.Second)
	remember(ctx, p.Memory, tracker.Backup{Path: path, At: began, ProvedAt: &now, Problems: m.Problems})
	return m, nil
}

// Keeping makes a backup in a directory with what writes a copy of a database,
// which may be of another version. Nothing but its bytes is checked.
func Keeping(ctx context.Context, dir string, copyTo func(path string) error) (path string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	path = filepath.Join(dir, name(""))
	f, err := outfile.Create(ctx, path, outfile.Options{Mode: 0o600, Database: true})
	if err != nil {
		return "", err
	}
	defer f.Discard()
	if err := copyTo(f.Name()); err != nil {
		return "", err
	}
	return path, commitSealed(ctx, f, path, true)
}

// commitSealed gives a backup its name and, if doctor has found nothing wrong
// with it, its seal. What the seal needs is on the disk before.
func commitSealed(ctx context.Context, f *outfile.File, path string, sound bool) error {
	hash, err := hashOf(ctx, f.Name(), io.Discard)
	if err != nil {
		return err
	}
	if !sound {
		if err := remove(path + sealEnding); err != nil { // of what it replaces
			return err
		}
		return f.Commit()
	}
	seal, err := outfile.Create(ctx, path+sealEnding, outfile.Options{Mode: 0o600})
	if err != nil {
		return err
	}
	defer seal.Discard()
	if _, err := seal.WriteString(sealText(path, hash)); err != nil {
		return err
	}
	if err := seal.Sync(); err != nil {
		return err
	}
	if err := f.Commit(); err != nil {
		return err
	}
	return seal.Commit()
}

// name returns that of a new file, by the time.
func name(prefix string) string {
	return prefix + time.Now().UTC().Format(momentForm) + ".db"
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
	c, err = count(ctx, t)
	c.Problems = found.Flaws
	return c, err
}

// count counts what a backup holds.
func count(ctx context.Context, t *tracker.Tracker) (c Contents, err error) {
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
