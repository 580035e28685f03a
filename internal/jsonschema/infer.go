package jsonschema

import (
	"fmt"
	"reflect"
	"strings"
)

// Infer returns the schema of what encoding/json makes of a type. The tag
// jsonschema of a field describes it; a field without omitempty or omitzero
// is required. Where known returns a schema, that is the type's; it makes a
// new one each time. A type that contains itself must be known, and so must
// what is no text, number, truth, list, array, map or struct: Infer panics.
func Infer(t reflect.Type, known func(reflect.Type) *Schema) *Schema {
	null := t.Kind() == reflect.Pointer
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	s := known(t)
	if s == nil {
		s = inferKind(t, known)
	}
	if null {
		s.allowNull()
	}
	return s
}

func inferKind(t reflect.Type, known func(reflect.Type) *Schema) *Schema {
	switch t.Kind() {
	case reflect.Bool:
		return &Schema{Type: "boolean"}
	case reflect.Int, reflect.Int64:
		return &Schema{Type: "integer"}
	case reflect.Float64:
		return &Schema{Type: "number"}
	case reflect.String:
		return &Schema{Type: "string"}
	case reflect.Interface:
		return &Schema{}
	case reflect.Map:
		return &Schema{Type: "object", Additional: Infer(t.Elem(), known)}
	case reflect.Slice:
		return &Schema{Types: []string{"null", "array"}, Items: Infer(t.Elem(), known)}
	case reflect.Array:
		return &Schema{Type: "array", Items: Infer(t.Elem(), known), MinItems: t.Len(), MaxItems: t.Len()}
	case reflect.Struct:
		return inferStruct(t, known)
	}
	panic(fmt.Sprintf("jsonschema: %v has no schema", t))
}

// inferStruct describes a struct. The fields of an embedded one are its own.
func inferStruct(t reflect.Type, known func(reflect.Type) *Schema) *Schema {
	s := &Schema{Type: "object", Closed: true}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || !f.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		p := Infer(f.Type, known)
		if about := f.Tag.Get("jsonschema"); about != "" {
			p.Description = about
		}
		if s.Properties == nil {
			s.Properties = map[string]*Schema{}
		}
		s.Properties[name] = p
		s.PropertyOrder = append(s.PropertyOrder, name)
		if !strings.Contains(options, "omit") {
			s.Required = append(s.Required, name)
		}
	}
	return s
}

// allowNull lets null pass, too: a pointer may be nil. A reference keeps it
// beside itself.
func (s *Schema) allowNull() {
	switch {
	case s.Type != "":
		s.Types, s.Type = []string{"null", s.Type}, ""
	case s.Ref != "":
		s.Types = []string{"null"}
	}
}
