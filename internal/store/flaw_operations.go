package store

import (
	"fmt"

	"pm/internal/db"
	"pm/internal/plan"
)

var operationFlaws = db.Named("doctor.operations_of_records", `select r.operation, r.item, r.items, coalesce(o.items, -1)
	from (select operation, min(item) as item, count(distinct item) as items from `+everyRecord+` every group by operation) r
	left join operations o on o.id = r.operation where r.items > coalesce(o.items, -1) order by r.operation`)

// OperationFlaws finds operations that records name and that are not there, or
// that say they changed fewer items than have their records. More is no flaw:
// the trash may have been emptied since.
func (tx *Tx) OperationFlaws() (flaws []Flaw, err error) {
	type row struct {
		id                string
		item, items, said int64
	}
	_, err = db.Walk(tx.Tx, operationFlaws, func(r *row) []any { return []any{&r.id, &r.item, &r.items, &r.said} }, func(r row) {
		text := "is missing"
		if r.said >= 0 {
			text = fmt.Sprintf("says it changed %d items, but its records are of %d", r.said, r.items)
		}
		flaws = append(flaws, Flaw{plan.KeyOf(r.item), "the operation " + r.id + " " + text})
	})
	return flaws, err
}
