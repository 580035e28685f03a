package interchange

import (
	"strings"
)

var fieldLine = pattern(`^["']?([A-Za-z][A-Za-z0-9_ .-]{0,40}?)["']?[ \t]*(?::(?:[ \t]+(.*)|)|=[ \t]*(.*))$`)

// A fence is what stands around a front matter, and how it is written inside.
type fence struct {
	open, close string
	name        string // of the language
	parse       func(lines []string, first int) ([]*field, *syntaxProblem)
	inside      bool // the fence is a part of it
}

var fences = []fence{
	{"---", "---", "YAML", parseYAML, false},
	{"+++", "+++", "TOML", parseTOML, false},
	{"{", "}", "JSON", parseYAML, true}, // which is YAML, too
}

// fenceOf returns the fence that a line opens.
func fenceOf(line string) (fence, bool) {
	line = strings.TrimRight(line, " \t")
	for _, f := range fences {
		if line == f.open {
			return f, true
		}
	}
	return fence{}, false
}

func (f fence) closes(line string) bool {
	line = strings.TrimRight(line, " \t")
	return line == f.close || f.open == "---" && line == "..."
}

// cutFrontMatter takes the front matter off the body: what stands between two
// fences at the file's beginning, blank lines aside.
func (d *document) cutFrontMatter() {
	start := 0
	for start < len(d.body) && blank(d.body[start:start+1]) {
		start++
	}
	if start == len(d.body) {
		return
	}
	around, ok := fenceOf(d.body[start])
	if !ok {
		return
	}
	lines := d.body[start+1:]
	end := 0
	for end < len(lines) && !around.closes(lines[end]) {
		end++
	}
	first := start + 2 // the number of the line behind the fence
	after := min(end+1, len(lines))
	if end == len(lines) {
		if end = leadingFields(lines); end == 0 {
			return // a rule, not a front matter
		}
		after = end
		d.note(start+1, Warning, "the front matter has no closing %s: its first %d lines are used", around.close, end)
	}
	inner, from := lines[:end], first
	if around.inside {
		inner, from = d.body[start:start+1+after], first-1
	}
	if d.front = d.readFields(around, inner, from); d.front != nil || blank(inner) {
		d.body, d.bodyLine = lines[after:], first+after
	}
}

// readFields reads a front matter in its language or, if it is none, line by
// line. It returns nil if there are no fields in it at all.
func (d *document) readFields(around fence, lines []string, first int) []*field {
	size := 0
	for _, l := range lines {
		size += len(l) + 1
	}
	if size > maxFrontMatter {
		d.note(first-1, Warning, "the front matter is %d bytes long: above %d it is not parsed, and stays in the text", size, maxFrontMatter)
		return nil
	}
	fields, problem := around.parse(lines, first)
	if problem == nil || blank(lines) {
		return fields
	}
	if fields = parseLines(lines, first); fields != nil {
		d.note(first+problem.line-1, Warning, "the front matter is not %s (%s): read line by line", around.name, quote(problem.message))
	}
	return fields
}

// parseLines reads "name: value" lines; a list follows its name on lines that
// begin with a dash. Any other line belongs to the field above it, as source.
func parseLines(lines []string, first int) []*field {
	var fields []*field
	for i, line := range lines {
		if m := fieldLine().FindStringSubmatch(line); m != nil {
			f := newField(m[1], inlineValues(m[2]+m[3])...)
			f.line, f.raw = first+i, line
			fields = append(fields, f)
			continue
		}
		if len(fields) == 0 || blank(lines[i:i+1]) {
			continue
		}
		f := fields[len(fields)-1]
		f.raw += "\n" + strings.TrimRight(line, " \t")
		if item, ok := strings.CutPrefix(strings.TrimSpace(line), "- "); ok {
			f.values = append(f.values, unquote(item))
		}
	}
	return fields
}

// inlineValues reads a value behind a colon: a word, or a list in brackets.
func inlineValues(s string) []string {
	s = strings.TrimSpace(s)
	switch {
	case s == "" || s == "null" || s == "~":
		return nil
	case strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]"):
		var values []string
		for _, v := range strings.Split(s[1:len(s)-1], ",") {
			if v = unquote(v); v != "" {
				values = append(values, v)
			}
		}
		return values
	}
	return []string{unquote(s)}
}

func unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 1 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}

// leadingFields counts the lines before the first that is no field.
func leadingFields(lines []string) int {
	n := 0
	for n < len(lines) && fieldLine().MatchString(lines[n]) {
		n++
	}
	return n
}
