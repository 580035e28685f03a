package tracker

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"pm/internal/interchange"
	"pm/internal/interchange/vet"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/utf"
)

// An Imported says what an import did, or would do.
type Imported struct {
	Form      string                `json:"form,omitempty"`  // that the source was read as
	Found     Sum                   `json:"found,omitzero"`  // in the source
	Lines     int                   `json:"checks,omitzero"` // records of it that are lines of checklists
	Created   Sum                   `json:"created"`
	Changed   Sum                   `json:"changed"`
	Unchanged Sum                   `json:"unchanged"`
	Files     int                   `json:"files,omitempty"` // that were looked at
	Findings  []interchange.Finding `json:"findings"`
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
	Strict   bool                  // store nothing if there are findings
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
	return eachLine(ctx, s, nil, func(readLine) error { return nil })
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
			if err := firstError(tx.KeepZone(), tx.LockGraph()); err != nil { // in this order, as everybody
				return l.report, err
			}
			var err error
			if restore, err = tx.DeferIndexes(); err != nil {
				return l.report, err
			}
		}
		empty, announce := true, func(int) {}
		if !in.DryRun {
			announce = tx.Announce(total)
		}
		err := eachLine(ctx, in.Source, l.prepare, func(r readLine) error {
			empty = false
			announce(r.number)
			if in.Progress != nil {
				in.Progress(r.number, total)
			}
			l.unknownFields(r)
			return vet.AtLine(r.number, l.line(r.line, r.prepared))
		})
		if err == nil && empty {
			err = plan.Errorf(plan.Invalid, "%s is empty", in.Source.Name).WithHint("give a plan, or a file that pm export wrote; to see the formats: pm import --list")
		}
		l.findUnknown(in.Source.Name)
		l.report.Findings = append(l.report.Findings, l.left.findings(func(plan.Key) string { return in.Source.Name })...)
		if err == nil {
			err = l.finish()
		}
		if err == nil {
			err = restore()
		}
		if !in.DryRun && (l.brought > 0 || l.broughtProject) {
			tx.Bring(l.brought, l.roots, l.broughtProject)
		}
		l.report.Form, l.report.Found = "pm", l.report.Created.plus(l.report.Unchanged)
		return l.report, firstError(err, strictly(in.Strict, l.report.Findings))
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
	eachLine(ctx, s, nil, func(r readLine) error {
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

func (s Sum) plus(o Sum) Sum {
	return Sum{s.Epics + o.Epics, s.Features + o.Features, s.Tasks + o.Tasks}
}

// serious returns the findings that are more than worth knowing.
func serious(findings []interchange.Finding) (out []interchange.Finding) {
	for _, f := range findings {
		if f.Severity != interchange.Info {
			out = append(out, f)
		}
	}
	return out
}

// Serious counts the findings that are more than worth knowing, in words; empty
// if there are none.
func (i Imported) Serious() string {
	all := serious(i.Findings)
	if len(all) == 0 {
		return ""
	}
	first := all[0]
	if n := slices.IndexFunc(all, func(f interchange.Finding) bool { return f.Severity != interchange.Skipped }); n > 0 {
		first = all[n]
	}
	return findings(len(all)) + ", first " + sentence(first)
}

func findings(n int) string {
	if n == 1 {
		return "1 finding"
	}
	return fmt.Sprintf("%d findings", n)
}

func sentence(f interchange.Finding) string {
	switch {
	case f.Path == "" || f.Path == ".":
		return f.Message
	case f.Line > 0:
		return fmt.Sprintf("%s:%d: %s", f.Path, f.Line, f.Message)
	}
	return f.Path + ": " + f.Message
}

// strictly refuses an import with findings that are more than worth knowing.
func strictly(strict bool, all []interchange.Finding) error {
	some := serious(all)
	if !strict || len(some) == 0 {
		return nil
	}
	return refusal(findings(len(some))+" under --strict", some, all).WithHint("see all of them with --dry-run; without --strict they are reported, and the rest is imported")
}

// refusal is an error that says which findings prevent an import, and carries all.
func refusal(what string, some, all []interchange.Finding) *plan.Error {
	const most = 20
	words := make([]string, 0, most+1)
	for _, f := range some[:min(len(some), most)] {
		words = append(words, sentence(f))
	}
	if len(some) > most {
		words = append(words, fmt.Sprintf("and %d more", len(some)-most))
	}
	err := plan.Errorf(plan.Invalid, "import refused, nothing was changed: %s: %s", what, strings.Join(words, "; ")).WithCode("findings")
	err.Err = interchange.Findings(all)
	return err
}
