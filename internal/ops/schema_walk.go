package ops

import (
	"reflect"
	"slices"

	"pm/internal/jsonschema"
)

// walk calls f on a schema and on all schemas in it, outer ones first.
func walk(s *jsonschema.Schema, f func(*jsonschema.Schema)) {
	if s == nil {
		return
	}
	f(s)
	for _, p := range s.Properties {
		walk(p, f)
	}
	for _, p := range slices.Concat(s.AnyOf, s.AllOf) {
		walk(p, f)
	}
	walk(s.Items, f)
	walk(s.Additional, f)
}

// dropNull removes null from the types of a value that is never null, or that
// can be left out instead.
func dropNull(s *jsonschema.Schema) {
	if s.Ref != "" {
		s.Types = nil
		return
	}
	rest := slices.DeleteFunc(slices.Clone(s.Types), func(t string) bool { return t == "null" })
	if len(rest) == 1 {
		s.Type, s.Types = rest[0], nil
	}
}

// enumerate lists the words that a parameter, or each item of a list, accepts.
func enumerate(s *jsonschema.Schema, words []any) {
	switch {
	case len(words) == 0:
	case s.Items != nil:
		s.Items.Enum = words
	default:
		s.Enum = words
	}
}

// embeds reports whether a struct has the fields of inner as its own.
func embeds(outer, inner reflect.Type) bool {
	if outer.Kind() != reflect.Struct {
		return false
	}
	for i := range outer.NumField() {
		if f := outer.Field(i); f.Anonymous && f.Type == inner {
			return true
		}
	}
	return false
}
