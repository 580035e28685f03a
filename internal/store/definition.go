package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

const projectColumns = "uid, version, created_at, updated_at, history_hash, last_note"

func projectFields(p *plan.Project) []any {
	return []any{&p.UID, &p.Version, db.Stamp(&p.CreatedAt), db.Stamp(&p.UpdatedAt), &p.HistoryHash, &p.LastNote}
}

var (
	projectRow  = db.Named("project.row", `select `+projectColumns+` from project where id = 1`)
	projectSave = db.Named("project.save", `update project set uid = $2, version = version + 1, created_at = $3, updated_at = $4, history_hash = $5, last_note = $6 where id = 1 and version = $1`)
	projectPut  = db.Named("project.put", `update project set uid = $1, version = $2, created_at = $3, updated_at = $4, history_hash = $5, last_note = $6 where id = 1`)

	definitionAll    = db.Named("definition.all", `select kind, name, body from definitions order by kind, name`)
	definitionKind   = db.Named("definition.of_kind", `select kind, name, body from definitions where kind = $1 order by name`)
	definitionDelete = db.Named("definition.delete", `delete from definitions where kind = $1 and name = $2`)
	definitionPut    = db.Insertion{Name: "definition.put", Table: "definitions", Columns: "kind, name, body", Tail: " on conflict (kind, name) do update set body = excluded.body"}
)

func definitionFields(d *plan.Definition) []any { return []any{&d.Kind, &d.Name, &d.Body} }

// Project returns the project with all of its definitions.
func (tx *Tx) Project() (plan.Project, error) { return tx.project("") }

// LockProject is Project, and keeps others from changing it until the
// transaction ends.
func (tx *Tx) LockProject() (plan.Project, error) { return tx.project(tx.engine.ForUpdate) }

func (tx *Tx) project(lock string) (plan.Project, error) {
	p, err := db.One(tx.Tx, projectRow.And(lock), projectFields)
	if err == nil {
		p.Definitions, err = db.List(tx.Tx, definitionAll, definitionFields)
	}
	return p, err
}

// Definitions returns the definitions of a kind, in the order of their names.
func (tx *Tx) Definitions(kind plan.DefinitionKind) ([]plan.Definition, error) {
	return db.List(tx.Tx, definitionKind, definitionFields, kind)
}

// lockDefinition locks the row of a definition as the engine says, and returns what
// stands in it then. Without a lock a write has the database for itself, and nothing
// is read.
func (tx *Tx) lockDefinition(kind plan.DefinitionKind, name, lock string) (d plan.Definition, there bool, err error) {
	if lock == "" {
		return d, true, nil
	}
	there, err = tx.ScanOne(db.Named("definition.lock", "select kind, name, body from definitions where kind = $1 and name = $2"+lock), definitionFields(&d), kind, name)
	return d, there, err
}

// keep notes that a definition stays as it is until the transaction ends.
func (tx *Tx) keep(kind plan.DefinitionKind, name string) {
	if tx.kept == nil {
		tx.kept = map[plan.DefinitionKind]map[string]bool{plan.FieldDefinition: {}, plan.StageDefinition: {}}
	}
	tx.kept[kind][name] = true
}

// SaveProject writes what of p differs from before, raises its version, and
// records that with what h says besides.
func (tx *Tx) SaveProject(before plan.Project, p *plan.Project, h plan.History) error {
	h, err := tx.Stamped(h, plan.Key{}, before.UpdatedAt)
	if err != nil {
		return err
	}
	if p.UID == "" {
		p.UID = plan.NewUID(h.Timestamp)
	}
	h, former := p.Append(before, h)
	if err := tx.PutTexts(plan.Key{}, former); err != nil {
		return err
	}
	tx.fields, tx.line, tx.projectChanged = nil, nil, true
	n, err := tx.Exec(projectSave, before.Version, p.UID, db.Stamp(&p.CreatedAt), db.Stamp(&p.UpdatedAt), p.HistoryHash, p.LastNote)
	if err == nil && n == 0 {
		err = plan.Errorf(plan.Conflict, "the project was changed by someone else meanwhile").WithCode("stale_version").WithHint("to see the current settings: pm project show")
	}
	for _, d := range before.Definitions {
		if _, stays := p.Find(d.Kind, d.Name); !stays && err == nil {
			_, err = tx.Exec(definitionDelete, d.Kind, d.Name)
		}
	}
	for _, d := range p.Definitions {
		if was, there := before.Find(d.Kind, d.Name); err == nil && (!there || was != d.Body) {
			err = tx.Insert(definitionPut, d.Kind, d.Name, d.Body)
			if d.Kind == plan.FieldDefinition && err == nil {
				err = tx.sortFieldAnew(d)
			}
		}
	}
	if err != nil {
		return err
	}
	return tx.insertPlanHistory(0, 0, h)
}

// PutProject sets the project as it is, from an export, where it had no
// record before.
func (tx *Tx) PutProject(p plan.Project) error {
	tx.fields, tx.line, tx.projectChanged = nil, nil, true
	if _, err := tx.Exec(projectPut, p.UID, p.Version, db.Stamp(&p.CreatedAt), db.Stamp(&p.UpdatedAt), p.HistoryHash, p.LastNote); err != nil {
		return err
	}
	for _, d := range p.Definitions {
		if err := tx.Insert(definitionPut, d.Kind, d.Name, d.Body); err != nil {
			return err
		}
	}
	return nil
}

// projectFlaws holds the project against its history.
func (tx *Tx) projectFlaws() ([]string, error) {
	p, err := tx.Project()
	if err != nil {
		return nil, err
	}
	notes, err := tx.Notes(0, 0)
	if err != nil || p.Version == 0 && len(p.Definitions) == 0 && p.LastNote == 0 && len(notes) == 0 {
		return nil, err
	}
	records, err := tx.ItemHistory(plan.Key{})
	if err != nil {
		return nil, err
	}
	r, err := plan.FoldProject(p.UID, records)
	if err != nil {
		return []string{"the history of the project was altered: " + err.Error()}, nil
	}
	lost, err := tx.TextFlaws(plan.Key{}, records, noteBodies(notes[plan.Key{}])...)
	return each(append(r.Project(p, notes[plan.Key{}]), lost...), func(s string) string { return "of the project " + s }), err
}
