package backup

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"time"

	"pm/internal/plan"
)

// A Pruned says what Prune did.
type Pruned struct {
	Dir     string `json:"dir"`
	Kept    int    `json:"kept"`
	Removed int    `json:"removed"`
	Freed   int64  `json:"freed"` // bytes
	DryRun  bool   `json:"dry_run,omitempty"`
}

// Prune removes backups from a directory, but for those that a rule keeps.
// Files and moments are counted apart. What a moment that is kept needs of
// those before it is taken into it. Files with names of their own, and plans
// that a restore replaced, are left alone.
func Prune(ctx context.Context, dir string, keep Keep, dryRun bool) (p Pruned, err error) {
	p = Pruned{Dir: dir, DryRun: dryRun}
	if IsJournal(dir) {
		return p, plan.Errorf(plan.Refused, "cannot prune %s: every file of an export is needed", dir).WithCode("not_a_backup").
			WithHint("begin another one: pm export --follow OTHER, then remove this directory")
	}
	l, err := List(dir)
	if err != nil {
		return p, err
	}
	if !dryRun {
		removeLeft(dir)
	}
	if err := p.files(l, keep); err != nil {
		return p, err
	}
	return p, p.moments(ctx, dir, keep)
}

func (p *Pruned) files(l Listing, keep Keep) error {
	items := slices.DeleteFunc(slices.Clone(l.Items), func(i Item) bool {
		_, own := momentOf(filepath.Base(i.Path), ".db")
		return i.Kind != KindFile || !own
	})
	moments := make([]time.Time, len(items))
	for i, item := range items {
		moments[i] = item.At
	}
	for i, kept := range keep.choose(moments) {
		if kept {
			p.Kept++
			continue
		}
		if p.Removed++; !p.DryRun {
			if err := remove(items[i].Path + sealEnding); err != nil {
				return err
			}
			if err := remove(items[i].Path); err != nil {
				return err
			}
		}
		p.Freed += items[i].Bytes
	}
	return nil
}

// moments merges the segments between two moments that are kept into that of
// the second. Whenever it is cut off, every moment that is still there can be
// restored.
func (p *Pruned) moments(ctx context.Context, dir string, keep Keep) error {
	c, err := loadChain(dir)
	if err != nil {
		return err
	}
	tip, _ := c.tip(time.Time{})
	if tip == nil {
		return nil
	}
	line, err := c.back(tip) // newest first
	if err != nil {
		return err
	}
	moments := make([]time.Time, len(line))
	for i, s := range line {
		moments[i] = s.At
	}
	chosen := keep.choose(moments)
	for end := len(line); end > 0; {
		first := end - 1 // the oldest of the group, which ends with one that is kept
		last := first
		for !chosen[last] {
			last--
		}
		p.Kept++
		if last < first {
			if err := p.merge(ctx, line[last:first+1]); err != nil {
				return err
			}
		}
		end = last
	}
	return p.forks(c, line)
}

// forks removes what no moment that is kept builds on: what a killed prune has
// left, and backups that two processes began from one moment.
func (p *Pruned) forks(c *chain, line []*segment) error {
	for _, s := range slices.Backward(c.sorted()) {
		if slices.Contains(line, s) || !s.At.Before(line[0].At) {
			continue
		}
		p.Removed++
		p.Freed += s.size
		if !p.DryRun {
			if err := remove(s.path); err != nil {
				return err
			}
		}
	}
	return nil
}

// merge makes one segment of several, newest first: the newest, on the parent
// of the oldest.
func (p *Pruned) merge(ctx context.Context, group []*segment) error {
	newest, oldest := group[0], group[len(group)-1]
	for _, s := range group[1:] {
		p.Removed++
		p.Freed += s.size
	}
	p.Freed += newest.size
	if p.DryRun {
		return nil
	}
	w, err := newSegmentWriter(ctx, newest.path)
	if err != nil {
		return err
	}
	defer w.f.Discard()
	done := map[int]bool{}
	for _, s := range group {
		if err := w.take(ctx, s, newest.Pages, done); err != nil {
			return err
		}
	}
	about := newest.footer
	about.Parent = oldest.Parent
	if err := w.commit(about); err != nil {
		return err
	}
	p.Freed -= sizeOf(newest.path)
	for _, s := range group[1:] { // newest first: each that is left has all it builds on
		if err := remove(s.path); err != nil {
			return err
		}
	}
	return nil
}

// take copies from a segment the pages that are not done, up to the last of
// the database, and checks them.
func (w *segmentWriter) take(ctx context.Context, s *segment, last int, done map[int]bool) error {
	f, err := os.Open(s.path)
	if err != nil {
		return err
	}
	defer f.Close()
	var u unpacker
	for _, p := range s.index {
		if err := ctx.Err(); err != nil {
			return err
		}
		if p.n > last || done[p.n] {
			continue
		}
		done[p.n] = true
		if _, err := u.read(f, s, p); err != nil {
			return err
		}
		if err := w.raw(p, u.packed[:p.length]); err != nil {
			return err
		}
	}
	return nil
}
