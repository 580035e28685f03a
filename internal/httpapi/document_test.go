package httpapi_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pm/internal/httpapi"
)

// TestTheDocumentIsPlain looks for what the readers of such documents stumble
// over: schemas that are true or false, values of several types, operations
// without a group, and answers of one item that may be a list.
func TestTheDocumentIsPlain(t *testing.T) {
	b, err := json.Marshal(httpapi.Describe("test"))
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	plainSchemas(t, "", doc)
	for path, methods := range httpapi.Describe("test").Paths {
		for method, o := range methods {
			if len(o.Tags) != 1 || o.Summary == "" {
				t.Errorf("%s %s has the tags %q and the summary %q", method, path, o.Tags, o.Summary)
			}
			for status, r := range o.Responses {
				media, is := r.Content["application/json"]
				if !is || !strings.Contains(path, "{key}") {
					continue
				}
				for _, one := range media.Schema.AnyOf {
					if slices.Contains(one.Required, "items") {
						t.Errorf("%s %s answers %s with an item or a list", method, path, status)
					}
				}
			}
		}
	}
}

// plainSchemas walks through the document.
func plainSchemas(t *testing.T, at string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, part := range v {
			_, truth := part.(bool)
			if truth && (name == "schema" || name == "items" || name == "additionalProperties" && part == true) {
				t.Errorf("%s/%s is %v", at, name, part)
			}
			if types, is := part.([]any); is && name == "type" && (len(types) != 2 || !slices.Contains(types, any("null"))) {
				t.Errorf("%s has the types %v", at, types)
			}
			plainSchemas(t, at+"/"+name, part)
		}
	case []any:
		for _, part := range v {
			plainSchemas(t, at, part)
		}
	}
}
