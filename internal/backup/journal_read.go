package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// A journalReader reads one segment, whose bytes are known to be those that
// were written.
type journalReader struct {
	j     *journal
	path  string
	file  int
	head  journalHead
	begun bool
	at    int64 // in the file
	used  int   // lines of the export before
	lines []lineRef
}

func (p *journalReader) line(line []byte) error {
	at := p.at
	p.at += int64(len(line))
	switch {
	case !p.begun:
		return p.begin(line)
	case bytes.HasPrefix(line, []byte(endPrefix)):
		return nil
	case bytes.HasPrefix(line, []byte(`{"type":"keep",`)), bytes.HasPrefix(line, []byte(`{"type":"drop",`)):
		return p.step(line)
	}
	p.lines = append(p.lines, lineRef{p.file, len(line), at, digestOf(line)})
	return nil
}

func (p *journalReader) step(line []byte) error {
	var s journalStep
	before := p.j.lines
	if json.Unmarshal(line, &s) != nil || s.Lines < 0 || s.Lines > len(before)-p.used {
		return damaged(p.path, "it refers to lines that do not exist")
	}
	if s.Type == "keep" {
		p.lines = append(p.lines, before[p.used:p.used+s.Lines]...)
	}
	p.used += s.Lines
	return nil
}

func (p *journalReader) begin(line []byte) error {
	p.begun = true
	if json.Unmarshal(line, &p.head) != nil || p.head.Type != "segment" || p.head.Format < 1 {
		return damaged(p.path, "its first line was altered")
	}
	if p.head.Format > journalFormat {
		return plan.Errorf(plan.Storage, "%s was written by a newer pm", p.path).WithCode("format_newer").WithHint("use the pm that wrote it")
	}
	if p.head.Parent == "" {
		p.j.lines = nil // it begins anew
		return nil
	}
	n := len(p.j.files)
	if n == 0 || p.j.files[n-1] != p.head.Parent {
		return damaged(p.path, "it builds on %s, which is missing", p.head.Parent)
	}
	if p.j.ends[n-1].SHA256 != p.head.Seal {
		return damaged(p.path, "it builds on a file other than %s", p.head.Parent)
	}
	return nil
}

// segments returns the names of the segments of a journal, oldest first.
func segments(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if _, is := momentOf(e.Name(), journalEnding); is && e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// readJournal reads a journal up to a moment, which may be zero. What a
// segment cannot build on is told by broken, and nothing after it is read.
func readJournal(ctx context.Context, dir string, at time.Time) (j *journal, broken error, err error) {
	names, err := segments(dir)
	if err != nil {
		return nil, nil, err
	}
	j = &journal{dir: dir}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		if moment, _ := momentOf(name, journalEnding); !at.IsZero() && moment.After(at) {
			break
		}
		if err := j.readSegment(name); err != nil {
			return j, err, nil
		}
	}
	return j, nil, nil
}

// A journalExport is the export of a journal at a moment.
type journalExport struct {
	j     *journal
	files []*os.File
	next  int
	line  []byte // what is left of it
	sum   hash.Hash
}

func (j *journal) open() (io.ReadCloser, error) {
	e := &journalExport{j: j, sum: sha256.New()}
	for _, name := range j.files {
		f, err := os.Open(filepath.Join(j.dir, name))
		if err != nil {
			return nil, errors.Join(err, e.Close())
		}
		e.files = append(e.files, f)
	}
	return e, nil
}

func (e *journalExport) Read(b []byte) (int, error) {
	if len(e.line) == 0 {
		if e.next == len(e.j.lines) {
			if end := e.j.ends[len(e.j.ends)-1]; hex.EncodeToString(e.sum.Sum(nil)) != end.Export {
				return 0, damaged(e.j.dir, "its lines do not match the export")
			}
			return 0, io.EOF
		}
		ref := e.j.lines[e.next]
		e.next++
		e.line = make([]byte, ref.length)
		if _, err := e.files[ref.file].ReadAt(e.line, ref.at); err != nil {
			return 0, err
		}
		e.sum.Write(e.line)
	}
	n := copy(b, e.line)
	e.line = e.line[n:]
	return n, nil
}

func (e *journalExport) Close() error {
	var errs []error
	for _, f := range e.files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// IsJournal reports whether pm export --follow writes to a directory.
func IsJournal(dir string) bool {
	if h, err := readHead(dir); err == nil && h != nil {
		return h.Kind == kindLines
	}
	names, err := segments(dir)
	return err == nil && len(names) > 0
}

// Source returns the export that a journal holds, at a moment or the newest.
func Source(ctx context.Context, dir string, at time.Time) (tracker.Source, error) {
	j, broken, err := readJournal(ctx, dir, at)
	if err == nil {
		err = broken
	}
	if err == nil && len(j.files) == 0 {
		err = plan.Errorf(plan.NotFound, "%s has no export from before %s", dir, at.UTC().Format(time.RFC3339)).WithCode("no_backup").
			WithHint("to see what it has: pm backup list %s", dir)
	}
	if err != nil {
		return tracker.Source{}, err
	}
	return tracker.Source{Name: dir, Open: j.open}, nil
}

// lines checks a journal: every segment, that none is missing, and that the
// newest is the export that it was.
func (r *Report) lines(ctx context.Context, dir string, h *head) error {
	j, broken, err := readJournal(ctx, dir, time.Time{})
	if errors.Is(broken, fs.ErrNotExist) {
		err, broken = broken, nil
	}
	if err != nil {
		return err
	}
	r.Checked += len(j.files)
	if broken != nil {
		return r.brokenSegment(dir, j, broken)
	}
	if h != nil && !slices.Contains(j.files, h.Newest) {
		r.add(filepath.Join(dir, h.Newest), "it is missing")
		return nil
	}
	e, err := j.open()
	if err != nil {
		return err
	}
	defer e.Close()
	_, err = io.Copy(io.Discard, e)
	return r.fault(dir, err)
}

// brokenSegment names the file that is missing, or that is not as it was
// written.
func (r *Report) brokenSegment(dir string, j *journal, broken error) error {
	names, err := segments(dir)
	if err != nil || len(j.files) == len(names) {
		return err
	}
	path := filepath.Join(dir, names[len(j.files)])
	text := plan.Describe(broken).Message
	if _, after, found := strings.Cut(text, "it builds on "); found {
		if missing, is := strings.CutSuffix(after, ", which is missing"); is {
			r.add(filepath.Join(dir, missing), "it is missing")
			return nil
		}
	}
	return r.fault(path, broken)
}
