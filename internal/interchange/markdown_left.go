package interchange

import "fmt"

// A leftOver is a field that pm has no place for, or something else that is
// reported once for all documents.
type leftOver struct {
	path string // of the first document
	line int
	n    int // documents
	says func(n int) string
	s    Severity
}

// leftOver counts the fields of a document that nothing understood: the
// report names each of them once.
func (r *reading) leftOver(d *document) {
	seen := map[string]bool{}
	count := func(id string, line int, s Severity, says func(n int) string) {
		if seen[id] {
			return
		}
		seen[id] = true
		if r.left == nil {
			r.left = map[string]*leftOver{}
		}
		if r.left[id] == nil {
			r.left[id] = &leftOver{path: d.path, line: line, says: says, s: s}
			r.order = append(r.order, id)
		}
		r.left[id].n++
	}
	for _, f := range d.front {
		if !f.used && !f.known && f.name != "description" && (f.text() != "" || f.opaque) {
			count("field "+nameOf(f.label), f.line, Warning, func(n int) string {
				return fmt.Sprintf("field %s is not imported: pm has no place for it, so it stays in the description (%s)", quote(f.label), documents(n))
			})
		}
	}
	for _, f := range d.head {
		if !f.used && !f.known && f.text() != "" && len(f.text()) <= maxValue {
			count("line "+nameOf(f.label), f.line, Info, func(n int) string {
				return fmt.Sprintf("%s is not imported as a field: it stays in the text (%s)", quote(f.label), documents(n))
			})
		}
	}
	if d.undated {
		count("undated", 0, Info, func(n int) string {
			return fmt.Sprintf("no completion date: the last date in the document is used, or the time of the import if it has none (%s)", documents(n))
		})
	}
}

// maxValue is how long what stands behind a bold label may be for a field.
const maxValue = 120

func documents(n int) string {
	if n == 1 {
		return "1 document"
	}
	return fmt.Sprintf("%d documents", n)
}

// reportLeftOver adds what leftOver counted to the report.
func (r *reading) reportLeftOver() {
	for _, id := range r.order {
		l := r.left[id]
		r.report.add(l.path, l.line, l.s, "%s", l.says(l.n))
	}
}
