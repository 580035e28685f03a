package ops

import (
	"fmt"
	"strings"

	"pm/internal/jsonschema"
)

// TypeName describes a type in a word or two: "string", "list of Task".
func TypeName(s *jsonschema.Schema) string {
	var parts []string
	for _, one := range s.AnyOf {
		parts = append(parts, TypeName(one))
	}
	if len(s.AllOf) > 0 {
		return TypeName(s.AllOf[0])
	}
	switch {
	case len(parts) > 0:
		return strings.Join(parts, " or ")
	case s.Ref != "":
		return s.Ref[strings.LastIndex(s.Ref, "/")+1:]
	case s.Items != nil:
		return "list of " + TypeName(s.Items)
	case len(s.Types) > 0:
		return strings.Join(s.Types, " or ")
	case len(s.Enum) > 0:
		return strings.Trim(strings.ReplaceAll(fmt.Sprint(s.Enum), " ", "|"), "[]")
	case s.Type == "":
		return "any"
	case s.Properties["items"] != nil:
		return "items: " + TypeName(s.Properties["items"])
	}
	return s.Type
}
