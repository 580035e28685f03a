package interchange

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A syntaxProblem is why a front matter is not read in its language, and in which of its
// lines, counted from 1.
type syntaxProblem struct {
	line    int
	message string
}

// parseYAML reads a front matter as a YAML mapping; first is the number of its
// first line in the file. Only the mapping's own values are looked at, as
// text; what is nested deeper stays source. Aliases are refused: a few
// of them can stand for gigabytes.
func parseYAML(lines []string, first int) ([]*field, *syntaxProblem) {
	text := strings.Join(lines, "\n")
	if len(lines) > 0 && strings.HasPrefix(lines[0], "{") {
		text = strings.ReplaceAll(text, "\t", " ") // JSON may be indented by tabs
	}
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		return nil, problemOf(err)
	}
	if root.Kind != yaml.DocumentNode || len(root.Content) != 1 || root.Content[0].Kind != yaml.MappingNode {
		return nil, &syntaxProblem{1, "not a list of fields"}
	}
	m := root.Content[0]
	var fields []*field
	for i := 0; i+1 < len(m.Content); i += 2 {
		key, value := m.Content[i], m.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			return nil, &syntaxProblem{key.Line, "a field name is not a word"}
		}
		f := newField(key.Value)
		f.line = first + key.Line - 1
		var ok bool
		if f.values, f.opaque, ok = valuesOf(value); !ok {
			return nil, &syntaxProblem{value.Line, "refers to an anchor"}
		}
		next := len(lines) + 1
		if i+2 < len(m.Content) {
			next = m.Content[i+2].Line
		}
		f.raw = source(lines, key.Line, next)
		if f.raw == "" || m.Style&yaml.FlowStyle != 0 {
			f.raw, f.opaque = f.label+": "+f.text(), false
		}
		fields = append(fields, f)
	}
	return fields, nil
}

// valuesOf returns the text of a scalar or of a list of scalars. False means
// that an alias takes part.
func valuesOf(n *yaml.Node) (values []string, opaque, ok bool) {
	switch n.Kind {
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			return nil, false, true
		}
		return []string{Storable(n.Value)}, false, true
	case yaml.SequenceNode:
		for _, c := range n.Content {
			v, _, ok := valuesOf(c)
			if !ok {
				return nil, false, false
			}
			if c.Kind != yaml.ScalarNode {
				return nil, true, true
			}
			values = append(values, v...)
		}
		return values, false, true
	case yaml.AliasNode:
		return nil, false, false
	}
	return nil, true, true
}

// Storable returns s as plan.CheckText takes it: YAML can escape what no text holds.
func Storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

// source returns the lines from first to before next, without blank ones at the end.
func source(lines []string, first, next int) string {
	if first < 1 || first >= next || next > len(lines)+1 {
		return ""
	}
	return strings.TrimRight(strings.Join(lines[first-1:next-1], "\n"), " \t\n")
}

// problemOf takes the line out of a parser's error. It has it in its text only,
// leaves it out for the first line, and is one line short when its grammar, not
// its tokens, were hurt: those errors say what they did not find.
func problemOf(err error) *syntaxProblem {
	message := strings.ToValidUTF8(strings.TrimPrefix(err.Error(), "yaml: "), "")
	line := 0
	if rest, ok := strings.CutPrefix(message, "line "); ok {
		number, rest, _ := strings.Cut(rest, ": ")
		if n, err := strconv.Atoi(number); err == nil {
			line, message = n, rest
		}
	}
	if strings.HasPrefix(message, "did not find expected") {
		line++
	}
	return &syntaxProblem{max(line, 1), message}
}
