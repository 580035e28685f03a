package store

import (
	"math"
	"strings"

	"pm/internal/db"
	"pm/internal/plan"
)

var (
	operationPage    = db.Named("operation.page", `select `+operationColumns+` from operations where (seq, id) < ($1, $2) order by seq desc, id desc limit $3`)
	operationOne     = db.Named("operation.one", `select `+operationColumns+` from operations where id = $1`)
	operationPrefix  = db.Named("operation.of_prefix", `select `+operationColumns+` from operations where id >= $1 and id < $2 order by id limit 2`)
	operationUndoing = `select id, undoes from operations%s where undoes is not null order by seq desc, id desc`
)

// AfterAll is behind every operation.
var AfterAll = plan.Operation{Seq: math.MaxInt64}

// afterIDs comes behind the beginning of an id to be behind all that begin so.
const afterIDs = "~"

// OperationPage returns operations before another one, the last first, at most n.
func (tx *Tx) OperationPage(before plan.Operation, n int) ([]plan.Operation, error) {
	return db.List(tx.Tx, operationPage, operationFields, before.Seq, before.ID, n)
}

// LastOperation is what the last operation is called in the place of its id.
const LastOperation = "last"

// FindOperation returns the operation with the id, or the only one whose id
// begins so; plan.NotFound if there is none.
func (tx *Tx) FindOperation(id string) (o plan.Operation, err error) {
	if id == LastOperation {
		_, err := tx.ScanOne(operationPage, operationFields(&o), AfterAll.Seq, AfterAll.ID, 1)
		if err == nil && o.ID == "" {
			err = plan.Errorf(plan.NotFound, "no operations yet").WithCode("no_operation")
		}
		return o, err
	}
	if found, err := tx.ScanOne(operationOne, operationFields(&o), id); found || err != nil {
		return o, err
	}
	alike, err := db.List(tx.Tx, operationPrefix, operationFields, id, id+afterIDs)
	switch {
	case err != nil:
		return o, err
	case len(alike) == 1 && id != "":
		return alike[0], nil
	case len(alike) > 1:
		return o, plan.Errorf(plan.Invalid, "several operations start with %q", id).WithCode("bad_operation").WithHint("use more of the id; to see them: pm ops")
	}
	return o, plan.Errorf(plan.NotFound, "operation %.40q not found", id).WithCode("no_operation").WithHint("to see the operations: pm ops")
}

// Undoings returns which operations are taken back.
func (tx *Tx) Undoings() (plan.Undoings, error) {
	s := db.Named("operation.undoing", strings.Replace(operationUndoing, "%s", tx.engine.Use("idx_operations_undoes"), 1))
	all, err := db.List(tx.Tx, s, func(u *plan.Undoing) []any { return []any{&u.Operation, &u.Undoes} })
	return plan.NewUndoings(all), err
}
