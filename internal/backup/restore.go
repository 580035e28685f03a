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

// A Restore says what to put back where.
type Restore struct {
	From    string    // a backup, any copy of a database with its WAL, or a directory of backups
	At      time.Time // of a directory: the newest that is not after it; zero: the newest
	Address string    // of the database
	Options store.Options
	Keep    string // the directory for what was there
	DryRun  bool   // only look whether it could be done
}

// A Restored says what was put back.
type Restored struct {
	Database string     `json:"database"`
	From     string     `json:"from"`
	At       *time.Time `json:"at,omitempty"`      // of a backup that was found in a directory
	Kept     string     `json:"kept,omitempty"`    // where lies what was there; empty: there was nothing
	Skipped  []Item     `json:"skipped,omitempty"` // newer backups, which cannot be restored
	DryRun   bool       `json:"dry_run,omitempty"`
	Contents
}

// Run puts a backup in the place of the database, which is kept. One whose
// bytes are not those that were written is refused; so is one without a seal
// in which pm doctor finds something wrong.
func (r Restore) Run(ctx context.Context) (done Restored, err error) {
	done = Restored{Database: r.Address, DryRun: r.DryRun}
	if db.IsPostgres(r.Address) {
		return done, plan.Errorf(plan.Refused, "cannot restore a backup into a PostgreSQL database").WithCode("not_a_file").
			WithHint("export the backup with pm --db FILE export, and import that; see pm export --follow for continuous exports")
	}
	item, skipped, err := r.source()
	if done.From, done.Skipped = item.Path, skipped; err != nil {
		return done, err
	}
	if !item.At.IsZero() {
		done.At = &item.At
	}
	f, err := outfile.Create(ctx, r.Address, outfile.Options{Mode: 0o600, Database: true, InUse: true})
	if err != nil {
		return done, err
	}
	defer f.Discard()
	if f.Straight() {
		return done, plan.Errorf(plan.Refused, "%s is not a regular file", r.Address).WithCode("bad_file").WithHint("name another file with --db")
	}
	if done.Contents, err = r.fill(ctx, item, f); err != nil {
		return done, err
	}
	if done.Problems > 0 {
		return done, plan.Errorf(plan.Corrupt, "doctor found problems in %s (%d)", item.Path, done.Problems).WithCode("flaws").
			WithHint("nothing was changed; to list them: pm --db %s doctor", item.Path)
	}
	if r.DryRun {
		return done, nil
	}
	return done, r.replace(ctx, f, &done)
}

// source finds the backup that is meant.
func (r Restore) source() (item Item, skipped []Item, err error) {
	item = Item{Path: r.From, Kind: KindFile}
	from, err := os.Stat(r.From)
	switch {
	case err != nil: // opening it says why
		return item, nil, nil
	case from.IsDir():
		if IsJournal(r.From) {
			return item, nil, plan.Errorf(plan.Refused, "%s is an export, not a backup", r.From).WithCode("not_a_backup").WithHint("pm import %s", r.From)
		}
		return newest(r.From, r.At)
	case filepath.Ext(r.From) == segmentEnding:
		item.Kind = KindMoment
		return item, nil, nil
	}
	if to, err := os.Stat(r.Address); err == nil && os.SameFile(from, to) {
		return item, nil, plan.Errorf(plan.Refused, "%s is the database itself", r.From).WithHint("name a backup of it")
	}
	return item, nil, nil
}

// fill writes the database of a backup to f, and counts what is in it. A dry
// run has pm doctor check it, and so does a file without a seal.
func (r Restore) fill(ctx context.Context, item Item, f *outfile.File) (Contents, error) {
	look := tally
	if r.DryRun {
		look = Check
	}
	if item.Kind == KindMoment {
		c, err := loadChain(filepath.Dir(item.Path))
		if err != nil {
			return Contents{}, err
		}
		name := filepath.Base(item.Path)
		s := c.segments[name]
		if s == nil {
			if err := c.broken[name]; err != nil {
				return Contents{}, err
			}
			return Contents{}, noBackup(item.Path)
		}
		if err := c.writeTo(ctx, s, f.File); err != nil {
			return Contents{}, err
		}
		return look(ctx, f.Name())
	}
	switch state, err := checkSeal(ctx, item.Path, f); {
	case errors.Is(err, os.ErrNotExist):
		return Contents{}, noBackup(item.Path)
	case err != nil:
		return Contents{}, err
	case state == altered:
		return Contents{}, errAltered(item.Path)
	case state == sound:
		return look(ctx, f.Name())
	}
	source, err := store.Open(ctx, item.Path, store.Options{ReadOnly: true})
	if err != nil {
		return Contents{}, notABackup(err, item.Path)
	}
	defer source.Close()
	if err := source.CopyTo(ctx, f.Name()); err != nil {
		return Contents{}, err
	}
	return Check(ctx, f.Name())
}

// tally counts what a database holds that is known to be sound.
func tally(ctx context.Context, path string) (Contents, error) {
	d, err := store.Open(ctx, path, store.Options{ReadOnly: true})
	if err != nil {
		return Contents{}, err
	}
	defer d.Close()
	return count(ctx, tracker.New(d))
}

func (r Restore) replace(ctx context.Context, f *outfile.File, done *Restored) error {
	if err := os.MkdirAll(r.Keep, 0o700); err != nil {
		return err
	}
	if err := f.Finish(); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	kept, err := store.Replace(ctx, r.Address, r.Options, f.Name(), filepath.Join(r.Keep, name(replacedPrefix)))
	if done.Kept = kept; kept == "" {
		os.Remove(r.Keep) // unless there is something in it
	}
	return err
}

// noBackup is the error that there is no backup of a name.
func noBackup(path string) error {
	return plan.Errorf(plan.NotFound, "backup %s not found", path).WithCode("no_file").WithHint("check the path")
}

// notABackup says what is wrong with a file that cannot be opened as a backup.
func notABackup(err error, path string) error {
	switch plan.Describe(err).Code {
	case "no_database":
		return noBackup(path)
	case "not_a_database":
		return plan.Errorf(plan.Corrupt, "%s is not a backup", path).WithCode("not_a_database").WithHint("to import an export, use pm import %s", path)
	}
	return err
}
