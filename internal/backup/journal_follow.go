package backup

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tracker"
)

// A JournalFollower writes, round by round, what has changed in the export of
// a plan into a directory. Rounds are for one goroutine; Prove may run beside
// them.
type JournalFollower struct {
	keptHead
	t     *tracker.Tracker
	lines []digest // of the export at the last round
	last  string   // the name of the segment; empty: none yet
	seal  string   // of it
}

// FollowExport goes on with the export in a directory, or begins it.
func FollowExport(ctx context.Context, t *tracker.Tracker, dir string) (*JournalFollower, error) {
	of := t.DB().Path()
	if abs, err := filepath.Abs(of); err == nil && t.DB().CanCopy() == nil {
		of = abs
	}
	f := &JournalFollower{keptHead: keptHead{dir: dir}, t: t}
	var err error
	if f.head, err = openDir(dir, kindLines, of); err != nil {
		return nil, err
	}
	j, broken, err := readJournal(ctx, dir, time.Time{})
	if err != nil || len(j.files) == 0 {
		return f, err
	}
	if broken != nil { // it begins anew behind what is damaged
		return f, nil
	}
	f.last, f.seal = j.files[len(j.files)-1], j.ends[len(j.ends)-1].SHA256
	for _, line := range j.lines {
		f.lines = append(f.lines, line.digest)
	}
	return f, nil
}

// Close has nothing to give back.
func (f *JournalFollower) Close() error { return nil }

// Round writes what has changed since the last one; made is nil if nothing has.
func (f *JournalFollower) Round(ctx context.Context) (made *Moment, err error) {
	at := time.Now().UTC().Truncate(time.Millisecond)
	if before, is := momentOf(f.last, journalEnding); is && !before.Before(at) { // the clock was set back
		at = before.Add(time.Millisecond)
	}
	if f.last != "" {
		if _, err := os.Stat(filepath.Join(f.dir, f.last)); err != nil { // somebody has emptied the directory
			f.last, f.seal, f.lines = "", "", nil
		}
	}
	path := filepath.Join(f.dir, at.Format(momentForm)+journalEnding)
	w, err := newJournalWriter(ctx, path, journalHead{Type: "segment", Format: journalFormat, At: at, Parent: f.last, Seal: f.seal}, f.lines)
	if err != nil {
		return nil, err
	}
	defer w.f.Discard()
	if err := f.t.Export(ctx, w, nil); err != nil {
		return nil, err
	}
	if f.last != "" && w.same() {
		return nil, nil
	}
	seal, err := w.commit()
	if err != nil {
		return nil, err
	}
	f.last, f.seal, f.lines = filepath.Base(path), seal, w.lines
	return &Moment{Path: path, At: at, Lines: w.added, Bytes: w.bytes}, f.wrote(ctx, f.last)
}

// ProofDue reports whether the export is to be proved: the first is, and one
// each day.
func (f *JournalFollower) ProofDue() bool {
	return f.last != "" && f.unproved()
}

// Prove imports the newest export into a temporary database, and has pm doctor
// check that.
func (f *JournalFollower) Prove(ctx context.Context) (p Proof, err error) {
	j, broken, err := readJournal(ctx, f.dir, time.Time{})
	if err == nil {
		err = broken
	}
	if err != nil || len(j.files) == 0 {
		return p, err
	}
	dir, err := os.MkdirTemp("", "pm-proof-")
	if err != nil {
		return p, err
	}
	defer os.RemoveAll(dir)
	d, _, err := store.Create(ctx, filepath.Join(dir, "pm.db"), store.Options{NormalDurability: true})
	if err != nil {
		return p, err
	}
	t := tracker.New(d)
	_, err = t.ImportLines(plan.WithActor(ctx, plan.Actor{Name: "pm", Surface: "cli"}), tracker.ImportLines{Source: tracker.Source{Name: f.dir, Open: j.open}})
	if err != nil {
		return p, errors.Join(err, d.Close())
	}
	found, err := t.Doctor(ctx, tracker.Doctor{})
	if err == nil {
		var c Contents
		c, err = count(ctx, t)
		p = Proof{At: time.Now().UTC().Truncate(time.Second), Moment: j.at, Tasks: c.Tasks, Problems: found.Flaws}
	}
	if err = errors.Join(err, d.Close()); err != nil {
		return p, err
	}
	return f.proved(ctx, p)
}
