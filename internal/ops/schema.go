package ops

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/google/jsonschema-go/jsonschema"
)

// InputSchema returns the JSON Schema of what an operation takes. It names
// the canonical words; Decode is more forgiving than that.
func InputSchema(op Op) *jsonschema.Schema {
	t := reflect.TypeOf(op.NewInput()).Elem()
	s := infer(t, nil)
	walk(s, func(s *jsonschema.Schema) { dropNull(s) })
	for name, p := range s.Properties {
		enumerate(p, words(op, name))
	}
	return s
}

// AnswerSchema returns the JSON Schema of what an operation answers. It refers
// to Definitions under the prefix, such as "#/$defs/".
func AnswerSchema(op Op, prefix string) *jsonschema.Schema {
	return answer(op.Output, prefix)
}

// TypeSchema is AnswerSchema for a type that is no operation's answer.
func TypeSchema(t reflect.Type, prefix string) *jsonschema.Schema { return answer(t, prefix) }

// Definitions returns the schemas of the types that answers share, by name.
func Definitions(prefix string) map[string]*jsonschema.Schema {
	out := map[string]*jsonschema.Schema{}
	for t, name := range shared() {
		out[name] = answer(t, prefix)
	}
	return out
}

// shared are the types that answers have in common, with their names.
func shared() map[reflect.Type]string {
	return map[reflect.Type]string{
		reflect.TypeFor[plan.Epic]():           "Epic",
		reflect.TypeFor[plan.Feature]():        "Feature",
		reflect.TypeFor[plan.Task]():           "Task",
		reflect.TypeFor[plan.Note]():           "Note",
		reflect.TypeFor[plan.History]():        "History",
		reflect.TypeFor[tracker.Linked]():      "Linked",
		reflect.TypeFor[tracker.Found]():       "Found",
		reflect.TypeFor[tracker.EpicTree]():    "EpicTree",
		reflect.TypeFor[tracker.FeatureTree](): "FeatureTree",
	}
}

// answer infers the schema of an answer: what is shared is referred to, what
// writes its own JSON is described by hand, and more fields may come later.
func answer(t reflect.Type, prefix string) *jsonschema.Schema {
	ref := func(t reflect.Type) *jsonschema.Schema { return &jsonschema.Schema{Ref: prefix + shared()[t]} }
	task := func() *jsonschema.Schema { return ref(reflect.TypeFor[plan.Task]()) }
	known := map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[tracker.Changed](): {AnyOf: []*jsonschema.Schema{
			{AllOf: []*jsonschema.Schema{task(), nextCommands()}},
			{AllOf: []*jsonschema.Schema{infer(reflect.TypeFor[tracker.Tasks](), map[reflect.Type]*jsonschema.Schema{reflect.TypeFor[plan.Task](): task()}), nextCommands()}},
		}},
		reflect.TypeFor[tracker.Item](): {AnyOf: []*jsonschema.Schema{ref(reflect.TypeFor[plan.Epic]()), ref(reflect.TypeFor[plan.Feature]()), task()}},
	}
	for s := range shared() {
		if s != t && !embeds(t, s) {
			known[s] = ref(s)
		}
	}
	s := infer(t, known)
	walk(s, func(s *jsonschema.Schema) {
		s.AdditionalProperties = additional(s)
		for name, p := range s.Properties {
			if !slices.Contains(s.Required, name) {
				dropNull(p)
			}
		}
		if slices.Contains(s.Types, "array") {
			dropNull(s) // an empty list is [], never null
		}
		if s.Ref != "" && len(s.Types) > 0 { // a pointer to what is referred to
			*s = jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Ref: s.Ref}, {Type: "null"}}}
		}
	})
	return s
}

// nextCommands describes what the answers of changes have beside their fields.
func nextCommands() *jsonschema.Schema {
	return &jsonschema.Schema{Properties: map[string]*jsonschema.Schema{
		"next_commands": {Type: "array", Items: &jsonschema.Schema{Type: "string"}, Description: "whole command lines"},
	}}
}

// infer is jsonschema.ForType with the words of the domain.
func infer(t reflect.Type, known map[reflect.Type]*jsonschema.Schema) *jsonschema.Schema {
	all := map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[time.Time]():       {Type: "string", Format: "date-time"},
		reflect.TypeFor[plan.Key]():        {Type: "string", Description: "such as E04, E04-F01 or T-E04-F01-001"},
		reflect.TypeFor[plan.TaskStatus](): enumeration(plan.TaskStatuses()),
		reflect.TypeFor[plan.PlanStatus](): enumeration(plan.PlanStatuses()),
		reflect.TypeFor[plan.Grade]():      enumeration(grades()),
		reflect.TypeFor[plan.NoteKind]():   enumeration(plan.NoteKinds()),
	}
	for t, s := range known {
		all[t] = s
	}
	s, err := jsonschema.ForType(t, &jsonschema.ForOptions{TypeSchemas: all})
	if err != nil {
		panic(err) // inputs and answers are plain structs
	}
	return s
}

func grades() []plan.Grade { return []plan.Grade{plan.High, plan.Medium, plan.Low} }

// words returns the words that a parameter takes; none if it takes any text.
func words(op Op, param string) []any {
	noun, verb, _ := strings.Cut(op.Name, " ")
	switch param {
	case "status":
		if noun == "task" {
			return list(plan.TaskStatuses())
		}
		return list(plan.PlanStatuses())
	case "priority":
		if noun == "epic" {
			return list(grades())
		}
	case "business_value":
		if verb == "update" {
			return append(list(grades()), "")
		}
		return list(grades())
	case "kind":
		return list(plan.NoteKinds())
	case "depth":
		return list([]plan.Level{plan.LevelEpic, plan.LevelFeature, plan.LevelTask})
	}
	return nil
}

func enumeration[T ~string](words []T) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Enum: list(words)}
}

func list[T ~string](words []T) []any {
	out := make([]any, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}
