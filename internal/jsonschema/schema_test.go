package jsonschema_test

import (
	"encoding/json"
	"reflect"
	"regexp"
	"testing"
	"time"

	"pm/internal/jsonschema"

	judge "github.com/google/jsonschema-go/jsonschema"
)

type inner struct {
	A string `json:"a" jsonschema:"the first <one>"`
	B *int   `json:"b,omitempty"`
}

type word string

type outer struct {
	inner
	Truth   bool               `json:"truth"`
	Number  float64            `json:"number,omitzero"`
	Many    []inner            `json:"many"`
	Pair    [2]any             `json:"pair"`
	ByName  map[string][]int64 `json:"by_name,omitempty"`
	At      time.Time          `json:"at"`
	Until   *time.Time         `json:"until,omitempty"`
	Word    *word              `json:"word"`
	Any     any                `json:"any"`
	Nothing struct{}           `json:"nothing"`
	Plain   int
	Left    string `json:"-"`
	own     string
}

var truth = regexp.MustCompile(`(^|:)true\b`)

// The library that describes types, too, and much more, is the judge: what
// comes out is the same JSON, byte by byte, but for its true, which is {} here.
func TestAsTheLibrary(t *testing.T) {
	_ = outer{}.own
	at := reflect.TypeFor[time.Time]()
	known := func(t reflect.Type) *jsonschema.Schema {
		if t == at {
			return &jsonschema.Schema{Type: "string", Format: "date-time"}
		}
		return nil
	}
	for _, typ := range []reflect.Type{reflect.TypeFor[outer](), reflect.TypeFor[[]*outer](), reflect.TypeFor[any](), reflect.TypeFor[struct{}](), reflect.TypeFor[map[string]any](), reflect.TypeFor[*string]()} {
		s, err := judge.ForType(typ, &judge.ForOptions{TypeSchemas: map[reflect.Type]*judge.Schema{at: {Type: "string", Format: "date-time"}}})
		if err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(jsonschema.Infer(typ, known))
		want = truth.ReplaceAll(want, []byte("$1{}"))
		if err != nil || string(got) != string(want) {
			t.Errorf("%v, %v:\n%s\nwant\n%s", typ, err, got, want)
		}
	}
}

func TestByHand(t *testing.T) {
	for want, s := range map[string]jsonschema.Schema{
		`{}`:                             {},
		`{"additionalProperties":false}`: {Closed: true},
		`{"type":["integer","string"]}`:  {Types: []string{"integer", "string"}},
		`{"type":"object","properties":{"b":{},"a":{"type":"string"},"c":{}}}`: {Type: "object",
			Properties: map[string]*jsonschema.Schema{"a": {Type: "string"}, "b": {}, "c": {}}, PropertyOrder: []string{"b", "none", "a"}},
		`{"$defs":{"X":{"anyOf":[{"$ref":"#/$defs/Y"},{"type":"null"}]}},"allOf":[{}]}`: {AllOf: []*jsonschema.Schema{{}},
			Defs: map[string]*jsonschema.Schema{"X": {AnyOf: []*jsonschema.Schema{{Ref: "#/$defs/Y"}, {Type: "null"}}}}},
	} {
		if got, err := json.Marshal(s); err != nil || string(got) != want {
			t.Errorf("%s, %v, want %s", got, err, want)
		}
	}
}
