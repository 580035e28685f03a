package ops

import (
	"bytes"
	"encoding/json"
	"maps"

	"pm/internal/plan"
)

// ObjectsOf returns the objects of an answer, in JSON form, that fields are picked
// from: the items of a list, or the one object, which has the fields of its task if
// it is about one. It reports false if one of them is not an object; that one is nil.
func ObjectsOf(v any) (objects []map[string]any, ok bool) {
	if task, is := taskOf(v); is {
		return []map[string]any{task}, true
	}
	items, _ := ItemsOf(v)
	objects, ok = make([]map[string]any, len(items)), true
	for i, item := range items {
		object, is := item.(map[string]any)
		objects[i], ok = object, ok && is
	}
	return objects, ok
}

// Picked returns an answer, in JSON form, with the named fields of its objects
// alone, as ObjectsOf returns them. A list keeps what stands beside its items.
func Picked(v any, objects []map[string]any, names []string) any {
	rows := make([]json.RawMessage, len(objects))
	for i, object := range objects {
		rows[i] = pick(object, names)
	}
	if _, isList := ItemsOf(v); !isList {
		return rows[0]
	}
	if object, is := v.(map[string]any); is {
		object = maps.Clone(object)
		object["items"] = rows
		return object
	}
	return rows
}

// pick keeps the named fields of an object, in their order.
func pick(object map[string]any, names []string) json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('{')
	for _, name := range names {
		value, there := Field(object, name)
		if !there {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		key, _ := json.Marshal(name)
		text, _ := plan.JSON(value) // it was read from JSON
		b.Write(key)
		b.WriteByte(':')
		b.Write(text)
	}
	b.WriteByte('}')
	return b.Bytes()
}

// Field returns the value of a field of an object of an answer, in JSON form: one
// of its own, or a custom field, by name or as field.NAME.
func Field(object map[string]any, name string) (value any, there bool) {
	if value, there = object[name]; there {
		return value, true
	}
	custom, _ := object["fields"].(map[string]any)
	value, there = custom[bareNames([]string{name})[0]]
	return value, there
}

// ItemsOf returns the items of an answer that is a list, in JSON form, or
// otherwise the one object.
func ItemsOf(v any) (items []any, isList bool) {
	if items, ok := v.([]any); ok {
		return items, true
	}
	if object, ok := v.(map[string]any); ok {
		if items, ok := object["items"].([]any); ok {
			return items, true
		}
	}
	return []any{v}, false
}

// taskOf returns an answer about one task, such as the next one, with the
// task's fields added to its own.
func taskOf(v any) (map[string]any, bool) {
	object, _ := v.(map[string]any)
	task, ok := object["task"].(map[string]any)
	if !ok {
		return nil, false
	}
	all := maps.Clone(task)
	maps.Copy(all, object)
	return all, true
}

// A Picker writes selected fields of the items of a long answer, from its
// parts, and the members next to the items.
type Picker struct {
	j     *plan.Joiner
	names []string
}

// NewPicker returns a Picker that writes the named fields with j.
func NewPicker(j *plan.Joiner, names []string) *Picker { return &Picker{j, names} }

// Add writes the fields of the next part, which must have items.
func (p *Picker) Add(part map[string]any) error {
	if p.j.Depth() == 0 {
		p.j.Object()
		p.j.List("items")
	}
	items, _ := ItemsOf(part)
	for _, item := range items {
		object, ok := item.(map[string]any)
		if !ok {
			return errNoFields()
		}
		p.j.Item(pick(object, p.names))
	}
	if delete(part, "items"); len(part) > 0 {
		p.j.To(1)
		p.j.Members(part)
	}
	return p.j.Err()
}

func errNoFields() error {
	return plan.Errorf(plan.Usage, "cannot select fields: the answer has none")
}
