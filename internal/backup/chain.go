package backup

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A chain is the segments of a directory, by their names. Those that cannot be
// read are in broken.
type chain struct {
	dir      string
	segments map[string]*segment
	broken   map[string]error
}

// loadChain reads the indexes of all segments in a directory.
func loadChain(dir string) (*chain, error) {
	c := &chain{dir: dir, segments: map[string]*segment{}, broken: map[string]error{}}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), segmentEnding) || !e.Type().IsRegular() {
			continue
		}
		switch s, err := openSegment(filepath.Join(dir, e.Name())); {
		case err == nil:
			c.segments[e.Name()] = s
		case !errors.Is(err, fs.ErrNotExist): // else it was pruned meanwhile
			c.broken[e.Name()] = err
		}
	}
	return c, nil
}

// sorted returns the segments that can be read, oldest first.
func (c *chain) sorted() []*segment {
	return slices.SortedStableFunc(maps.Values(c.segments), func(a, b *segment) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.name(), b.name())) })
}

// back returns a segment and those that it builds on, newest first, up to the
// one that has all pages.
func (c *chain) back(s *segment) ([]*segment, error) {
	line := []*segment{s}
	for s.Parent != "" {
		parent := c.segments[s.Parent]
		if parent == nil {
			if err := c.broken[s.Parent]; err != nil {
				return nil, err
			}
			return nil, damaged(c.dir, "%s builds on %s, which is missing", s.name(), s.Parent)
		}
		if !parent.At.Before(s.At) || parent.PageSize != s.PageSize {
			return nil, damaged(c.dir, "%s cannot build on %s", s.name(), s.Parent)
		}
		line, s = append(line, parent), parent
	}
	return line, nil
}

// tip returns the newest segment not after at, zero for any, that can be
// restored; nil: there is none. skipped is why a newer one cannot be.
func (c *chain) tip(at time.Time) (tip *segment, skipped error) {
	for _, s := range slices.Backward(c.sorted()) {
		if !at.IsZero() && s.At.After(at) {
			continue
		}
		_, err := c.back(s)
		if err == nil {
			return s, skipped
		}
		skipped = cmp.Or(skipped, err)
	}
	return nil, skipped
}

// A placed page says where the newest version of a page lies.
type placed struct {
	of *segment
	stored
}

// pages returns where each page of a moment lies, and the hashes of all.
func (c *chain) pages(s *segment) ([]placed, *table, error) {
	line, err := c.back(s)
	if err != nil {
		return nil, nil, err
	}
	out := make([]placed, s.Pages)
	left := s.Pages
	for _, from := range line {
		for _, p := range from.index {
			if p.n <= s.Pages && out[p.n-1].of == nil {
				out[p.n-1] = placed{from, p}
				left--
			}
		}
		if left == 0 {
			break
		}
	}
	t := &table{}
	t.resize(s.Pages)
	for i, p := range out {
		if p.of == nil {
			return nil, nil, damaged(s.path, "page %d is in none of the files that it builds on", i+1)
		}
		t.set(i+1, p.sum)
	}
	if t.state() != s.State {
		return nil, nil, damaged(s.path, "it and the files before it do not match the database that was backed up")
	}
	return out, t, nil
}

// The bytes of the first page that say whether a database is written through a
// WAL, and what they are if not (https://sqlite.org/fileformat.html). A copy is
// one that is not: nothing has to lie beside it.
const (
	writeVersion = 18
	readVersion  = 19
	noWAL        = 1
)

// writeTo writes the database as it was at a moment to f, which is empty.
func (c *chain) writeTo(ctx context.Context, s *segment, f *os.File) error {
	pages, _, err := c.pages(s)
	if err != nil {
		return err
	}
	open := map[*segment]*os.File{}
	defer func() {
		for _, f := range open {
			f.Close()
		}
	}()
	w := &blocks{f: f}
	defer w.syncs.Wait()
	var u unpacker
	for _, p := range pages {
		if err := ctx.Err(); err != nil {
			return err
		}
		from := open[p.of]
		if from == nil {
			if len(open) >= mostOpen {
				for s, f := range open {
					f.Close()
					delete(open, s)
				}
			}
			if from, err = os.Open(p.of.path); err != nil {
				return err
			}
			open[p.of] = from
		}
		page, err := u.read(from, p.of, p.stored)
		if err == nil && p.n == 1 {
			page[writeVersion], page[readVersion] = noWAL, noWAL
		}
		if err == nil {
			err = w.write(page)
		}
		if err != nil {
			return err
		}
	}
	return w.flush()
}

// mostOpen is how many segments are kept open at a time.
const mostOpen = 200

// blocks writes pages in large pieces, and has the disk begin with what is
// written while more is made: at the end little is left to sync.
type blocks struct {
	f       *os.File
	b       []byte
	pending int // bytes that no sync has been begun for
	syncs   sync.WaitGroup
	busy    atomic.Bool
}

// syncStep is after how many bytes a sync is begun.
const syncStep = 32 << 20

func (w *blocks) write(page []byte) error {
	w.b = append(w.b, page...)
	if len(w.b) < 1<<20 {
		return nil
	}
	return w.flush()
}

func (w *blocks) flush() error {
	_, err := w.f.Write(w.b)
	w.pending += len(w.b)
	w.b = w.b[:0]
	if w.pending >= syncStep && w.busy.CompareAndSwap(false, true) {
		w.pending = 0
		w.syncs.Go(func() {
			w.f.Sync() // if it fails, so does the one that counts
			w.busy.Store(false)
		})
	}
	return err
}
