package tracker

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/store"
)

// newFields reads the values of the custom fields of a new item.
func newFields(tx *store.Tx, level plan.Level, given plan.Fields) (out plan.Fields, err error) {
	err = setFields(tx, level, &out, given)
	return out, err
}

// setFields reads values of custom fields as they were given into those of an
// item; an empty one clears a field.
func setFields(tx *store.Tx, level plan.Level, fields *plan.Fields, given plan.Fields) error {
	if len(given) == 0 {
		return nil
	}
	declared, err := tx.KeepFields(namesOfFields(given))
	if err != nil {
		return err
	}
	date := func(name string) func(string) (plan.Date, error) {
		return func(s string) (plan.Date, error) {
			now, err := zonedNow(tx)
			if err != nil {
				return "", err
			}
			return parseDate(name, now)(s)
		}
	}
	out := maps.Clone(*fields)
	if out == nil {
		out = plan.Fields{}
	}
	for _, word := range slices.Sorted(maps.Keys(given)) {
		name := fieldName(word)
		f, is := declared[name]
		if !is && given[word] == "" && out[name] != "" { // of a field that was declared once
			delete(out, name)
			continue
		}
		if !is {
			return noSuchField(word, declared)
		}
		if !f.Has(level) && given[word] != "" {
			return plan.Errorf(plan.Invalid, "%s has no field %s", level.Article(), name).WithCode("bad_field").WithHint("it is a field of %s", levels(f.On))
		}
		v, err := f.Parse(given[word], date(name))
		if err != nil {
			return err
		}
		if out[name] = v; v == "" {
			delete(out, name)
		}
	}
	*fields = out
	return nil
}

// fieldName is the name of a field as it was typed.
func fieldName(word string) string { return strings.ReplaceAll(strings.ToLower(word), "-", "_") }

// namesOfFields are the names of the fields that values are given of, in order.
func namesOfFields(given plan.Fields) []string {
	var names []string
	for word := range given {
		names = append(names, fieldName(word))
	}
	slices.Sort(names)
	return names
}

func noSuchField(name string, declared map[string]plan.CustomField) error {
	e := plan.Errorf(plan.Invalid, "unknown field %q", name).WithCode("bad_field")
	if len(declared) == 0 {
		return e.WithHint("declare it: pm field create %s --type text", name)
	}
	return e.WithHint("the fields are %s; declare another: pm field create NAME --type text", strings.Join(slices.Sorted(maps.Keys(declared)), ", "))
}

func levels(all []plan.Level) string {
	words := make([]string, len(all))
	for i, l := range all {
		words[i] = string(l) + "s"
	}
	return strings.Join(words, ", ")
}

// CreateField is the input of Tracker.CreateField.
type CreateField struct {
	Name    string   `json:"name" jsonschema:"name of the field: one word, such as severity" arg:"name"`
	Type    string   `json:"type" jsonschema:"text, number, date, choice, bool or url" flag:"type" short:"t"`
	Choices []string `json:"choices,omitempty" jsonschema:"for the type choice: its values, in order"`
	On      []string `json:"on,omitempty" jsonschema:"which items can have it: epic, feature or task; all of them if not given"`
}

// FieldsAnswer is the answer of the operations on custom fields.
type FieldsAnswer struct {
	Items []plan.CustomField `json:"items"`
}

// CreateField declares a field.
func (t *Tracker) CreateField(ctx context.Context, in CreateField) (plan.CustomField, error) {
	f, err := plan.NewCustomField(in.Name, in.Type, in.Choices, in.On)
	if err == nil {
		err = checkFieldName(f.Name)
	}
	if err != nil {
		return f, err
	}
	return write(ctx, t, call{"field create", in}, func(tx *store.Tx) (plan.CustomField, error) {
		_, err := changeProject(tx, func(p plan.Project) (plan.Project, error) {
			fields := 0
			for _, d := range p.Definitions {
				if d.Kind != plan.FieldDefinition {
					continue
				}
				if fields++; d.Name == f.Name {
					return p, plan.Errorf(plan.Conflict, "field %s already exists", f.Name).WithCode("field_exists").WithHint("see it: pm field list")
				}
			}
			if fields >= plan.MaxFields {
				return p, plan.Errorf(plan.Refused, "a project has at most %d fields", plan.MaxFields).WithHint("delete one that is not used: pm field delete NAME")
			}
			return p.With(f.Definition()), nil
		})
		if err == nil {
			err = valuesFit(tx, f, "choose another name, or clear it")
		}
		return f, err
	})
}

// ListFields is the input of Tracker.ListFields.
type ListFields struct {
	AsOf string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// ListFields returns the fields that the project has declared, by name.
func (t *Tracker) ListFields(ctx context.Context, in ListFields) (FieldsAnswer, error) {
	return readAt(ctx, t, in.AsOf, func(tx *store.Tx) (FieldsAnswer, error) {
		declared, err := tx.CustomFields()
		out := FieldsAnswer{Items: []plan.CustomField{}}
		for _, name := range slices.Sorted(maps.Keys(declared)) {
			out.Items = append(out.Items, declared[name])
		}
		return out, err
	})
}

// UpdateField is the input of Tracker.UpdateField.
type UpdateField struct {
	Name    string   `json:"name" jsonschema:"name of the field" arg:"name"`
	Choices []string `json:"choices" jsonschema:"all its choices, in order"`
}

// UpdateField changes the choices of a field. One that an item has stays.
func (t *Tracker) UpdateField(ctx context.Context, in UpdateField) (plan.CustomField, error) {
	return write(ctx, t, call{"field update", in}, func(tx *store.Tx) (plan.CustomField, error) {
		if err := firstError(tx.LockGraph(), tx.LockField(fieldName(in.Name))); err != nil {
			return plan.CustomField{}, err
		}
		was, err := declaredField(tx, in.Name)
		if err != nil {
			return was, err
		}
		f, err := was.WithChoices(in.Choices)
		if err == nil {
			err = valuesFit(tx, f, "keep the choice, or change the item first")
		}
		if err != nil {
			return was, err
		}
		_, err = changeProject(tx, func(p plan.Project) (plan.Project, error) { return p.With(f.Definition()), nil })
		return f, err
	})
}

// declaredField returns the field of that name.
func declaredField(tx *store.Tx, name string) (plan.CustomField, error) {
	declared, err := tx.CustomFields()
	f, is := declared[fieldName(name)]
	if err == nil && !is {
		err = plan.Errorf(plan.NotFound, "field %s does not exist", name).WithHint("see the fields: pm field list")
	}
	return f, err
}

// valuesFit refuses to declare a field so that a value is none that an item has:
// one that it got of the field as it was declared before.
func valuesFit(tx *store.Tx, f plan.CustomField, hint string) error {
	keys, err := tx.HasField(f.Name)
	for _, k := range keys {
		if err != nil {
			return err
		}
		item, err := loadItem(tx, k)
		if err != nil {
			return err
		}
		if v := (*item.fieldPlace())[f.Name]; f.Check(v) != nil {
			return plan.Errorf(plan.Refused, "%s has the value %s of %s", k, v, f.Name).WithCode("field_used").
				WithHint("%s: pm update %s --set %s=", hint, k, f.Name)
		}
	}
	return err
}

// fieldPlace is where the item has the values of its custom fields.
func (i Item) fieldPlace() *plan.Fields {
	switch {
	case i.Epic != nil:
		return &i.Epic.Fields
	case i.Feature != nil:
		return &i.Feature.Fields
	}
	return &i.Task.Fields
}

// DeleteField is the input of Tracker.DeleteField.
type DeleteField struct {
	Name  string `json:"name" jsonschema:"name of the field" arg:"name"`
	Force bool   `json:"force,omitempty" jsonschema:"also remove its values from all items; the history keeps them"`
}

// DeletedField is the answer of Tracker.DeleteField.
type DeletedField struct {
	Name    string `json:"name"`
	Cleared int    `json:"cleared"` // items that lost a value
}

// DeleteField takes a field out of the project, with force also where items
// have a value of it.
func (t *Tracker) DeleteField(ctx context.Context, in DeleteField) (DeletedField, error) {
	return write(ctx, t, call{"field delete", in}, func(tx *store.Tx) (DeletedField, error) {
		if err := tx.LockGraph(); err != nil { // the project before its items, as everybody locks them
			return DeletedField{}, err
		}
		f, err := declaredField(tx, in.Name)
		if err != nil {
			return DeletedField{}, err
		}
		keys, err := lockHolders(tx, f.Name)
		if err != nil {
			return DeletedField{}, err
		}
		if len(keys) > 0 && !in.Force {
			return DeletedField{}, plan.Errorf(plan.Refused, "%s a value of the field %s", whoHas(keys), f.Name).WithCode("field_used").
				WithHint("remove the values with it: pm field delete %s --force", f.Name)
		}
		done := tx.Announce(len(keys))
		slices.SortFunc(keys, inOrderOfLocks)
		for i, k := range keys {
			if err := clearField(tx, k, f.Name); err != nil {
				return DeletedField{}, err
			}
			done(i + 1)
		}
		_, err = changeProject(tx, func(p plan.Project) (plan.Project, error) {
			return p.With(plan.Definition{Kind: plan.FieldDefinition, Name: f.Name}), nil
		})
		return DeletedField{f.Name, len(keys)}, err
	})
}

// lockHolders locks the items that have a value of the field and then the field, as
// who gives an item a value does, and returns them with those that got one meanwhile.
func lockHolders(tx *store.Tx, name string) ([]plan.Key, error) {
	keys, err := tx.HasField(name)
	slices.SortFunc(keys, inOrderOfLocks)
	for _, k := range keys {
		if err != nil {
			return nil, err
		}
		if _, err = lockRow(tx, k); err != nil && plan.KindOf(err) == plan.NotFound {
			err = nil // it was deleted meanwhile
		}
	}
	if err := firstError(err, tx.LockField(name)); err != nil {
		return nil, err
	}
	return tx.HasField(name)
}

// whoHas begins a sentence on items of which the first is named.
func whoHas(keys []plan.Key) string {
	switch len(keys) {
	case 1:
		return keys[0].String() + " has"
	case 2:
		return keys[0].String() + " and one other item have"
	}
	return fmt.Sprintf("%s and %d other items have", keys[0], len(keys)-1)
}

func clearField(tx *store.Tx, k plan.Key, name string) error {
	item, err := lockItem(tx, k)
	if err != nil {
		return err
	}
	rest := maps.Clone(*item.fieldPlace())
	delete(rest, name)
	_, err = saveItem(tx, item, plan.History{}, func(i Item) { *i.fieldPlace() = rest })
	return err
}

// fieldText writes fields so that the same ones give the same text.
func fieldText(fields plan.Fields) string { return fmt.Sprint(map[string]plan.FieldValue(fields)) }

// checkFieldName refuses a name that has a meaning already: as a word of
// queries, as the name of a field that every item has, or as a flag.
func checkFieldName(name string) error {
	meaning := query.MeaningOf(name)
	if meaning == "" {
		return nil
	}
	return plan.Errorf(plan.Invalid, "the name %s is taken: it is %s", name, meaning).WithCode("bad_field").
		WithHint("choose another name, such as my_%s", name)
}

// taskFields are the names that tasks have in JSON.
var taskFields = sync.OnceValue(func() []string { return jsonNames(plan.Task{}) })

func jsonNames(item any) (names []string) {
	t := reflect.TypeOf(item)
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}
