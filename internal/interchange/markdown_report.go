package interchange

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"pm/internal/plan"
)

// A Severity says what a finding means for what was imported.
type Severity string

const (
	Info    Severity = "info"    // read as it was meant; worth knowing
	Warning Severity = "warning" // a value was not understood or overruled; the message says what counts instead
	Skipped Severity = "skipped" // the file, or the folder's files, are no part of the plan
	Failed  Severity = "error"   // a document, or a part of one, is not imported
)

// A Finding is one line of an import's report.
type Finding struct {
	Path     string   `json:"file"`           // below the imported folder
	Line     int      `json:"line,omitempty"` // counted from 1; 0 for the file as a whole
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
}

// Findings are why an import was refused.
type Findings []Finding

func (f Findings) Error() string { return fmt.Sprintf("%d findings", len(f)) }

// A report collects findings, with nothing in their messages that a terminal
// would act on. The zero report is empty.
type report struct{ findings []Finding }

func (r *report) add(path string, line int, s Severity, format string, args ...any) {
	message := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return utf8.RuneError // names of files come into messages, too
		}
		return r
	}, fmt.Sprintf(format, args...))
	r.findings = append(r.findings, Finding{path, line, s, message})
}

func (r *report) sorted() []Finding {
	plan.Sort(r.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line))
	})
	return r.findings
}

// quote returns s for a message: in quotes, on one line, shortened.
func quote(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 80 {
		s = string(r[:80]) + "…"
	}
	return `"` + s + `"`
}
