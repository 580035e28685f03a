package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

var (
	epicTitles    = db.Named("epic.titles", `select id, title from epics order by id`)
	featureTitles = db.Named("feature.titles", `select id, title from features where id between $1 and $2 order by id`)
	taskTitles    = db.Named("task.titles", `select id, title from tasks where id between $1 and $2 order by id`)
)

// A Titled is the key of an item with its title.
type Titled struct {
	Key   plan.Key
	Title string
}

func titledFields(t *Titled) []any { return []any{subject{&t.Key}, &t.Title} }

// ChildTitles returns what lies directly under an epic or a feature, and the
// epics under the zero key, in the order of their keys.
func (tx *Tx) ChildTitles(parent plan.Key) ([]Titled, error) {
	if parent.IsZero() {
		return db.List(tx.Tx, epicTitles, titledFields)
	}
	s := featureTitles
	if parent.Level() == plan.LevelFeature {
		s = taskTitles
	}
	first, last := parent.Range()
	return db.List(tx.Tx, s, titledFields, first, last)
}

// RefOwners returns the keys of the items with these references, by what the
// references are compared by. Those of no item are left out.
func (tx *Tx) RefOwners(refs []string) (map[string]plan.Key, error) {
	type owner struct {
		folded string
		key    plan.Key
	}
	out := map[string]plan.Key{}
	for from := 0; from < len(refs); from += maxIn {
		page := refs[from:min(from+maxIn, len(refs))]
		args := make([]any, len(page))
		for i, r := range page {
			args[i] = plan.FoldRef(r)
		}
		_, err := db.Walk(tx.Tx, db.Named("ref.owners", `select folded, item_id from refs where folded in (`+tx.engine.Marks(len(args))+`)`),
			func(o *owner) []any { return []any{&o.folded, subject{&o.key}} }, func(o owner) { out[o.folded] = o.key }, args...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
