// Package export writes a plan for people and other programs: as a table, as
// markdown, as one page. It takes the lines of an export one after the other, so
// that a plan of any size passes through little memory.
package export

import (
	"io"
	"strings"
	"time"

	"pm/internal/interchange"
	"pm/internal/plan"
)

// The formats that a plan is exported in.
const (
	Lines    = "jsonl"
	CSV      = "csv"
	Markdown = "markdown"
	HTML     = "html"
)

// Formats lists the formats.
func Formats() []string { return []string{Lines, CSV, Markdown, HTML} }

// A Page is what a page says beside the plan.
type Page struct {
	Title  string
	Now    time.Time
	Charts []string // as SVG
}

// A writer writes items in the order of their keys, each behind what it lies under.
type writer interface {
	project(plan.Project) error // first, if it has ever set something
	epic(plan.Epic) error
	feature(plan.Feature) error
	task(plan.Task) error
	end() error
}

// Write reads an export from r, called name in errors, and writes it to w in a
// format.
func Write(w io.Writer, format string, r io.Reader, page Page) error {
	out := newWriter(w, format, page)
	err := interchange.NewLineReader(r, "the export").Each(func(line any) error {
		switch l := line.(type) {
		case interchange.ProjectRecord:
			return out.project(l.Item())
		case interchange.EpicRecord:
			return out.epic(l.Item())
		case interchange.FeatureRecord:
			return out.feature(l.Item())
		case interchange.TaskRecord:
			return out.task(l.Item())
		}
		return nil
	})
	if err != nil {
		return err
	}
	return out.end()
}

func newWriter(w io.Writer, format string, page Page) writer {
	switch format {
	case CSV:
		return newTable(w)
	case Markdown:
		return &outline{w: w, page: page}
	}
	return &sheet{w: w, page: page}
}

// stamp writes a moment; empty for none.
func stamp(t *time.Time) string {
	if t == nil {
		return ""
	}
	return plan.Stamp(*t)
}

// oneLine writes a text on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
