package ops

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"pm/internal/flow"
	"pm/internal/insight"
	"pm/internal/jsonschema"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// InputSchema returns the JSON Schema of an operation's input. It names the
// canonical words; Decode is more forgiving.
func InputSchema(op Op) *jsonschema.Schema {
	t := reflect.TypeOf(op.NewInput()).Elem()
	s := jsonschema.Infer(t, domain)
	walk(s, dropNull)
	for name, p := range s.Properties {
		enumerate(p, words(op, name))
	}
	return s
}

// AnswerSchema returns the JSON Schema of an operation's answer. It refers to
// Definitions under the prefix, such as "#/$defs/".
func AnswerSchema(op Op, prefix string) *jsonschema.Schema {
	s := answer(op.Output, prefix)
	if op.Effect != Reads {
		if s.Properties == nil {
			s.Properties = map[string]*jsonschema.Schema{}
		}
		s.Properties["operation"] = &jsonschema.Schema{Type: "string", Description: "id of the operation; absent if nothing changed"}
	}
	return s
}

// AnswerSchemaOfOne is AnswerSchema for a call about one item: the answer is
// that item, never a list.
func AnswerSchemaOfOne(op Op, prefix string) *jsonschema.Schema {
	s := AnswerSchema(op, prefix)
	switch op.Output {
	case reflect.TypeFor[tracker.Changed]():
		return s.AnyOf[0]
	case reflect.TypeFor[tracker.Items]():
		s.AnyOf = s.AnyOf[:len(s.AnyOf)-1]
	}
	return s
}

// SingleTypes replaces a schema with several types by one schema per type, for
// readers that do not support lists of types; null next to one other type
// stays.
func SingleTypes(s *jsonschema.Schema) {
	walk(s, func(s *jsonschema.Schema) {
		if len(s.Types) < 2 || len(s.Types) == 2 && slices.Contains(s.Types, "null") {
			return
		}
		for _, t := range s.Types {
			one := jsonschema.Schema{Type: t}
			if t == "object" {
				one = *s
				one.Type, one.Types, one.Description = t, nil, ""
			}
			s.AnyOf = append(s.AnyOf, &one)
		}
		*s = jsonschema.Schema{Description: s.Description, AnyOf: s.AnyOf}
	})
}

// TypeSchema is AnswerSchema for a type that is not an operation's answer.
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
		reflect.TypeFor[tracker.Question]():    "Question",
		reflect.TypeFor[plan.History]():        "History",
		reflect.TypeFor[tracker.Beside]():      "Beside",
		reflect.TypeFor[tracker.Takeover]():    "Takeover",
		reflect.TypeFor[tracker.Warning]():     "Warning",
		reflect.TypeFor[tracker.Linked]():      "Linked",
		reflect.TypeFor[tracker.Found]():       "Found",
		reflect.TypeFor[tracker.EpicTree]():    "EpicTree",
		reflect.TypeFor[tracker.FeatureTree](): "FeatureTree",
	}
}

// answer infers the schema of an answer: shared types are referred to, types
// that write their own JSON are described by hand, and more fields may be
// added later.
func answer(t reflect.Type, prefix string) *jsonschema.Schema {
	names := shared()
	s := jsonschema.Infer(t, func(part reflect.Type) *jsonschema.Schema {
		switch {
		case part == reflect.TypeFor[tracker.Changed]():
			return changed(prefix)
		case part == reflect.TypeFor[tracker.Item]():
			return item(prefix)
		case part == reflect.TypeFor[tracker.Items]():
			return items(prefix)
		case names[part] != "" && part != t && !embeds(t, part):
			return &jsonschema.Schema{Ref: prefix + names[part]}
		}
		return domain(part)
	})
	walk(s, func(s *jsonschema.Schema) {
		s.Closed = false
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

// item describes an item of any level.
func item(prefix string) *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Ref: prefix + "Epic"}, {Ref: prefix + "Feature"}, {Ref: prefix + "Task"}}}
}

// items describes the answers of changes of items of any level: one item, or
// several.
func items(prefix string) *jsonschema.Schema {
	one := item(prefix)
	several := &jsonschema.Schema{Type: "object", Required: []string{"items"},
		Properties: map[string]*jsonschema.Schema{"items": {Type: "array", Items: item(prefix)}}}
	one.AnyOf = append(one.AnyOf, several)
	return one
}

// changed describes the answers of changes: one task, or several, with
// additional fields.
func changed(prefix string) *jsonschema.Schema {
	tasks := jsonschema.Infer(reflect.TypeFor[tracker.Tasks](), func(t reflect.Type) *jsonschema.Schema {
		if t == reflect.TypeFor[plan.Task]() {
			return &jsonschema.Schema{Ref: prefix + "Task"}
		}
		return domain(t)
	})
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
		{AllOf: []*jsonschema.Schema{{Ref: prefix + "Task"}, {Ref: prefix + "Beside"}}},
		{AllOf: []*jsonschema.Schema{tasks, {Ref: prefix + "Beside"}}},
	}}
}

// domain returns the schemas of the domain's types, nil for other types.
func domain(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[time.Time]():
		return &jsonschema.Schema{Type: "string", Format: "date-time"}
	case reflect.TypeFor[flow.Day]():
		return &jsonschema.Schema{Type: "string", Format: "date"}
	case reflect.TypeFor[plan.Estimate]():
		return &jsonschema.Schema{Type: "number"}
	case reflect.TypeFor[plan.Typed]():
		return &jsonschema.Schema{Types: []string{"number", "string"}}
	case reflect.TypeFor[plan.Key]():
		return &jsonschema.Schema{Type: "string", Description: "such as E04, E04-F01 or T-E04-F01-001"}
	case reflect.TypeFor[plan.TaskStatus]():
		return enumeration(plan.TaskStatuses())
	case reflect.TypeFor[plan.PlanStatus]():
		return enumeration(plan.PlanStatuses())
	case reflect.TypeFor[plan.Grade]():
		return enumeration(grades())
	case reflect.TypeFor[plan.FieldValue]():
		return &jsonschema.Schema{Types: []string{"string", "number", "boolean", "null"}}
	case reflect.TypeFor[plan.NoteKind]():
		return enumeration(plan.NoteKinds())
	}
	if item, is := reflect.New(t).Interface().(plannedItem); is {
		return planned(item)
	}
	return nil
}

// planned describes an item of an applied plan.
func planned(item plannedItem) *jsonschema.Schema {
	parts := item.Parts()
	own, create := reflect.TypeOf(parts.Own).Elem(), reflect.TypeOf(parts.Create).Elem()
	s := jsonschema.Infer(create, domain)
	for name, p := range jsonschema.Infer(own, domain).Properties {
		s.Properties[name] = p
	}
	if delete(s.Properties, parts.Parent); parts.List != "" {
		s.Properties[parts.List] = jsonschema.Infer(reflect.TypeOf(parts.Under).Elem(), domain)
	}
	s.PropertyOrder, s.Required = plannedFields(parts, Params(parts.Create)), nil
	s.Type, s.Types = "", []string{"object", "string"} // a text is its title
	return s
}

func grades() []plan.Grade { return []plan.Grade{plan.High, plan.Medium, plan.Low} }

// Words returns the words that a parameter of an operation accepts; none if it
// accepts any text.
func Words(op Op, param string) (out []string) {
	for _, w := range words(op, param) {
		if s, _ := w.(string); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// words returns the words that a parameter accepts; none if it accepts any
// text.
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
		if noun == "note" {
			return list(plan.WrittenNoteKinds())
		}
	case "chart":
		return list(insight.Charts())
	case "resolution":
		return list(plan.Resolutions())
	case "as":
		return list(plan.LinkKinds())
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
