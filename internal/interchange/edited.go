package interchange

import (
	"encoding/json"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"pm/internal/plan"
)

// An EditedField is a field of an item that is edited as a text.
type EditedField struct {
	Name  string
	Value any // nil or empty: it is not set
}

// WriteEdited writes an item for an editor: its fields as a front matter, and
// the text behind it.
func WriteEdited(comment string, fields []EditedField, body string) string {
	var b strings.Builder
	b.WriteString("---\n")
	for line := range strings.Lines(comment) {
		b.WriteString("# " + strings.TrimSuffix(line, "\n") + "\n")
	}
	for _, f := range fields {
		if f.Value == nil || f.Value == "" {
			b.WriteString(f.Name + ":\n")
			continue
		}
		text, err := yaml.Marshal(map[string]any{f.Name: f.Value})
		if err != nil {
			text = fmt.Appendf(nil, "%s:\n", f.Name)
		}
		b.Write(text)
	}
	b.WriteString("---\n")
	if b.WriteString(body); body != "" && !strings.HasSuffix(body, "\n") {
		b.WriteByte('\n')
	}
	return b.String()
}

// ReadEdited reads what WriteEdited wrote and somebody changed: the fields as
// JSON, and the text without the end of its last line.
func ReadEdited(text string) (fields map[string]json.RawMessage, body string, err error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	rest, begins := strings.CutPrefix(text, "---\n")
	head, body, ends := strings.Cut("\n"+rest, "\n---\n")
	if !ends {
		head, ends = strings.CutSuffix("\n"+strings.TrimRight(rest, "\n"), "\n---")
	}
	if !begins || !ends {
		return nil, "", plan.Errorf(plan.Invalid, "the fields must be between two lines of ---").WithCode("bad_edit")
	}
	if strings.TrimSpace(head) == "" {
		return map[string]json.RawMessage{}, strings.TrimSuffix(body, "\n"), nil
	}
	doc, err := ReadNested([]byte(head)) // its first, empty line stands for ---
	if err != nil {
		return nil, "", err
	}
	return doc.Fields(), strings.TrimSuffix(body, "\n"), nil
}
