package interchange

import (
	"strings"
	"time"

	"pm/internal/plan"
)

// A Meaning is what a word of another tool says about a status. An empty Status
// means that the word is not known.
type Meaning struct {
	Status  plan.TaskStatus
	Dropped bool   // archived without ever having been done
	Reason  string // why it is blocked
	Remark  bool   // more words follow those that say the status
}

// StatusOf understands a status by the words that it begins with, whatever their
// case. What is deferred, waiting or a draft is blocked.
func StatusOf(text string) Meaning {
	s := readStatus(text)
	return Meaning{s.status, s.dropped, s.reason, s.remark}
}

// PriorityOf understands 1 to 10, P0 to P4 and words such as high.
func PriorityOf(text string) (int, bool) { return parsePriority(text) }

// DateOf understands a day or a moment. What has no zone is of the zone given.
func DateOf(text string, zone *time.Location) (time.Time, bool) {
	return (&document{zone: zone}).parseDate(text)
}

// A Field is a named value of a front matter: of a list it has several values.
type Field struct {
	Name   string // as it is written
	Values []string
	Nested bool // deeper than a list: only Raw has it
	Raw    string
	Line   int
}

// Text returns the values of a field, joined.
func (f Field) Text() string { return strings.TrimSpace(strings.Join(f.Values, ", ")) }

// FrontMatter takes the front matter off a document: its fields, the lines
// behind it, and the number of the first of these. What is not the language that
// it seems to be is read line by line, which the findings say.
func FrontMatter(path string, raw []byte) (fields []Field, body []string, line int, findings []Finding) {
	d := &document{path: path, bodyLine: 1}
	d.body = strings.Split(d.clean(raw), "\n")
	d.cutFrontMatter()
	for _, f := range d.front {
		fields = append(fields, Field{Name: f.label, Values: f.values, Nested: f.opaque, Raw: f.raw, Line: f.line})
	}
	return fields, d.body, d.bodyLine, d.report.findings
}

// Text returns a document as UTF-8 with \n for every line's end, and without
// zero bytes, which the findings say.
func Text(path string, raw []byte) (string, []Finding) {
	d := &document{path: path}
	return d.clean(raw), d.report.findings
}

// Pattern returns a function that compiles the expression when it is first called.
var Pattern = pattern

// A Listing is a row of pm import --list.
type Listing struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Mark  string `json:"mark"`
	Docs  string `json:"docs"`
}

// Listings is the answer of pm import --list.
type Listings struct {
	Items []Listing `json:"items"`
}
