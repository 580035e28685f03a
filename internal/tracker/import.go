package tracker

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/utf"
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

	// Patience is how long one read of an opened source may take until the
	// import gives up, since others wait for it; 0 means usualPatience.
	Patience time.Duration
}

// usualPatience is longer than a disk that was asleep takes to begin.
const usualPatience = 5 * time.Second

// ImportLines is how Tracker.ImportLines is called.
type ImportLines struct {
	Source   Source
	DryRun   bool
	Progress func(done, total int) // told of lines stored; may be nil
}

// ImportLines stores an export, losslessly and in one transaction. What is
// there already with the same version and history is left as it is; anything
// else under a key of the file is a conflict, and nothing is stored.
func (t *Tracker) ImportLines(ctx context.Context, in ImportLines) (Imported, error) {
	return t.importLines(ctx, in)
}

// CheckSource reads an export as ImportLines does, and stores nothing.
func CheckSource(ctx context.Context, s Source) error {
	return eachLine(ctx, s, func(readLine) error { return nil })
}

func (t *Tracker) importLines(ctx context.Context, in ImportLines) (Imported, error) {
	total, digest, err := measure(in.Source)
	if err != nil {
		return Imported{}, err
	}
	run := func(tx *store.Tx) (Imported, error) {
		l := newLoader(tx, in.DryRun)
		l.lineOf = func(k plan.Key) int { return lineOf(ctx, in.Source, k) }
		if l.trash, err = tx.Trash(); err != nil {
			return l.report, err
		}
		restore := func() error { return nil }
		if !in.DryRun {
			var err error
			if err = tx.LockGraph(); err == nil {
				restore, err = tx.DeferIndexes()
			}
			if err != nil {
				return l.report, err
			}
		}
		empty, announce := true, func(int) {}
		if !in.DryRun {
			announce = tx.Announce(total)
		}
		err := eachLine(ctx, in.Source, func(r readLine) error {
			empty = false
			announce(r.number)
			if in.Progress != nil {
				in.Progress(r.number, total)
			}
			l.unknownFields(r)
			return atLine(r.number, l.line(r.line))
		})
		if err == nil && empty {
			err = plan.Errorf(plan.Invalid, "%s is empty", in.Source.Name).WithHint("use a file that pm export wrote")
		}
		l.findUnknown(in.Source.Name)
		l.report.Findings = append(l.report.Findings, l.left.findings(func(plan.Key) string { return in.Source.Name })...)
		if err == nil {
			err = l.finish()
		}
		if err == nil {
			err = restore()
		}
		return l.report, err
	}
	if in.DryRun {
		return read(ctx, t, run)
	}
	return write(ctx, t, call{"import", digest}, run)
}

// measure counts the lines of a source, for the progress, and takes its
// digest, by which a repeated import is known.
func measure(s Source) (lines int, digest string, err error) {
	r, err := s.Open()
	if err != nil {
		return 0, "", err
	}
	defer r.Close()
	sum := sha256.New()
	n := lineCount{}
	if _, err := io.Copy(io.MultiWriter(sum, &n), utf.NewReader(r)); err != nil {
		return 0, "", fmt.Errorf("read %s: %w", s.Name, err)
	}
	return n.lines(), hex.EncodeToString(sum.Sum(nil)), nil
}

// lineOf returns the number of a task's line in a source. Looking for it again
// costs less than to keep those of all in memory for the one that is asked for.
func lineOf(ctx context.Context, s Source, task plan.Key) (n int) {
	eachLine(ctx, s, func(r readLine) error {
		if t, is := r.line.(interchange.TaskRecord); is && t.Key == task {
			n = r.number
			return io.EOF
		}
		return nil
	})
	return n
}

// A lineCount counts the lines that are written to it.
type lineCount struct {
	ends    int
	started bool // a last line without an end
}

func (c *lineCount) Write(b []byte) (int, error) {
	c.ends += bytes.Count(b, []byte("\n"))
	if len(b) > 0 {
		c.started = b[len(b)-1] != '\n'
	}
	return len(b), nil
}

func (c *lineCount) lines() int {
	if c.started {
		return c.ends + 1
	}
	return c.ends
}

// A readLine is a line of a source, or the error that ended it.
type readLine struct {
	line    any
	number  int
	bytes   int      // of it in the file
	unknown []string // fields that no line of its type has
	err     error
}

// How much is decoded ahead of what is stored: lines are passed on together, up
// to so many or so many bytes of the file, and no more than mostAhead and one
// line of the file are in memory.
const (
	linesTogether = 64
	bytesTogether = 256 << 10
	mostAhead     = 4 << 20
)

// eachLine opens the source and calls f with each line, while
// the next lines are decoded and checked. This reading inside a transaction is
// the one exception to the rule that bodies do no I/O: a plan can be larger
// than memory. A source that stalls, such as a file on a network, ends it. It
// may be repeated, since the source is opened anew.
func eachLine(ctx context.Context, s Source, f func(readLine) error) error {
	r, err := s.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	ctx, stop := context.WithCancel(ctx)
	d := decoder{r: interchange.NewLineReader(newPatient(r, s), s.Name), to: make(chan []readLine, 1), taken: make(chan int, 8)}
	go func() {
		defer close(d.to)
		d.run(ctx)
	}()
	defer func() {
		stop()
		for range d.to { // the decoder must be done before the source is closed
		}
	}()
	for lines := range d.to {
		bytes := 0
		for _, l := range lines {
			bytes += l.bytes
			if l.err != nil {
				return l.err
			}
			if err := f(l); err != nil {
				return err
			}
		}
		d.taken <- bytes
	}
	return ctx.Err()
}

// A decoder decodes and checks lines ahead of who stores them.
type decoder struct {
	r     *interchange.LineReader
	check checker
	to    chan []readLine
	taken chan int // bytes of the lines that were stored
	ahead int      // bytes of those that were not
}

func (d *decoder) run(ctx context.Context) {
	for more := true; more; {
		var lines []readLine
		bytes := 0
		for more && len(lines) < linesTogether && bytes < bytesTogether {
			var l readLine
			if l, more = d.next(); more || l.err != nil {
				lines = append(lines, l)
				bytes += l.bytes
			}
		}
		select {
		case d.to <- lines:
			d.ahead += bytes
		case <-ctx.Done():
			return
		}
		for d.ahead > mostAhead || len(d.taken) > 0 {
			select {
			case n := <-d.taken:
				d.ahead -= n
			case <-ctx.Done():
				return
			}
		}
	}
}

// next decodes a line, unless it was the last or has an error.
func (d *decoder) next() (l readLine, more bool) {
	line, err := d.r.Next()
	if errors.Is(err, io.EOF) {
		return l, false
	}
	if err == nil {
		err = d.check.line(line, d.r.Line())
	}
	return readLine{line, d.r.Line(), d.r.Size(), d.r.Unknown(), err}, err == nil
}
