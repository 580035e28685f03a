package reference

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"

	"pm/internal/httpapi"
	"pm/internal/jsonschema"
)

const typesIntroduction = `// The types and the routes of pm's API. Made from docs/openapi.json (see
// CONTRIBUTING.md): edit nothing here.
`

// typeScript writes the types of the API's description and a table of its
// routes, for the client in clients/typescript.
func typeScript(d httpapi.Document) []byte {
	p := new(page)
	p.WriteString(typesIntroduction)
	for _, name := range slices.Sorted(maps.Keys(d.Components.Schemas)) {
		p.line("\nexport type %s = %s;", name, tsType(d.Components.Schemas[name], ""))
	}
	p.line("\n/** What each operation takes and answers. */\nexport interface Operations {")
	routes := new(page)
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, method := range []string{"get", "post", "patch", "put", "delete"} {
			o, there := d.Paths[path][method]
			if answer := tsAnswer(o); there && answer != "" {
				p.line("  /** %s */", strings.TrimSuffix(o.Summary, ".")+".")
				p.line("  %s: { input: %s; answer: %s };", o.ID, tsInput(o), answer)
				routes.line("  %s: %q,", o.ID, strings.ToUpper(method)+" "+path)
			}
		}
	}
	p.line("}\n\n/** Method and path of each operation. */\nexport const routes: { readonly [N in keyof Operations]: string } = {")
	p.Write(routes.Bytes())
	p.line("};")
	return p.Bytes()
}

// tsAnswer is the type of an operation's answer; empty for what answers no JSON.
func tsAnswer(o httpapi.Operation) string {
	for _, status := range []string{"200", "201"} {
		if media, is := o.Responses[status].Content["application/json"]; is {
			return tsType(media.Schema, "    ")
		}
	}
	return ""
}

// tsInput is what an operation takes, in the path, the query and the body.
func tsInput(o httpapi.Operation) string {
	all := jsonschema.Schema{Type: "object", Closed: true, Properties: map[string]*jsonschema.Schema{}}
	for _, q := range o.Parameters {
		if q.Ref == "" {
			s := *q.Schema
			s.Description = q.Description
			all.Properties[q.Name] = &s
			all.PropertyOrder = append(all.PropertyOrder, q.Name)
			if q.Required {
				all.Required = append(all.Required, q.Name)
			}
		}
	}
	if o.Body != nil {
		body := o.Body.Content["application/json"].Schema
		maps.Copy(all.Properties, body.Properties)
		all.PropertyOrder = append(all.PropertyOrder, fields(body)...)
		all.Required = append(all.Required, body.Required...)
	}
	return tsType(&all, "    ")
}

// tsType writes a schema as a type; indent stands before its fields.
func tsType(s *jsonschema.Schema, indent string) string {
	switch {
	case s.Ref != "":
		return s.Ref[strings.LastIndex(s.Ref, "/")+1:]
	case len(s.Enum) > 0:
		return tsJoin(s.Enum, " | ", func(v any) string { b, _ := json.Marshal(v); return string(b) })
	case len(s.AnyOf) > 0:
		return tsJoin(s.AnyOf, " | ", func(s *jsonschema.Schema) string { return tsType(s, indent) })
	case len(s.AllOf) > 0:
		return tsJoin(s.AllOf, " & ", func(s *jsonschema.Schema) string { return tsType(s, indent) })
	case len(s.Types) > 0:
		return tsJoin(s.Types, " | ", func(t string) string {
			one := *s
			one.Type, one.Types = t, nil
			return tsType(&one, indent)
		})
	}
	switch s.Type {
	case "integer", "number":
		return "number"
	case "string", "boolean", "null":
		return s.Type
	case "array":
		item := tsType(s.Items, indent)
		if strings.ContainsAny(item, "|&") && !strings.HasPrefix(item, "{") {
			item = "(" + item + ")"
		}
		return item + "[]"
	case "object":
		return tsObject(s, indent)
	}
	return "unknown"
}

func tsObject(s *jsonschema.Schema, indent string) string {
	if len(s.Properties) == 0 {
		if s.Closed {
			return "{ [name: string]: never }"
		}
		value := "unknown"
		if s.Additional != nil {
			value = tsType(s.Additional, indent)
		}
		return "{ [name: string]: " + value + " }"
	}
	var b strings.Builder
	b.WriteString("{\n")
	for _, name := range fields(s) {
		p := s.Properties[name]
		if p.Description != "" && p.Ref == "" {
			b.WriteString(indent + "  /** " + strings.ReplaceAll(p.Description, "*/", "* /") + " */\n")
		}
		optional := "?"
		if slices.Contains(s.Required, name) {
			optional = ""
		}
		b.WriteString(indent + "  " + tsName(name) + optional + ": " + tsType(p, indent+"  ") + ";\n")
	}
	return b.String() + indent + "}"
}

func tsJoin[T any](parts []T, by string, f func(T) string) string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = f(p)
	}
	return strings.Join(slices.Compact(out), by)
}

// tsName is a field's name, in quotation marks where it is no identifier.
func tsName(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		b, _ := json.Marshal(name)
		return string(b)
	}
	return name
}
