package interchange

import (
	"strings"
)

// fieldNames maps the words that plans use for a field to the one used here.
var fieldNames = map[string]string{
	"key":            "key",
	"task_key":       "task_key",
	"task_id":        "task_key",
	"feature":        "feature",
	"feature_key":    "feature",
	"epic":           "epic",
	"epic_key":       "epic",
	"title":          "title",
	"description":    "description",
	"status":         "status",
	"priority":       "priority",
	"business_value": "business_value",
	"created":        "created_at",
	"created_at":     "created_at",
	"started":        "started_at",
	"started_at":     "started_at",
	"completed":      "completed_at",
	"completed_at":   "completed_at",
	"depends_on":     "depends_on",
	"dependencies":   "depends_on",
	"agent":          "agent_type",
	"agent_type":     "agent_type",
	"assigned_agent": "assigned_agent",
	"assigned_to":    "assigned_agent",
	"assignee":       "assigned_agent",
	"blocked_reason": "blocked_reason",
	"file_path":      "file_path",
}

func newField(label string, values ...string) *field {
	label = strings.TrimSpace(label)
	name := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(label))
	if known, ok := fieldNames[name]; ok {
		name = known
	}
	return &field{name: name, label: label, values: values}
}

var fieldLine = pattern(`^([A-Za-z][A-Za-z0-9_ -]{0,40}?)[ \t]*:(?:[ \t]+(.*)|)$`)

// cutFrontMatter takes the front matter off the body: what stands between two
// lines of dashes at the file's beginning, blank lines aside.
func (d *document) cutFrontMatter() {
	start := 0
	for start < len(d.body) && blank(d.body[start:start+1]) {
		start++
	}
	if start == len(d.body) || !isFence(d.body[start]) {
		return
	}
	lines := d.body[start+1:]
	end := 0
	for end < len(lines) && !isFence(lines[end]) && strings.TrimRight(lines[end], " \t") != "..." {
		end++
	}
	first := start + 2 // the number of the line behind the fence
	after := min(end+1, len(lines))
	if end == len(lines) {
		if end = leadingFields(lines); end == 0 {
			return // a rule, not a front matter
		}
		after = end
		d.note(start+1, Warning, "the front matter has no closing ---: its first %d lines count", end)
	}
	if d.front = d.readFields(lines[:end], first); d.front != nil || blank(lines[:end]) {
		d.body, d.bodyLine = lines[after:], first+after
	}
}

// readFields reads a front matter as YAML or, if it is none, line by line.
// It returns nil if there are no fields in it at all.
func (d *document) readFields(lines []string, first int) []*field {
	size := 0
	for _, l := range lines {
		size += len(l) + 1
	}
	if size > maxFrontMatter {
		d.note(first-1, Warning, "the front matter is %d bytes long: over %d it is left in the text, unread", size, maxFrontMatter)
		return nil
	}
	fields, problem := parseYAML(lines, first)
	if problem == nil || blank(lines) {
		return fields
	}
	if fields = parseLines(lines, first); fields != nil {
		d.note(first+problem.line-1, Warning, "the front matter is not YAML (%s): read line by line", quote(problem.message))
	}
	return fields
}

// parseLines reads "name: value" lines; a list follows its name on lines that
// begin with a dash. Any other line belongs to the field above it, as source.
func parseLines(lines []string, first int) []*field {
	var fields []*field
	for i, line := range lines {
		if m := fieldLine().FindStringSubmatch(line); m != nil {
			f := newField(m[1], inlineValues(m[2])...)
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

func isFence(line string) bool { return strings.TrimRight(line, " \t") == "---" }

// leadingFields counts the lines before the first that is no field.
func leadingFields(lines []string) int {
	n := 0
	for n < len(lines) && fieldLine().MatchString(lines[n]) {
		n++
	}
	return n
}
