// Package jsonschema describes JSON: as much of JSON Schema 2020-12 as the
// descriptions of pm's inputs and answers need. It validates nothing.
package jsonschema

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// A Schema describes values. An empty one lets every value pass.
type Schema struct {
	Type        string   // or Types, never both
	Types       []string // the types of a value that may have several
	Ref         string   // the schema is that one
	Defs        map[string]*Schema
	Description string
	Enum        []any
	Format      string
	Items       *Schema // of an array
	MinItems    int     // where there must be some
	MaxItems    int     // where there is a limit
	AllOf       []*Schema
	AnyOf       []*Schema

	// Of an object: the fields, the order in which they are listed (what it
	// does not name follows by name), and those that must be there. Further
	// fields are such as Additional says, or, if Closed, there are none.
	Properties    map[string]*Schema
	PropertyOrder []string
	Required      []string
	Additional    *Schema
	Closed        bool
}

// MarshalJSON writes the schema; one that lets every value pass is {}, since
// many programs do not read the shorter true.
func (s Schema) MarshalJSON() ([]byte, error) {
	wire := struct {
		Type        any                `json:"type,omitempty"`
		Properties  json.RawMessage    `json:"properties,omitempty"`
		Items       *Schema            `json:"items,omitempty"`
		Ref         string             `json:"$ref,omitempty"`
		Defs        map[string]*Schema `json:"$defs,omitempty"`
		Description string             `json:"description,omitempty"`
		Enum        []any              `json:"enum,omitempty"`
		MinItems    int                `json:"minItems,omitempty"`
		MaxItems    int                `json:"maxItems,omitempty"`
		Required    []string           `json:"required,omitempty"`
		Additional  any                `json:"additionalProperties,omitempty"`
		AllOf       []*Schema          `json:"allOf,omitempty"`
		AnyOf       []*Schema          `json:"anyOf,omitempty"`
		Format      string             `json:"format,omitempty"`
	}{Items: s.Items, Ref: s.Ref, Defs: s.Defs, Description: s.Description, Enum: s.Enum,
		MinItems: s.MinItems, MaxItems: s.MaxItems, Required: s.Required, AllOf: s.AllOf, AnyOf: s.AnyOf, Format: s.Format}
	switch {
	case s.Type != "":
		wire.Type = s.Type
	case len(s.Types) > 0:
		wire.Type = s.Types
	}
	switch {
	case s.Closed:
		wire.Additional = false
	case s.Additional != nil:
		wire.Additional = s.Additional
	}
	var err error
	if wire.Properties, err = s.properties(); err != nil {
		return nil, err
	}
	return json.Marshal(wire)
}

// properties writes the fields of an object in their order.
func (s Schema) properties() ([]byte, error) {
	if s.Properties == nil {
		return nil, nil
	}
	names := slices.DeleteFunc(slices.Clone(s.PropertyOrder), func(name string) bool { return s.Properties[name] == nil })
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	var b bytes.Buffer
	b.WriteByte('{')
	for i, name := range names {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(s.Properties[name])
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
