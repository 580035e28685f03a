package backup

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash/maphash"
	"os"
	"path/filepath"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// A Follower writes, round by round, what has changed in a database into a
// directory. Each round is a backup of its own: of the moment before it began.
// Rounds are for one goroutine; Prove may run beside them.
type Follower struct {
	keptHead
	pages *db.Pages
	table *table
	tip   *segment // the last that was written; nil: none yet

	// A quick hash of each page, by a seed of this process, spares most of the
	// slow ones. Only pages whose hash is in the table have one; 0 is none.
	seed  maphash.Seed
	quick []uint64
}

// A Moment is a backup of one moment.
type Moment struct {
	Path  string    `json:"path"`
	At    time.Time `json:"at"`
	Pages int       `json:"pages,omitempty"` // that were written
	Lines int       `json:"lines,omitempty"` // that were written, of an export
	Bytes int64     `json:"bytes"`           // that were written
}

// Follow goes on with the backups in a directory, or begins them.
func Follow(ctx context.Context, t *tracker.Tracker, dir string) (*Follower, error) {
	pages, err := t.DB().Pages()
	if err != nil {
		return nil, err
	}
	of, err := filepath.Abs(t.DB().Path())
	if err != nil {
		return nil, err
	}
	f := &Follower{keptHead: keptHead{dir: dir}, pages: pages, table: &table{}, seed: maphash.MakeSeed()}
	if f.head, err = openDir(dir, kindPages, of); err != nil {
		return nil, errors.Join(err, pages.Close())
	}
	return f, f.resume()
}

// resume takes up the newest moment that can be restored. What is damaged in
// the directory is not built on.
func (f *Follower) resume() error {
	c, err := loadChain(f.dir)
	if err != nil {
		return err
	}
	tip, _ := c.tip(time.Time{})
	if tip == nil {
		return nil
	}
	switch _, table, err := c.pages(tip); {
	case err == nil:
		f.tip, f.table = tip, table
	case plan.KindOf(err) != plan.Corrupt:
		return err
	}
	return nil
}

// Close gives the connection to the database back.
func (f *Follower) Close() error { return f.pages.Close() }

// Round makes a backup of now, if anything has changed since the last one: then
// made is not nil. It has its name once it is whole and synced.
func (f *Follower) Round(ctx context.Context) (made *Moment, err error) {
	at := time.Now().UTC().Truncate(time.Millisecond)
	if f.tip != nil && !f.tip.At.Before(at) { // the clock was set back
		at = f.tip.At.Add(time.Millisecond)
	}
	about := footer{At: at}
	path := filepath.Join(f.dir, at.Format(momentForm)+segmentEnding)
	if f.tip != nil {
		if _, err := os.Stat(f.tip.path); err != nil { // somebody has emptied the directory
			f.tip, f.table, f.quick = nil, &table{}, nil
			f.pages.Again()
		} else {
			about.Parent = f.tip.name()
		}
	}
	var w *segmentWriter
	defer func() {
		if w != nil {
			w.f.Discard()
		}
	}()
	begin := func(count, size int) error { about.Pages, about.PageSize = count, size; return nil }
	changed, err := f.pages.Each(ctx, begin, func(n int, page []byte) (err error) {
		quick := maphash.Bytes(f.seed, page)
		if n <= len(f.quick) && f.quick[n-1] == quick {
			return nil
		}
		s := sha256.Sum256(page)
		if n <= len(f.table.sums) && f.table.sums[n-1] == s {
			f.remember(n, quick)
			return nil
		}
		if w == nil {
			if w, err = newSegmentWriter(ctx, path); err != nil {
				return err
			}
		}
		return w.page(n, page, s)
	})
	if err != nil || !changed || w == nil && len(f.table.sums) == about.Pages {
		return nil, err
	}
	if w == nil { // it only has fewer pages
		if w, err = newSegmentWriter(ctx, path); err != nil {
			return nil, err
		}
	}
	if made, err = f.commit(ctx, w, about, path); err != nil {
		f.pages.Again()
	}
	return made, err
}

// remember keeps the quick hash of a page that is in the table.
func (f *Follower) remember(n int, quick uint64) {
	if len(f.quick) < len(f.table.sums) {
		f.quick = append(f.quick, make([]uint64, len(f.table.sums)-len(f.quick))...)
	}
	f.quick[n-1] = quick
}

// commit ends a round: the segment first, then the manifest.
func (f *Follower) commit(ctx context.Context, w *segmentWriter, about footer, path string) (*Moment, error) {
	next := f.table.after(about.Pages, w.index)
	about.State = next.state()
	if err := w.commit(about); err != nil {
		return nil, err
	}
	s, err := openSegment(path)
	if err != nil {
		return nil, err
	}
	f.tip, f.table = s, next
	for _, p := range w.index { // the next round knows them by their slow hash
		if p.n <= len(f.quick) {
			f.quick[p.n-1] = 0
		}
	}
	f.quick = f.quick[:min(len(f.quick), about.Pages)]
	return &Moment{Path: path, At: s.At, Pages: len(s.index), Bytes: s.size}, f.wrote(ctx, s.name())
}

// ProofDue reports whether the newest backup is to be proved: the first is,
// and one each day.
func (f *Follower) ProofDue() bool {
	return f.tip != nil && f.unproved()
}

// Prove restores the newest moment into a temporary file, and has pm doctor
// check it.
func (f *Follower) Prove(ctx context.Context) (Proof, error) {
	p, err := prove(ctx, f.dir)
	if err != nil {
		return p, err
	}
	return f.proved(ctx, p)
}

func prove(ctx context.Context, dir string) (p Proof, err error) {
	c, err := loadChain(dir)
	if err != nil {
		return p, err
	}
	tip, err := c.tip(time.Time{})
	if err != nil || tip == nil {
		return p, err
	}
	temporary, err := os.CreateTemp(dir, ".pm-proof-*")
	if err != nil {
		return p, err
	}
	defer func() {
		for _, path := range append(besides(temporary.Name()), temporary.Name()) {
			os.Remove(path)
		}
	}()
	err = errors.Join(c.writeTo(ctx, tip, temporary), temporary.Close())
	if err != nil {
		return p, err
	}
	found, err := Check(ctx, temporary.Name())
	return Proof{At: time.Now().UTC().Truncate(time.Second), Moment: tip.At, Tasks: found.Tasks, Problems: found.Problems}, err
}

// besides are the files that SQLite makes beside a database.
func besides(path string) []string { return []string{path + "-wal", path + "-shm", path + "-lock"} }
