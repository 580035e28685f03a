package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

var (
	dueEpics    = db.Named("due.epics", "select id, title, due from epics where due is not null and status not in ('completed', 'archived') order by id")
	dueFeatures = db.Named("due.features", "select id, title, due from features where due is not null and status not in ('completed', 'archived') order by id")
)

// A DuePart is an epic or a feature with a due date.
type DuePart struct {
	Key   plan.Key
	Title string
	Due   plan.Date
}

// DueParts returns the epics and features with a due date that are neither
// completed nor archived, epics first.
func (tx *Tx) DueParts() (all []DuePart, err error) {
	for _, of := range []db.Stmt{dueEpics, dueFeatures} {
		some, err := db.List(tx.Tx, of, func(p *DuePart) []any { return []any{subject{&p.Key}, &p.Title, db.Text(&p.Due)} })
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}
