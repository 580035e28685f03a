// Package export writes a plan for people and other programs: as a table, as
// markdown, as one page. It takes the lines of an export one after the other, so
// that a plan of any size passes through little memory.
package export

import (
	"io"
	"maps"
	"path/filepath"
	"slices"
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

// FormatOf returns the format that the name of a file ends with; Lines if none.
func FormatOf(file string) string {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".csv":
		return CSV
	case ".md", ".markdown":
		return Markdown
	case ".html", ".htm":
		return HTML
	}
	return Lines
}

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

// dates are the facts about the dates of an item: each a word and a value, which
// may be empty.
func dates(due, start plan.Date) [][2]string {
	return [][2]string{{"due ", string(due)}, {"not before ", string(start)}}
}

// taskFacts are what else is worth reading about a task.
func taskFacts(t plan.Task) [][2]string {
	return append([][2]string{{"estimate ", estimate(t.Estimate)}, {"stage ", t.Stage}, {"agent type ", t.AgentType}, {"repeats ", t.Repeat}}, facts(t.Fields, t.Links, t.Refs)...)
}

// facts are what else is worth reading about any item: its own fields, what it is
// linked to, and its names in other tools.
func facts(own plan.Fields, links []plan.Link, refs []string) (all [][2]string) {
	for _, name := range slices.Sorted(maps.Keys(own)) {
		all = append(all, [2]string{name + " ", own[name].String()})
	}
	return append(all, [2]string{"links ", linked(links, ", ")}, [2]string{"refs ", strings.Join(refs, ", ")})
}

// joined writes those facts that have a value.
func joined(all [][2]string) string {
	var words []string
	for _, fact := range all {
		if fact[1] != "" {
			words = append(words, fact[0]+oneLine(fact[1]))
		}
	}
	return strings.Join(words, " · ")
}

// oneLine writes a text on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
