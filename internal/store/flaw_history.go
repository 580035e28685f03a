package store

import (
	"fmt"

	"pm/internal/db"
	"pm/internal/plan"
)

// A link is a record of an item's history, beside the head of its chain.
type link struct {
	plan.History
	item   int64 // the id of the item whose chain it is in
	key    plan.Key
	head   string
	status string
}

// chains select the records of every item, each chain in its order. The status is that of
// a task: the histories of epics and features also have what was deleted there.
func chains() []db.Stmt {
	columns := aliased(historyColumns, "h")
	return []db.Stmt{
		db.Named("doctor.task_history", `select h.task_id, t.key, t.history_hash, t.status, t.key, `+columns+`
		from task_history h join tasks t on t.id = h.task_id order by h.task_id, h.id`),
		db.Named("doctor.feature_history", `select h.feature_id, f.key, f.history_hash, '', h.key, `+columns+`
		from plan_history h join features f on f.id = h.feature_id order by h.feature_id, h.id`),
		db.Named("doctor.epic_history", `select h.epic_id, e.key, e.history_hash, '', h.key, `+columns+`
		from plan_history h join epics e on e.id = h.epic_id order by h.epic_id, h.id`),
	}
}

var chainless = db.Named("doctor.no_history", `select key from tasks t where not exists (select 1 from task_history h where h.task_id = t.id)
	union all select key from features f where not exists (select 1 from plan_history h where h.feature_id = f.id)
	union all select key from epics e where not exists (select 1 from plan_history h where h.epic_id = e.id)`)

// HistoryFlaws follows the chain of every item's history from its beginning
// to the head that is kept with the item: a record that was altered, removed
// or moved breaks it.
func (tx *Tx) HistoryFlaws() (flaws []Flaw, err error) {
	for _, s := range chains() {
		var c chain
		_, err := db.Walk(tx.Tx, s, func(l *link) []any {
			return append([]any{&l.item, keyText{&l.key}, &l.head, &l.status, keyText{&l.History.Key}}, historyFields(&l.History)...)
		}, c.follow)
		if err != nil {
			return nil, err
		}
		c.end()
		flaws = append(flaws, c.flaws...)
	}
	without, err := db.List(tx.Tx, chainless, func(k *plan.Key) []any { return []any{keyText{k}} })
	return append(flaws, each(without, func(k plan.Key) Flaw { return Flaw{k, "it has no history"} })...), err
}

// A chain follows records that come item by item.
type chain struct {
	last   link
	hash   string // of the last record
	broken bool   // the item's chain, which is then reported once
	flaws  []Flaw
}

func (c *chain) follow(l link) {
	if l.item != c.last.item {
		c.end()
		c.hash, c.broken = "", false
	}
	if want := l.Chain(c.hash); want != l.Hash && !c.broken {
		c.broken = true
		c.flaws = append(c.flaws, Flaw{l.key, fmt.Sprintf("the history is not what was written, from its record of %s on", l.Timestamp.Format("2006-01-02 15:04:05"))})
	}
	c.last, c.hash = l, l.Hash
}

// end compares the last record of an item with what is kept with the item.
func (c *chain) end() {
	switch {
	case c.last.item == 0 || c.broken:
	case c.hash != c.last.head:
		c.flaws = append(c.flaws, Flaw{c.last.key, "the end of the history is missing, or the item was changed past it"})
	case c.last.status != "" && c.last.status != c.last.NewStatus:
		c.flaws = append(c.flaws, Flaw{c.last.key, fmt.Sprintf("it is %s, and its history ends with %s", c.last.status, c.last.NewStatus)})
	}
}
