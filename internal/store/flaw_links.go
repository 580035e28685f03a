package store

import (
	"fmt"

	"pm/internal/db"
	"pm/internal/plan"
)

// countedLinks selects the items of a level whose number of links is not that
// of the links from them and to them.
func countedLinks(level plan.Level) db.Stmt {
	counted := "(select count(*) from links l where l.item_id = i.id) + (select count(*) from links l where l.to_id = i.id)"
	return db.Named("doctor.links_"+string(level), fmt.Sprintf("select id, links, counted from (select i.id, i.links, %s as counted from %ss i) c where links <> counted order by id", counted, level))
}

// linksLost selects the links of which an end is not there.
var linksLost = db.Named("doctor.links_lost", `select item_id, kind, to_id, target from links l where not exists (
		select 1 from tasks where id = l.item_id union all select 1 from features where id = l.item_id union all select 1 from epics where id = l.item_id)
	or to_id > 0 and not exists (
		select 1 from tasks where id = l.to_id union all select 1 from features where id = l.to_id union all select 1 from epics where id = l.to_id)
	order by item_id, kind, to_id, target`)

type linkDrift struct {
	key           plan.Key
	kept, counted int
}

// LinkFlaws finds items whose number of links is not kept right, and links of
// which an end is not there.
func (tx *Tx) LinkFlaws() (flaws []Flaw, err error) {
	err = tx.eachLinkDrift(func(d linkDrift) {
		flaws = append(flaws, Flaw{d.key, fmt.Sprintf("its stored number of links is %d, but it has %d", d.kept, d.counted)})
	})
	if err != nil {
		return nil, err
	}
	lost, err := db.List(tx.Tx, linksLost, linkFields)
	for _, l := range lost {
		row := l.row()
		flaws = append(flaws, Flaw{row.Item, fmt.Sprintf("it is linked to %s, but one of the two does not exist", row.Link().To)})
	}
	return flaws, err
}

// RecountLinks keeps the numbers of links as they are.
func (tx *Tx) RecountLinks() error {
	of := map[plan.Key]int{}
	if err := tx.eachLinkDrift(func(d linkDrift) { of[d.key] = d.counted - d.kept }); err != nil {
		return err
	}
	return tx.AddLinkCounts(of)
}

func (tx *Tx) eachLinkDrift(f func(linkDrift)) error {
	for _, level := range []plan.Level{plan.LevelEpic, plan.LevelFeature, plan.LevelTask} {
		_, err := db.Walk(tx.Tx, countedLinks(level), func(d *linkDrift) []any { return []any{subject{&d.key}, &d.kept, &d.counted} }, f)
		if err != nil {
			return err
		}
	}
	return nil
}
