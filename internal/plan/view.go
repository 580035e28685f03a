package plan

import (
	"encoding/json"
	"strings"
)

// A View is a query that a project stores under a name, with the columns to
// show, by JSON name; none means the default columns.
type View struct {
	Name    string   `json:"name"`
	Query   string   `json:"query"`
	Columns []string `json:"columns,omitempty"`
	BuiltIn bool     `json:"built_in,omitempty"` // it comes with pm, and the project has none of this name
}

// BuiltInViews returns the views that every project has, unless it saves its own
// under the same name.
func BuiltInViews() []View {
	return []View{
		{Name: "ready", Query: "is:ready sort:priority,created", BuiltIn: true},
		{Name: "stuck", Query: "(is:blocked,expired or is:held,review updated:<-3d) sort:updated", BuiltIn: true},
		{Name: "review", Query: "is:review sort:updated", BuiltIn: true},
		{Name: "overdue", Query: "is:overdue sort:due,priority", BuiltIn: true},
		{Name: "mine", Query: "is:open (held-by:me or assignee:me) sort:priority", BuiltIn: true},
		{Name: "recent", Query: "updated:-7d.. sort:-updated", BuiltIn: true},
	}
}

// ViewName parses the name of a view, with or without a leading @: a word of
// lower-case letters, digits, - and _ that is not a key.
func ViewName(s string) (string, error) {
	name := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s), "@"))
	ok := name != "" && len(name) <= 32 && name[0] >= 'a' && name[0] <= 'z'
	for _, r := range name {
		ok = ok && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	}
	if _, err := ParseKey(name); !ok || err == nil {
		return name, Errorf(Invalid, "invalid view name %q", clip(s)).WithCode("bad_view").
			WithHint("a name is one word of up to 32 lower-case letters and digits, such as triage or my-week")
	}
	return name, nil
}

// Definition returns the view as a definition of the project.
func (v View) Definition() Definition {
	b, _ := json.Marshal(struct {
		Query   string   `json:"query"`
		Columns []string `json:"columns,omitempty"`
	}{v.Query, v.Columns})
	return Definition{Kind: ViewDefinition, Name: v.Name, Body: string(b)}
}

// ReadView reads a view from its definition.
func ReadView(d Definition) (v View, err error) {
	err = json.Unmarshal([]byte(d.Body), &v)
	v.Name, v.BuiltIn = d.Name, false
	return v, err
}
