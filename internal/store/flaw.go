package store

import (
	"fmt"

	"pm/internal/db"
	"pm/internal/plan"
)

// A Flaw is something stored that is not as pm stores it. There should never
// be one.
type Flaw struct {
	Key  plan.Key `json:"key,omitzero"` // of the item, if it is one's
	Text string   `json:"text"`
}

// FileFlaws has the engine check its file, and that no row refers to one that
// is gone. PostgreSQL has no check of its own for that.
func (tx *Tx) FileFlaws() ([]Flaw, error) {
	if err := tx.freshSearch(); err != nil {
		return nil, err
	}
	found, err := tx.Damage()
	return each(found, func(text string) Flaw { return Flaw{Text: text} }), err
}

// freshSearch has SQLite read the structure of its text indexes anew. A
// connection keeps it, and looks whether another one has changed it when a
// search begins, but not when the check of the file does: that would take an
// index for damaged which another connection has changed since.
func (tx *Tx) freshSearch() error {
	if tx.engine.IndexedBy == "" {
		return nil // PostgreSQL has no structure to read
	}
	for _, table := range []string{"task_search", "note_search"} {
		var id int64
		if _, err := tx.ScanOne(db.Named("doctor.search_begin", "select rowid from "+table+" where "+table+" match 'a' limit 1"), []any{&id}); err != nil {
			return err
		}
	}
	return nil
}

var (
	openDrift = db.Named("doctor.open_dependencies", `select t.key, t.open_dependencies, coalesce(c.n, 0) from tasks t left join (
			select task_id, count(*) n from (select d.task_id from `+openEnds+` union all select d.item_id from `+openLevels+`) every group by task_id) c on c.task_id = t.id
		where t.open_dependencies <> coalesce(c.n, 0) order by t.id`)
	levelDrift = db.Named("doctor.open_levels", `select l.key, l.open_dependencies, coalesce(c.n, 0) from (select id, key, open_dependencies from features union all select id, key, open_dependencies from epics) l
		left join (select d.item_id, count(*) n from `+openLevels+` group by d.item_id) c on c.item_id = l.id where l.open_dependencies <> coalesce(c.n, 0) order by l.id`)
	offerFlaws = db.Named("doctor.offers", `select t.key from tasks t join features f on f.id = t.feature_id join epics e on e.id = f.epic_id
		where t.offered <> case when f.status = 'active' and e.status = 'active' and f.open_dependencies = 0 and e.open_dependencies = 0 then 1 else 0 end order by t.id`)
)

// An OpenDrift is an item whose stored number of open dependencies is not the
// one that counting gives.
type OpenDrift struct {
	Key           plan.Key
	Kept, Counted int
}

func (d OpenDrift) String() string {
	return fmt.Sprintf("its stored number of open dependencies is %d, but it has %d", d.Kept, d.Counted)
}

// OpenDrifts counts for every item what it waits for.
func (tx *Tx) OpenDrifts() ([]OpenDrift, error) {
	fields := func(d *OpenDrift) []any { return []any{keyText{&d.Key}, &d.Kept, &d.Counted} }
	levels, err := db.List(tx.Tx, levelDrift, fields)
	if err != nil {
		return nil, err
	}
	tasks, err := db.List(tx.Tx, openDrift, fields)
	return append(levels, tasks...), err
}

// OfferFlaws finds tasks that are offered as work though their epic or their
// feature is not active, and the other way round.
func (tx *Tx) OfferFlaws() ([]Flaw, error) {
	keys, err := db.List(tx.Tx, offerFlaws, func(k *plan.Key) []any { return []any{keyText{k}} })
	return each(keys, func(k plan.Key) Flaw {
		return Flaw{k, "offered does not match its epic and feature"}
	}), err
}

// each makes one thing of each of others.
func each[A, B any](of []A, f func(A) B) []B {
	out := make([]B, len(of))
	for i, a := range of {
		out[i] = f(a)
	}
	return out
}
