package ops

import (
	"reflect"
	"slices"
	"strings"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// FieldNames returns the JSON names of the fields of an answer of the type;
// for a list, those of its items; for an answer with a task, also those of the
// task. It is nil for a map, whose names depend on the answer.
func FieldNames(answer reflect.Type) []string {
	switch answer {
	case reflect.TypeFor[tracker.Changed]():
		return append(structFields(reflect.TypeFor[plan.Task]()), "ready", "next_commands")
	case reflect.TypeFor[tracker.Item](), reflect.TypeFor[tracker.Items](), reflect.TypeFor[tracker.Shown]():
		names := append(structFields(reflect.TypeFor[plan.Task]()), append(structFields(reflect.TypeFor[tracker.Standing]()), "handoff")...)
		names = append(names, structFields(reflect.TypeFor[tracker.Inside]())...)
		names = append(names, structFields(reflect.TypeFor[tracker.Noted]())...)
		names = append(names, structFields(reflect.TypeFor[plan.Feature]())...)
		return unique(append(names, structFields(reflect.TypeFor[plan.Epic]())...))
	}
	switch answer.Kind() {
	case reflect.Slice:
		return structFields(answer.Elem())
	case reflect.Struct:
	default:
		return nil
	}
	names := structFields(answer)
	for _, f := range reflect.VisibleFields(answer) {
		switch jsonName(f) {
		case "items":
			if f.Type.Kind() == reflect.Slice { // of an operation it is their number
				return structFields(f.Type.Elem())
			}
		case "task":
			if f.Type = indirect(f.Type); f.Type.Kind() == reflect.Struct {
				names = unique(append(names, structFields(f.Type)...))
			}
		}
	}
	return names
}

// FieldsOf returns the type that has the fields of an answer: for an item, the
// type of its level.
func FieldsOf(answer any) reflect.Type {
	if item, ok := answer.(tracker.Item); ok && item.Epic != nil {
		return reflect.TypeFor[tracker.ShownEpic]()
	} else if ok && item.Feature != nil {
		return reflect.TypeFor[tracker.ShownFeature]()
	}
	return reflect.TypeOf(answer)
}

// CheckFields rejects names of fields that answers of the type do not have,
// unless they are among also. For a map, only the answer itself knows them.
func CheckFields(answer reflect.Type, names []string, also ...string) error {
	exist := FieldNames(answer)
	if exist == nil {
		return nil
	}
	exist = append(slices.Clip(exist), also...)
	for _, name := range names {
		if !slices.Contains(exist, name) {
			return UnknownField(name, exist)
		}
	}
	return nil
}

// CheckFieldsIn works like CheckFields in a project: its custom fields are fields
// of its items, too, by name or as field.NAME. They are read, with declared, only
// if there is a name that no other field has.
func CheckFieldsIn(answer reflect.Type, names []string, declared func() ([]plan.CustomField, error), also ...string) error {
	unknown := CheckFields(answer, names, also...)
	if unknown == nil || !slices.Contains(FieldNames(answer), "fields") {
		return unknown
	}
	custom, err := declared()
	if err != nil && plan.Describe(err).Code != "no_database" { // a database that does not exist has no fields
		return err
	}
	for _, f := range custom {
		also = append(also, f.Name)
	}
	return CheckFields(answer, bareNames(names), also...)
}

// bareNames are the names without the field. that the names of custom fields may have.
func bareNames(names []string) []string {
	bare := make([]string, len(names))
	for i, name := range names {
		bare[i] = strings.TrimPrefix(strings.TrimPrefix(name, "fields."), plan.OwnPrefix)
	}
	return bare
}

// structFields returns the field names of a struct, including embedded ones.
func structFields(t reflect.Type) (names []string) {
	for _, f := range reflect.VisibleFields(indirect(t)) {
		if name := jsonName(f); !f.Anonymous && f.IsExported() && name != "-" {
			names = append(names, name)
		}
	}
	return names
}

func indirect(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

func unique(names []string) (out []string) {
	for _, name := range names {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// UnknownField is the error for a field that an answer does not have; it names
// those that it has, the nearest first.
func UnknownField(name string, exist []string) error {
	return plan.Errorf(plan.Usage, "unknown field %.40q", name).WithCode("unknown_field").
		WithHint("choose from %s", strings.Join(nearestFirst(name, exist), ", "))
}
