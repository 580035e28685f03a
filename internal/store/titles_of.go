package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

// Titles returns the titles of items.
func (tx *Tx) Titles(keys []plan.Key) (map[plan.Key]string, error) {
	titles := map[plan.Key]string{}
	of := map[plan.Level][]any{}
	for _, k := range keys {
		of[k.Level()] = append(of[k.Level()], k.Ordinal())
	}
	for _, table := range []struct {
		level plan.Level
		name  string
	}{{plan.LevelEpic, "epics"}, {plan.LevelFeature, "features"}, {plan.LevelTask, "tasks"}} {
		for ids := of[table.level]; len(ids) > 0; ids = ids[min(len(ids), maxIn):] {
			some := ids[:min(len(ids), maxIn)]
			type row struct {
				id    int64
				title string
			}
			_, err := db.Walk(tx.Tx, db.Named("title.of_"+table.name, "select id, title from "+table.name+" where id in ("+tx.engine.Marks(len(some))+")"),
				func(r *row) []any { return []any{&r.id, &r.title} }, func(r row) { titles[plan.KeyOf(r.id)] = r.title }, some...)
			if err != nil {
				return nil, err
			}
		}
	}
	return titles, nil
}
