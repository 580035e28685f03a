package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

// A Finding is something that is wrong with a backup.
type Finding struct {
	Where string `json:"where"` // the file
	What  string `json:"what"`
}

// A Report says what Verify found.
type Report struct {
	Path     string    `json:"path"`
	Checked  int       `json:"checked"` // files
	Findings []Finding `json:"findings"`
	Proof    *Proof    `json:"proof,omitempty"` // of the newest moment, restored just now
}

func (r *Report) add(where, format string, args ...any) {
	r.Findings = append(r.Findings, Finding{where, fmt.Sprintf(format, args...)})
}

// fault adds an error of reading a file; others than damage are returned.
func (r *Report) fault(where string, err error) error {
	if err == nil {
		return nil
	}
	if e := plan.Describe(err); e.Kind == plan.Corrupt {
		r.add(where, "%s", strings.TrimPrefix(e.Message, where+" is damaged: "))
		return nil
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		r.add(where, "it is truncated")
		return nil
	}
	return err
}

// Verify reads every byte of the backups at path, a file or a directory, and
// names each file that was altered, is cut short, or is missing. The newest
// moment of a continuous backup is restored into a temporary file and checked
// by pm doctor, if nothing else was found.
func Verify(ctx context.Context, path string) (r Report, err error) {
	r = Report{Path: path, Findings: []Finding{}}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, sealErr := os.Stat(path + sealEnding); sealErr == nil {
			r.add(path, "it is missing")
			return r, nil
		}
		return r, noBackup(path)
	}
	if err != nil {
		return r, err
	}
	if !info.IsDir() {
		return r, r.file(ctx, path, true)
	}
	if err := r.files(ctx, path); err != nil {
		return r, err
	}
	h, err := readHead(path)
	if err := r.fault(filepath.Join(path, manifest), err); err != nil {
		return r, err
	}
	if IsJournal(path) {
		if r.Checked++; h == nil && len(r.Findings) == 0 {
			r.add(filepath.Join(path, manifest), "it is missing")
		}
		return r, r.lines(ctx, path, h)
	}
	if err := r.moments(ctx, path, h); err != nil {
		return r, err
	}
	if r.Checked == 0 && len(r.Findings) == 0 {
		return r, noBackups(path)
	}
	return r, nil
}

// file checks a backup that is a file.
func (r *Report) file(ctx context.Context, path string, doctor bool) error {
	r.Checked++
	state, err := checkSeal(ctx, path, io.Discard)
	if err != nil {
		return err
	}
	switch state {
	case unsealed:
		r.add(path, "%s is missing, so it cannot be verified", filepath.Base(path)+sealEnding)
	case altered:
		r.add(path, "its bytes do not match %s", filepath.Base(path)+sealEnding)
		return nil
	}
	if !doctor {
		return nil
	}
	found, err := Check(ctx, path)
	if err = r.fault(path, err); err == nil && found.Problems > 0 {
		r.add(path, "pm doctor finds %d problems in it", found.Problems)
	}
	return err
}

// files checks the backups in a directory that are files.
func (r *Report) files(ctx context.Context, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if of, is := strings.CutSuffix(e.Name(), sealEnding); is && of != "" {
			if _, err := os.Stat(filepath.Join(dir, of)); errors.Is(err, fs.ErrNotExist) {
				r.add(filepath.Join(dir, of), "it is missing")
			}
			continue
		}
		if item, is := fileItem(dir, e); is && item.Kind == KindFile || item.Kind != KindReplaced && isLoose(item.Path) {
			if err := r.file(ctx, item.Path, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// isLoose reports whether a file is a plan that nobody has open and that looks like
// a backup which lost its seal.
func isLoose(path string) bool {
	for _, beside := range []string{"-lock", "-wal"} {
		if _, err := os.Stat(path + beside); err == nil {
			return false
		}
	}
	return path != "" && !strings.HasPrefix(filepath.Base(path), ".") && db.IsPlan(path)
}

// moments checks a continuous backup.
func (r *Report) moments(ctx context.Context, dir string, h *head) error {
	c, err := loadChain(dir)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(c.broken)) {
		r.Checked++
		if err := r.fault(filepath.Join(dir, name), c.broken[name]); err != nil {
			return err
		}
	}
	missing := map[string]bool{}
	lacks := func(name string) {
		if name != "" && c.segments[name] == nil && c.broken[name] == nil && !missing[name] {
			missing[name] = true
			r.add(filepath.Join(dir, name), "it is missing")
		}
	}
	for _, s := range c.sorted() {
		r.Checked++
		lacks(s.Parent)
		if err := r.fault(s.path, s.check(ctx)); err != nil {
			return err
		}
	}
	switch {
	case h != nil:
		r.Checked++
		lacks(h.Newest)
	case len(c.segments)+len(c.broken) > 0 && !slices.ContainsFunc(r.Findings, func(f Finding) bool { return filepath.Base(f.Where) == manifest }):
		r.add(filepath.Join(dir, manifest), "it is missing")
	}
	if len(r.Findings) > 0 || len(c.segments) == 0 {
		return nil
	}
	return r.states(ctx, c)
}

// states holds what each moment is said to have held against what it and those
// before it hold, and restores the newest.
func (r *Report) states(ctx context.Context, c *chain) error {
	tables := map[string]*table{}
	for _, s := range c.sorted() { // parents come first
		t := tables[s.Parent].after(s.Pages, s.index)
		delete(tables, s.Parent) // a fork, which a crash can leave, is checked by itself
		tables[s.name()] = t
		if t.state() != s.State {
			if _, _, err := c.pages(s); err != nil {
				if err := r.fault(s.path, err); err != nil {
					return err
				}
			}
		}
	}
	if len(r.Findings) > 0 {
		return nil
	}
	proof, err := prove(ctx, c.dir)
	if err != nil {
		return r.fault(c.dir, err)
	}
	r.Proof = &proof
	if tip, _ := c.tip(time.Time{}); tip != nil && proof.Problems > 0 {
		r.add(tip.path, "pm doctor finds %d problems in it", proof.Problems)
	}
	return nil
}
