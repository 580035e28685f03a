package ops

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// A plannedItem is an item in an applied plan: its fields are those of the
// operation that creates it.
type plannedItem interface{ Parts() tracker.Parts }

// ReadPlan reads a plan as people write it: YAML, JSON, or an outline in Markdown
// with the marks of pm add. A text that is none in YAML may be an outline unless told so.
func ReadPlan(text string, outlined bool) (doc interchange.Nested, err error) {
	if !outlined {
		doc, err = interchange.ReadNested([]byte(text))
	}
	if outlined || err != nil && interchange.IsOutline(text) {
		doc, err = interchange.ReadOutline(text, outlineMarks)
	}
	return doc, err
}

// outlineMarks takes the marks off the end of a task's title in an outline:
// those of pm add, and id:, key: and refs:.
func outlineMarks(title string) (rest string, fields [][2]string) {
	own, create := new(tracker.Own), new(tracker.CreateTask)
	rest, marks := TrailingMarks(title, slices.Concat(Params(own), Params(create)))
	for _, m := range marks {
		values := []string{m.Value}
		if m.Param.Repeated {
			values = strings.Split(m.Value, ",")
		}
		for _, v := range values {
			fields = append(fields, [2]string{m.Param.Name, strings.TrimSpace(v)})
		}
	}
	return rest, fields
}

// unpacked puts what a plan that is one text says in the place of the text, and has
// errors name its lines.
func unpacked(in *tracker.Apply, args Arguments) (Arguments, error) {
	raw, is := args["plan"]
	if !is || !given(raw) {
		return args, nil
	}
	inside, err := ParseArguments(raw) // an object is the same without the quotes
	if text, isText := asText(raw); isText {
		var doc interchange.Nested
		if doc, err = ReadPlan(text, false); err == nil {
			inside, in.Line = doc.Fields(), doc.Line
		}
	}
	if err != nil {
		return nil, err
	}
	for name, value := range args {
		if _, twice := inside[name]; twice {
			return nil, plan.Errorf(plan.Usage, "%s specified twice: in the plan and next to it", name).WithCode("named_twice")
		}
		if name != "plan" {
			inside[name] = value
		}
	}
	return inside, nil
}

// decodePlanned decodes an item of a plan. A bare text is its title. Fields
// that can also be updated are kept for creating and updating.
func decodePlanned(p plannedItem, raw json.RawMessage) error {
	if title, isText := asText(raw); isText {
		raw, _ = plan.JSON(map[string]string{"title": title})
	}
	args, err := ParseArguments(raw)
	if err != nil {
		return plan.Errorf(plan.Invalid, "invalid item %.40s: must be an object or a title", raw).WithCode("bad_type").WithHint("write {\"title\":\"…\"}, or the title alone")
	}
	parts := p.Parts()
	own, create, update := Params(parts.Own), Params(parts.Create), Params(parts.Update)
	parts.Own.Given = map[string]bool{}
	if joined := repeatFrom(args, names(create)); joined != nil {
		args = joined
	}
	for _, name := range sortedKeys(args) {
		parts.Own.Given[name] = given(args[name])
		if name == parts.List && name != "" {
			list := Param{Name: name, Repeated: true, v: reflect.ValueOf(parts.Under).Elem()}
			if err := list.Decode(args[name]); err != nil {
				return err
			}
			continue
		}
		known := false
		for _, params := range [][]Param{own, create, update} {
			i := slices.IndexFunc(params, func(p Param) bool { return p.Name == name })
			if i < 0 || name == parts.Parent || name == "if_version" {
				continue
			}
			known = true
			if err := params[i].Decode(args[name]); err != nil {
				return plan.AtPlace(asInvalid(err), name)
			}
		}
		if !known {
			return plan.AtPlace(unknownField(name, parts, create), name)
		}
	}
	return nil
}

// asInvalid turns an error about a call into one about a value in a document.
func asInvalid(err error) error {
	if e, is := err.(*plan.Error); is && e.Kind == plan.Usage {
		e.Kind = plan.Invalid
	}
	return err
}

// unknownField is the error for an unknown field of an item of a plan; it
// names the known ones, the nearest first.
func unknownField(name string, parts tracker.Parts, create []Param) error {
	e := plan.Errorf(plan.Invalid, "unknown field %.40q", name).WithCode("unknown_field")
	switch {
	case name == parts.Parent && name != "":
		return e.WithHint("leave it out: the item is under its %s in the plan", name)
	case name == "status":
		return e.WithHint("leave it out: a new task is todo, and its status changes with commands such as pm complete")
	}
	exist := plannedFields(parts, create)
	near := nearestFirst(name, exist)
	return e.WithHint("did you mean %s? The fields are %s", near[0], strings.Join(exist, ", "))
}

// plannedFields returns the names of the fields of an item of a plan.
func plannedFields(parts tracker.Parts, create []Param) (all []string) {
	for _, p := range slices.Concat(Params(parts.Own)[:2], create, Params(parts.Own)[2:]) {
		if p.Name != parts.Parent && !slices.Contains(all, p.Name) {
			all = append(all, p.Name)
		}
	}
	if parts.List != "" {
		all = append(all, parts.List)
	}
	return all
}
