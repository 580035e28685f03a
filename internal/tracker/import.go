package tracker

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
)

// An Imported says what an import did, or would do.
type Imported struct {
	Created   Sum                   `json:"created"`
	Updated   Sum                   `json:"updated,omitzero"`
	Unchanged Sum                   `json:"unchanged"`
	Files     int                   `json:"files,omitempty"` // that were looked at
	Findings  []interchange.Finding `json:"findings,omitempty"`
	DryRun    bool                  `json:"dry_run,omitempty"`
}

// A Sum counts items by level.
type Sum struct {
	Epics    int `json:"epics"`
	Features int `json:"features"`
	Tasks    int `json:"tasks"`
}

func (s *Sum) add(l plan.Level) {
	switch l {
	case plan.LevelEpic:
		s.Epics++
	case plan.LevelFeature:
		s.Features++
	default:
		s.Tasks++
	}
}

// A Source is an export that can be opened more than once: an import reads it
// first to check it, and again for each attempt to store it.
type Source struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// ImportLines is how Tracker.ImportLines and Restore are called.
type ImportLines struct {
	Source   Source
	DryRun   bool
	Progress func(done, total int) // told of lines stored; may be nil
}

// ImportLines stores an export, losslessly and in one transaction. What is
// there already with the same version and history is left as it is; anything
// else under a key of the file is a conflict, and nothing is stored.
func (t *Tracker) ImportLines(ctx context.Context, in ImportLines) (Imported, error) {
	return t.importLines(ctx, in, nil)
}

// Restore brings back what Delete wrote to the trash, under the same keys.
// Its parents must be there.
func (t *Tracker) Restore(ctx context.Context, in ImportLines) (Imported, error) {
	return t.importLines(ctx, in, func(tx *store.Tx, top Item) error {
		h := plan.History{}
		switch {
		case top.Epic != nil:
			h.NewStatus, h.Notes = string(top.Epic.Status), "restored: "+top.Epic.Title
		case top.Feature != nil:
			h.NewStatus, h.Notes = string(top.Feature.Status), "restored: "+top.Feature.Title
		default:
			h.NewStatus, h.Notes = string(top.Task.Status), "restored: "+top.Task.Title
		}
		return tx.RecordChild(top.Key(), h)
	})
}

func (t *Tracker) importLines(ctx context.Context, in ImportLines, restored func(*store.Tx, Item) error) (Imported, error) {
	total := 0
	sum := sha256.New()
	counted := Source{Name: in.Source.Name, Open: func() (io.ReadCloser, error) {
		r, err := in.Source.Open()
		return teeCloser{io.TeeReader(r, sum), r}, err
	}}
	if err := eachLine(ctx, counted, func(line any, n int) error {
		total = n
		return checkLine(line, n)
	}); err != nil {
		return Imported{}, err
	}
	if total == 0 {
		return Imported{}, plan.Errorf(plan.Invalid, "%s is empty", in.Source.Name).WithHint("pm export writes files that can be read")
	}
	run := func(tx *store.Tx) (Imported, error) {
		l := newLoader(tx, in.DryRun)
		if !in.DryRun {
			if err := tx.LockGraph(); err != nil {
				return l.report, err
			}
		}
		err := eachLine(ctx, in.Source, func(line any, n int) error {
			if in.Progress != nil {
				in.Progress(n, total)
			}
			return atLine(n, l.line(line, n))
		})
		if err == nil {
			err = l.finish(restored)
		}
		return l.report, err
	}
	if in.DryRun {
		return read(ctx, t, run)
	}
	return write(ctx, t, call{"import", hex.EncodeToString(sum.Sum(nil))}, run)
}

type teeCloser struct {
	io.Reader
	io.Closer
}

// eachLine opens the source and calls f with each line and its number. This
// reading inside a transaction is the one exception to the rule that bodies
// do no I/O: a plan can be larger than memory. It may be repeated, since the
// source is opened anew.
func eachLine(ctx context.Context, s Source, f func(line any, n int) error) error {
	r, err := s.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	lines := interchange.NewLineReader(r, s.Name)
	for {
		line, err := lines.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = f(line, lines.Line())
		}
		if err != nil {
			return err
		}
	}
}
