package interchange

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"pm/internal/plan"
	"pm/internal/utf"
)

// The limits of what is read of one file.
const (
	maxFile        = 4 << 20  // bytes
	maxFrontMatter = 64 << 10 // bytes
	maxFindings    = 100      // of one file
	maxHead        = 40       // lines in which bold metadata is looked for
	maxBoldLine    = 4 << 10  // bytes of one such line
)

// A document is one markdown file, taken apart but not yet understood.
type document struct {
	path     string
	front    []*field       // of the front matter, in its order
	head     []*field       // the bold lines under the heading
	heading  string         // the first heading, or the file's first line if that is a heading of a lower level
	body     []string       // lines without the front matter
	bodyLine int            // the number of body's first line in the file
	headAt   int            // the index of the heading in body; -1 when there is none
	keepHead bool           // the heading says more than the title
	zone     *time.Location // of dates without one
	now      time.Time      // days of deferral that are past say nothing
	undated  bool           // it is done, and does not say when
	report   report
}

// A field is a named value of a document.
type field struct {
	name   string   // as fieldNames knows it; else as it is written, in lower case
	label  string   // as it is written
	values []string // one of a scalar, any number of a list
	opaque bool     // something deeper than a list, which only raw holds
	line   int      // in the file
	raw    string   // the source
	used   bool     // a column of pm holds all of it
	known  bool     // it is understood, or the report has said what is not

	section bool  // a section of the text, its lines the values
	lines   []int // the numbers of those lines
}

func (f *field) text() string { return strings.TrimSpace(strings.Join(f.values, ", ")) }

// allFields returns the fields of the front matter and of the lines under the heading.
func (d *document) allFields() []*field { return slices.Concat(d.front, d.head) }

// note adds a finding about a line of d. After so many a file is not worth reading.
func (d *document) note(line int, s Severity, format string, args ...any) {
	switch n := len(d.report.findings); {
	case n < maxFindings || s == Failed:
		d.report.add(d.path, line, s, format, args...)
	case n == maxFindings:
		d.report.add(d.path, 0, Warning, "more than %d findings: the rest is not shown", maxFindings)
	}
}

// readDocument reads and takes apart one file. The error is for people.
func readDocument(fsys fs.FS, name string, o MarkdownOptions) (*document, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxFile {
		return nil, fmt.Errorf("larger than %d MiB", maxFile>>20)
	}
	return parseDocument(name, raw, o), nil
}

// parseDocument takes any bytes for a markdown file. What is wrong with them
// is in the document's report.
func parseDocument(name string, raw []byte, o MarkdownOptions) *document {
	d := &document{path: name, zone: o.Zone, now: o.Now}
	lines := strings.Split(d.clean(raw), "\n")
	d.body, d.bodyLine = lines, 1
	d.cutFrontMatter()
	d.readHead()
	d.readSections()
	return d
}

// clean returns raw as valid UTF-8 with \n for every line's end.
func (d *document) clean(raw []byte) string {
	raw = utf.Decode(raw)
	if !utf8.Valid(raw) {
		d.note(0, Warning, "not valid UTF-8: unreadable characters became U+FFFD")
		raw = bytes.ToValidUTF8(raw, []byte("\ufffd"))
	}
	if n := bytes.Count(raw, []byte{0}); n > 0 {
		d.note(0, Warning, "%d zero bytes removed", n)
		raw = bytes.ReplaceAll(raw, []byte{0}, nil)
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(raw))
}

// description returns what d says beside what the columns of pm hold: the
// fields of the front matter that no column took, in their own words, the
// description in it, and the body. The heading is left out if it became the title.
func (d *document) description() string {
	var parts, rest []string
	for _, f := range d.front {
		switch {
		case f.used:
		case f.name == "description" && !f.opaque:
			parts = append(parts, f.text())
		case f.text() != "" || f.opaque:
			rest = append(rest, f.raw)
		}
	}
	body := d.body
	if d.headAt >= 0 && !d.keepHead && blank(body[:d.headAt]) {
		body = body[d.headAt+1:]
	}
	parts = append([]string{strings.Join(rest, "\n")}, append(parts, trimBlankLines(body))...)
	text := strings.TrimRight(join(parts, "\n\n"), "\n")
	if len(text) <= plan.MaxText {
		return text
	}
	d.note(0, Failed, "the text is %d bytes long: only the first %d are imported", len(text), plan.MaxText)
	return strings.ToValidUTF8(text[:plan.MaxText], "")
}

// join puts sep between the parts that are not empty.
func join(parts []string, sep string) string {
	var full []string
	for _, p := range parts {
		if p != "" {
			full = append(full, p)
		}
	}
	return strings.Join(full, sep)
}

func blank(lines []string) bool {
	return !slices.ContainsFunc(lines, func(l string) bool { return strings.TrimSpace(l) != "" })
}

func trimBlankLines(lines []string) string {
	for len(lines) > 0 && blank(lines[:1]) {
		lines = lines[1:]
	}
	return strings.TrimRight(strings.Join(lines, "\n"), " \t\n")
}
