package store

import (
	"database/sql/driver"
	"maps"
	"slices"

	"pm/internal/db"
	"pm/internal/plan"
)

// The values of custom fields stand in the rows of the items, as JSON. Those of
// tasks stand in field_values, too, by which tasks are found and sorted; those of a
// field that is not declared, of a task that was restored, as texts.
var (
	fieldInsertion = db.Insertion{Name: "field.insert", Table: "field_values", Columns: "item_id, field, value"}

	fieldsUnder = db.Named("field.delete_under", `delete from field_values where item_id between $1 and $2`)
	fieldDelete = db.Named("field.delete", `delete from field_values where item_id = $1 and field = $2`)
	fieldAnew   = db.Named("field.delete_all", `delete from field_values where field = $1`)
	fieldHas    = db.Named("field.has", `select item_id from field_values where field = $1 order by item_id`)
	fieldEpics  = db.Named("field.has_epics", `select key, fields from epics where fields is not null order by id`)
	fieldParts  = db.Named("field.has_features", `select key, fields from features where fields is not null order by id`)
	fieldRows   = db.Named("doctor.fields", `select key, fields from tasks where fields is not null order by id`)
	fieldValues = db.Named("doctor.field_values", `select item_id, field, value from field_values order by item_id, field`)
)

// fieldsText stores the values of custom fields as JSON, null for none.
type fieldsText struct{ f *plan.Fields }

func (t fieldsText) Value() (driver.Value, error) {
	if len(*t.f) == 0 {
		return nil, nil
	}
	b, err := plan.JSON(*t.f)
	return string(b), err
}

func (t fieldsText) Scan(v any) error {
	*t.f = nil
	if v == nil {
		return nil
	}
	text, _ := v.(string)
	var err error
	if *t.f, err = plan.ReadFields(text); err != nil {
		return plan.Errorf(plan.Corrupt, "%.40q is stored where the values of fields belong", text)
	}
	return nil
}

// CustomFields returns the fields that the project has declared, by name.
func (tx *Tx) CustomFields() (map[string]plan.CustomField, error) {
	if tx.fields != nil {
		return tx.fields, nil
	}
	all, err := tx.Definitions(plan.FieldDefinition)
	out := make(map[string]plan.CustomField, len(all))
	for _, d := range all {
		if err == nil {
			out[d.Name], err = plan.ReadCustomField(d)
		}
	}
	tx.fields = out
	return out, err
}

// KeepFields is CustomFields, and keeps the fields of these names as they are
// declared until the transaction ends: for an item that gets values of them.
func (tx *Tx) KeepFields(names []string) (map[string]plan.CustomField, error) {
	declared, err := tx.CustomFields()
	for _, name := range names {
		if _, is := declared[name]; err != nil || !is || tx.engine.keepRow == "" || tx.kept[plan.FieldDefinition][name] {
			continue
		}
		d, there, failed := tx.lockDefinition(plan.FieldDefinition, name, tx.engine.keepRow)
		if err = failed; err == nil && there {
			declared[name], err = plan.ReadCustomField(d)
		} else {
			delete(declared, name)
		}
		tx.keep(plan.FieldDefinition, name)
	}
	return declared, err
}

// LockField keeps items from getting values of the field until the transaction
// ends, after those that do so now.
func (tx *Tx) LockField(name string) error {
	_, _, err := tx.lockDefinition(plan.FieldDefinition, name, tx.engine.ForUpdate)
	tx.fields = nil
	return err
}

// saveFieldValues brings what a task is found by up to date with its fields.
func (tx *Tx) saveFieldValues(before, t plan.Task) error {
	for name, v := range before.Fields {
		if t.Fields[name] != v {
			if _, err := tx.Exec(fieldDelete, t.Key.Ordinal(), name); err != nil {
				return err
			}
		}
	}
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(t.Fields)), func(name string) bool { return before.Fields[name] == t.Fields[name] })
	declared, err := tx.KeepFields(names)
	for _, name := range names {
		if err == nil {
			err = tx.Insert(fieldInsertion, t.Key.Ordinal(), name, declared[name].Sorted(t.Fields[name]))
		}
	}
	return err
}

// addFields adds what a task is found by to a bulk.
func (b *Bulk) addFields(t *plan.Task) error {
	if len(t.Fields) == 0 {
		return nil
	}
	names := slices.Sorted(maps.Keys(t.Fields))
	declared, err := b.tx.KeepFields(names)
	for _, name := range names {
		b.fields.Add(t.Key.Ordinal(), []any{name, declared[name].Sorted(t.Fields[name])})
	}
	return err
}

// HasField returns the keys of the items that have a value of the field, whether
// it is declared or not.
func (tx *Tx) HasField(name string) ([]plan.Key, error) {
	keys, err := db.List(tx.Tx, fieldHas, func(k *plan.Key) []any { return []any{subject{k}} }, name)
	if err != nil {
		return nil, err
	}
	for _, of := range []db.Stmt{fieldParts, fieldEpics} {
		_, err := db.Walk(tx.Tx, of, (*fielded).columns, func(i fielded) {
			if i.fields[name] != "" {
				keys = append(keys, i.key)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// A fielded is an item with the values of its custom fields.
type fielded struct {
	key    plan.Key
	fields plan.Fields
}

func (i *fielded) columns() []any { return []any{keyText{&i.key}, fieldsText{&i.fields}} }

// sortFieldAnew rewrites the index rows of all tasks that have a value of the
// field: it was declared, or the order of its choices, which lists are sorted by,
// has changed.
func (tx *Tx) sortFieldAnew(d plan.Definition) error {
	f, err := plan.ReadCustomField(d)
	if err != nil {
		return err
	}
	ids, err := db.List(tx.Tx, fieldHas, func(k *plan.Key) []any { return []any{subject{k}} }, f.Name)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(fieldAnew, f.Name); err != nil {
		return err
	}
	batch := db.NewBatch(fieldInsertion, bulkLabels)
	for page := range slices.Chunk(ids, maxIn) {
		tasks, err := tx.TasksOf(page)
		if err != nil {
			return err
		}
		for _, t := range tasks {
			batch.Add(t.ID, []any{f.Name, f.Sorted(t.Fields[f.Name])})
		}
		if err := batch.Flush(tx.Tx, true); err != nil {
			return err
		}
	}
	return nil
}

// FieldFlaws finds tasks whose index rows do not match their custom fields:
// lists by these fields would miss them.
func (tx *Tx) FieldFlaws() (flaws []Flaw, err error) {
	declared, err := tx.CustomFields()
	if err != nil {
		return nil, err
	}
	type entry struct {
		item  int64
		field string
	}
	stored := map[entry]string{}
	type row struct {
		entry
		value string
	}
	_, err = db.Walk(tx.Tx, fieldValues, func(r *row) []any { return []any{&r.item, &r.field, &r.value} }, func(r row) { stored[r.entry] = r.value })
	if err != nil {
		return nil, err
	}
	flaw := func(k plan.Key, name string) {
		flaws = append(flaws, Flaw{k, "it cannot be found by the value of its field " + name})
	}
	_, err = db.Walk(tx.Tx, fieldRows, (*fielded).columns, func(t fielded) {
		for _, name := range slices.Sorted(maps.Keys(t.fields)) {
			at := entry{t.key.Ordinal(), name}
			if value, there := stored[at]; !there || value != declared[name].Sorted(t.fields[name]) {
				flaw(t.key, name)
			}
			delete(stored, at)
		}
	})
	for at := range stored {
		flaw(plan.KeyOf(at.item), at.field)
	}
	return flaws, err
}

// MendFields rewrites the index rows of the custom fields of these tasks.
func (tx *Tx) MendFields(of []Flaw) error {
	for _, f := range of {
		if err := tx.deleteRange(f.Key, fieldsUnder); err != nil {
			return err
		}
		t, err := tx.Task(f.Key)
		if plan.KindOf(err) == plan.NotFound {
			continue
		}
		if err == nil {
			err = tx.saveFieldValues(plan.Task{}, t)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
