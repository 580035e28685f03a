package store

import (
	"fmt"
	"strings"

	"pm/internal/db"
	"pm/internal/plan"
)

// SearchFlaws finds tasks and notes that the full-text index does not have,
// and what it has of others.
func (tx *Tx) SearchFlaws() (out []Flaw, err error) {
	id := strings.NewReplacer("{id}", tx.engine.search.id)
	missing, err := db.List(tx.Tx, db.Named("doctor.search", id.Replace(`select t.key, 0 from tasks t where not exists (select 1 from task_search s where s.{id} = t.id)
		union all select coalesce(t.key, f.key, e.key), 1 from notes n left join tasks t on t.id = n.item_id left join features f on f.id = n.item_id left join epics e on e.id = n.item_id
		where coalesce(t.key, f.key, e.key) is not null and not exists (select 1 from note_search s where s.{id} = n.id)`)),
		func(m *unfound) []any { return []any{keyText{&m.key}, &m.note} })
	if err != nil {
		return nil, err
	}
	out = each(missing, func(m unfound) Flaw {
		return Flaw{m.key, map[int]string{0: "it is missing from the text index", 1: "one of its notes is missing from the text index"}[m.note]}
	})
	left, err := tx.Count(db.Named("doctor.search_left", id.Replace(`select (select count(*) from task_search s where not exists (select 1 from tasks t where t.id = s.{id}))
		+ (select count(*) from note_search s where not exists (select 1 from notes n where n.id = s.{id}))`)))
	if left > 0 {
		out = append(out, Flaw{Text: fmt.Sprintf("the text index has %d entries of items that no longer exist", left)})
	}
	return out, err
}

type unfound struct {
	key  plan.Key
	note int
}

// RebuildSearch empties the full-text index and fills it anew from every task
// and every note.
func (tx *Tx) RebuildSearch() error {
	for _, table := range []string{"task_search", "note_search"} {
		if _, err := tx.Exec(db.Named("search.clear", strings.ReplaceAll(tx.engine.search.clear, "{table}", table))); err != nil {
			return err
		}
	}
	s, words := tx.engine.search, wordBag{}
	err := tx.fill(s.tasks, "select id, title, description, checks from tasks where id > $1 order by id limit $2", func(d document, reason string) string {
		return s.taskDocument(&words, plan.KeyOf(d.id), d.title, d.body, d.task.Checks, reason)
	})
	if err != nil {
		return err
	}
	return tx.fill(s.notes, "select id, coalesce(answer, ''), body, null from notes where id > $1 order by id limit $2", func(d document, _ string) string {
		return s.noteDocument(d.body, d.title)
	})
}

// A document is what the index has a row of.
type document struct {
	id          int64
	title, body string
	task        plan.Task // of which only the checklist is looked at
}

// fill puts what the statement selects into a table of the index, page by
// page: one cannot be read and the other written at the same time.
func (tx *Tx) fill(into db.Insertion, from string, words func(d document, reason string) string) error {
	put := db.NewBatch(into, bulkTexts)
	for last := int64(0); ; {
		page, err := db.List(tx.Tx, db.Named("search.texts", from), func(d *document) []any { return []any{&d.id, &d.title, &d.body, checksText{&d.task}} }, last, bulkTexts)
		if err != nil || len(page) == 0 {
			return err
		}
		reasons := map[plan.Key]string{}
		if into.Table == tx.engine.search.tasks.Table {
			var w where
			w.add("task_id between " + w.arg(page[0].id) + " and " + w.arg(page[len(page)-1].id))
			w.add(reasonStands)
			if err := tx.reasons(reasons, w); err != nil {
				return err
			}
		}
		for _, d := range page {
			put.Add(d.id, []any{words(d, reasons[plan.KeyOf(d.id)])})
		}
		if err := put.Flush(tx.Tx, true); err != nil {
			return err
		}
		last = page[len(page)-1].id
	}
}
