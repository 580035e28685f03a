package mcpserver

import "pm/internal/jsonschema"

// schemas are arguments by name.
type schemas map[string]*jsonschema.Schema

// The types of arguments. Each argument has one type, lists have items and
// objects have properties: converters to other forms take no less.
func str(help string) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Description: help}
}
func number(help string) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "integer", Description: help}
}
func truth() *jsonschema.Schema { return whether("") }
func whether(help string) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "boolean", Description: help}
}
func oneOf(help string, values []any) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Enum: values, Description: help}
}
func listOf(items *jsonschema.Schema, help string) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "array", Items: items, Description: help}
}

// object is an object with such properties, given as pairs of name and schema.
func object(help string, order []string, of schemas) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "object", Properties: of, PropertyOrder: order, Description: help}
}
