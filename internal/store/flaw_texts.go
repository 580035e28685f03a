package store

import (
	"fmt"

	"pm/internal/db"
	"pm/internal/plan"
)

// A formerText is a row of contents.
type formerText struct {
	item   int64
	digest string
	body   string
}

var (
	formerRange  = db.Named("doctor.former", `select item_id, digest, body from contents where item_id between $1 and $2 order by item_id, digest`)
	formerOfEpic = db.Named("doctor.former_of_epic", `select item_id, digest, body from contents
		where item_id in (select id from features where epic_id = $1 union all select id from epics where id = $1) order by item_id, digest`)
)

// formerTexts returns the former texts of the items that a statement selects,
// by id.
func (tx *Tx) formerTexts(s db.Stmt, args ...any) (map[int64][]formerText, error) {
	out := map[int64][]formerText{}
	_, err := db.Walk(tx.Tx, s, func(c *formerText) []any { return []any{&c.item, &c.digest, &c.body} },
		func(c formerText) { out[c.item] = append(out[c.item], c) }, args...)
	return out, err
}

// TextFlaws says what is wrong with the former texts of an item that has these
// records; now are the texts that it has.
func (tx *Tx) TextFlaws(k plan.Key, records []plan.History, now ...string) ([]string, error) {
	former, err := tx.formerTexts(formerRange, k.Ordinal(), k.Ordinal())
	return textFlaws(records, former[k.Ordinal()], now...), err
}

// textFlaws holds the texts that records have the digests of against those
// that are there.
func textFlaws(records []plan.History, former []formerText, now ...string) (out []string) {
	wanted := map[string]string{} // digests to the fields of the texts
	for _, h := range records {
		for field, v := range h.Change {
			for _, one := range v {
				for _, t := range plan.TextsIn(field, one) {
					if !t.Redacted {
						wanted[t.Digest] = field
					}
				}
			}
		}
	}
	if len(wanted) == 0 && len(former) == 0 {
		return nil
	}
	lost := map[string]string{}
	for digest, field := range wanted {
		lost[digest] = field
	}
	for _, text := range now {
		delete(lost, plan.Digest(text))
	}
	for _, c := range former {
		if wanted[c.digest] == "" {
			out = append(out, "one of its former texts is in no record")
		}
		delete(lost, c.digest)
	}
	for _, field := range lost {
		out = append(out, fmt.Sprintf("the text of a %s in its history is missing", field))
	}
	return out
}

func noteBodies(notes []plan.Note) (texts []string) {
	for _, n := range notes {
		texts = append(texts, n.Texts()...)
	}
	return texts
}
