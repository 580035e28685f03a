package interchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"pm/internal/plan"
)

// A Nested is a document of fields within fields, in YAML or in JSON, of which
// each part knows its line.
type Nested struct{ root *yaml.Node }

// ReadNested reads a document: as JSON if it begins with a brace, else as YAML.
// Aliases are refused: a few of them can stand for gigabytes. So are fields
// that are there twice.
func ReadNested(text []byte) (Nested, error) {
	trimmed := bytes.TrimSpace(text)
	switch {
	case len(trimmed) == 0:
		return Nested{}, plan.Errorf(plan.Invalid, "the plan is empty").WithCode("bad_plan").WithHint("list epics:, or feature: E01-F01 with tasks:")
	case trimmed[0] == '{' && json.Valid(text):
		d := &jsonReader{Decoder: json.NewDecoder(bytes.NewReader(text)), text: text, line: 1}
		d.UseNumber()
		root, err := d.node()
		return Nested{root}, err
	}
	var doc yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&doc); err != nil {
		p := problemOf(err)
		return Nested{}, badPlan(p.line, "%s", p.message)
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return Nested{}, badPlan(max(doc.Line, 1), "not a list of fields such as epics:")
	}
	var next yaml.Node
	if err := d.Decode(&next); err == nil {
		return Nested{}, badPlan(next.Line, "more than one document")
	} else if !errors.Is(err, io.EOF) {
		p := problemOf(err)
		return Nested{}, badPlan(p.line, "%s", p.message)
	}
	return Nested{doc.Content[0]}, checkNested(doc.Content[0])
}

func badPlan(line int, format string, args ...any) error {
	return plan.Errorf(plan.Invalid, "line %d: %s", line, fmt.Sprintf(format, args...)).WithCode("bad_plan").WithHint("a plan is YAML, JSON, or an outline of # epics, ## features and - tasks")
}

// checkNested refuses aliases and what is there twice.
func checkNested(n *yaml.Node) error {
	if n.Kind == yaml.AliasNode {
		return badPlan(n.Line, "aliases such as *%s are not supported", n.Value)
	}
	seen := map[string]bool{}
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			if c.Kind != yaml.ScalarNode {
				return badPlan(c.Line, "the name of a field must be a word")
			}
			if seen[c.Value] {
				return badPlan(c.Line, "duplicate field %q", c.Value)
			}
			seen[c.Value] = true
		}
		if err := checkNested(c); err != nil {
			return err
		}
	}
	return nil
}

// Fields returns the fields of the document, each with its value as JSON.
func (n Nested) Fields() map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	for i := 0; i+1 < len(n.root.Content); i += 2 {
		var b bytes.Buffer
		writeNode(&b, n.root.Content[i+1])
		out[n.root.Content[i].Value] = b.Bytes()
	}
	return out
}

// Line returns the line of a part of the document, or of the nearest part
// around it that there is; 0 if nothing of it is in the document.
func (n Nested) Line(at plan.Place) int {
	here, line := n.root, 0
	if len(at) == 0 {
		return here.Line
	}
	for _, step := range at {
		var next *yaml.Node
		switch step := step.(type) {
		case int:
			if here.Kind == yaml.SequenceNode && step < len(here.Content) {
				next = here.Content[step]
				line = next.Line
			} else {
				next = here // one value for a list of one
			}
		case string:
			for i := 0; here.Kind == yaml.MappingNode && i+1 < len(here.Content); i += 2 {
				if here.Content[i].Value == step {
					next, line = here.Content[i+1], here.Content[i].Line
				}
			}
		}
		if next == nil {
			break
		}
		here = next
	}
	return line
}

// writeNode writes a part of the document as JSON.
func writeNode(b *bytes.Buffer, n *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode, yaml.SequenceNode:
		brackets := "[]"
		if n.Kind == yaml.MappingNode {
			brackets = "{}"
		}
		b.WriteByte(brackets[0])
		for i, c := range n.Content {
			switch {
			case n.Kind == yaml.MappingNode && i%2 == 1:
				b.WriteByte(':')
			case i > 0:
				b.WriteByte(',')
			}
			if n.Kind == yaml.MappingNode && i%2 == 0 {
				writeText(b, c.Value)
			} else {
				writeNode(b, c)
			}
		}
		b.WriteByte(brackets[1])
	default:
		writeScalar(b, n)
	}
}

// writeScalar writes a value as what it is; a date, say, is a text.
func writeScalar(b *bytes.Buffer, n *yaml.Node) {
	switch n.Tag {
	case "!!null":
		b.WriteString("null")
		return
	case "!!bool":
		if word := strings.ToLower(n.Value); word == "true" || word == "false" {
			b.WriteString(word)
			return
		}
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			b.WriteString(n.Value)
			return
		}
	}
	writeText(b, n.Value)
}

func writeText(b *bytes.Buffer, s string) {
	text, _ := plan.JSON(s) // a string is always JSON
	b.Write(text)
}

// A jsonReader makes of JSON what package yaml makes of YAML. The text is valid.
type jsonReader struct {
	*json.Decoder
	text []byte
	line int
	read int // how far the lines were counted
}

func (d *jsonReader) node() (*yaml.Node, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	at := int(d.InputOffset())
	d.line += bytes.Count(d.text[d.read:at], []byte("\n"))
	d.read = at
	n := &yaml.Node{Kind: yaml.ScalarNode, Line: d.line, Tag: "!!str"}
	switch v := token.(type) {
	case json.Delim:
		n.Kind, n.Tag = yaml.MappingNode, "!!map"
		if v == '[' {
			n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
		}
		for d.More() {
			c, err := d.node()
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, c)
		}
		if _, err = d.Token(); err != nil {
			return nil, err
		}
		if n.Kind == yaml.MappingNode {
			return n, checkTwice(n)
		}
	case json.Number:
		n.Tag, n.Value = "!!float", v.String()
	case bool:
		n.Tag, n.Value = "!!bool", strconv.FormatBool(v)
	case nil:
		n.Tag = "!!null"
	case string:
		n.Value = v
	}
	return n, nil
}

// checkTwice refuses an object with a field that is there twice.
func checkTwice(n *yaml.Node) error {
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		if seen[n.Content[i].Value] {
			return badPlan(n.Content[i].Line, "duplicate field %q", n.Content[i].Value)
		}
		seen[n.Content[i].Value] = true
	}
	return nil
}
