package store

import (
	"fmt"
	"strconv"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

// operationColumns are those of operations, in the order of operationFields.
const operationColumns = "id, seq, at, agent, session, surface, command, items, undoes"

func operationFields(o *plan.Operation) []any {
	return []any{&o.ID, &o.Seq, db.Stamp(&o.At), &o.Agent, db.Text(&o.Session), db.Text(&o.Surface), &o.Command, &o.Items, db.Text(&o.Undoes)}
}

var (
	operationInsertion = db.Insertion{Name: "operation.insert", Table: "operations", Columns: operationColumns + ", digest"}
	operationLast      = db.Named("operation.last", `select at, seq from operations order by seq desc limit 1`)
	operationRange     = db.Named("operation.export", `select `+operationColumns+` from operations order by seq, id`)
	operationProbe     = db.Named("operation.probe", `insert into operations (id, seq, at, agent, command, items, digest) values ($1, 0, '', '', '', 0, '') on conflict (id) do nothing`)
	operationUnprobe   = db.Named("operation.unprobe", `delete from operations where id = $1`)
	operationThere     = db.Named("operation.there", `select count(*) from operations where id = $1`)
)

// Emptied returns when the trash was last emptied, after a moment, of what was
// deleted after it; with trash, of anything. The zero time if it was not.
func (tx *Tx) Emptied(m Moment, trash bool) (at time.Time, err error) {
	s := db.Named("operation.emptied", "select at, command from operations where command like 'trash empty%' and "+m.newer(tx.engine.main, "at", "id")+" order by seq")
	_, err = db.Walk(tx.Tx, s, func(o *plan.Operation) []any { return []any{db.Stamp(&o.At), &o.Command} }, func(o plan.Operation) {
		if kept, expired := o.Expired(); trash || !expired || o.At.Add(-kept).After(m.At) {
			at = o.At
		}
	})
	return at, err
}

// Describe says in words what the command does that this transaction is for,
// without anything that people wrote freely: it is kept with the operation.
func (tx *Tx) Describe(command string) { tx.command = command }

// Undoes says which operations this transaction takes back, the last first. It
// is recorded even if nothing was left to change.
func (tx *Tx) Undoes(ids []string) {
	var o plan.Operation
	o.SetUndone(ids)
	tx.undoes = o.Undoes
}

// Changed returns the operation that this transaction is, empty as long as it
// has recorded nothing.
func (tx *Tx) Changed() string {
	if tx.items == 0 && tx.undoes == "" {
		return ""
	}
	return tx.Operation()
}

// manyItems is from how many items on an operation may keep others from
// writing for longer than they otherwise wait: it tells them how far it is.
const manyItems = 10_000

// Announce tells those who wait to write, if there are many items to do, what
// this transaction does, and returns how to tell them how many are done.
func (tx *Tx) Announce(items int) (progress func(done int)) {
	if items <= manyItems {
		return func(int) {}
	}
	tx.progress = tx.Tx.Announce(db.Work{What: tx.command, Agent: tx.Actor().Name, Total: items})
	return tx.progress
}

// At returns the moment that this transaction's records carry: Now, unless
// the clock went back behind the last operation that was recorded. Then it is
// that one's, so that a history never goes back in time.
func (tx *Tx) At() (time.Time, error) {
	if !tx.at.IsZero() {
		return tx.at, nil
	}
	now, err := tx.Now()
	if err != nil {
		return now, err
	}
	last, _, err := tx.lastOperation()
	if err == nil {
		tx.at = latest(now, last)
	}
	return tx.at, err
}

// lastOperation returns when the last operation was recorded, and its place in
// their order; the zero time if there was none.
func (tx *Tx) lastOperation() (at time.Time, seq int64, err error) {
	_, err = tx.ScanOne(operationLast, []any{db.Stamp(&at), &seq})
	return at, seq, err
}

// nextSeq is the place of this transaction's operation among all. It is asked for
// at the end: each transaction that this one waited for was committed before, so
// that its operation is seen and comes first. It is close to the microseconds of at,
// so that operations that are imported come among those of their time.
func (tx *Tx) nextSeq(at time.Time) (int64, error) {
	_, last, err := tx.lastOperation()
	return max(SeqAt(at), last+1), err
}

// SeqAt is at or before the place of every operation that was recorded at a time or
// after it.
func SeqAt(at time.Time) int64 { return at.UnixMicro() }

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// CountItem counts the items that this transaction records changes of, each once:
// pm apply records the links of an item after all items.
func (tx *Tx) CountItem(k plan.Key) {
	if tx.counted[k] {
		return
	}
	if tx.counted == nil {
		tx.counted = map[plan.Key]bool{}
	}
	tx.counted[k] = true
	tx.items++
}

// Bring says that this transaction brings in items with their histories, which
// records nothing of them: so many, under these, and the project.
func (tx *Tx) Bring(items int, roots []plan.Key, project bool) {
	tx.items += items
	if project {
		tx.items, tx.command = tx.items+1, tx.command+" "+plan.ProjectWord
	}
	for i, k := range roots {
		if i == mostRoots {
			tx.command += fmt.Sprintf(" and %d more", len(roots)-i)
			break
		}
		tx.command += " " + k.String()
	}
}

// mostRoots is how many of the items that an import brought in its words name.
const mostRoots = 50

// recordOperation adds the operation of a transaction that recorded anything.
func (tx *Tx) recordOperation() error {
	if tx.items == 0 && tx.undoes == "" {
		return nil
	}
	at, err := tx.At()
	if err != nil {
		return err
	}
	a, id := tx.Actor(), tx.Operation()
	tx.Recorded(func(later *db.Tx) (bool, error) { return wasRecorded(later, id) })
	seq, err := tx.nextSeq(at)
	if err != nil {
		return err
	}
	return tx.PutOperation(plan.Operation{ID: id, Seq: seq, At: at, Agent: a.Name, Session: a.Session, Surface: a.Surface, Command: tx.command, Items: tx.items, Undoes: tx.undoes})
}

// wasRecorded reports whether the operation was recorded, as Tx.Recorded wants
// it: an insertion under its id waits for the transaction that may still be
// adding it. Nothing of that stays; where the id was there, something else is
// written and taken away.
func wasRecorded(later *db.Tx, id string) (bool, error) {
	added, err := later.Exec(operationProbe, id)
	there := added == 0
	if err == nil && there {
		id = later.Operation()
		_, err = later.Exec(operationProbe, id)
	}
	if err == nil {
		_, err = later.Exec(operationUnprobe, id)
	}
	return there, err
}

// PutOperation adds an operation as it is, from an export.
func (tx *Tx) PutOperation(o plan.Operation) error {
	return tx.Insert(operationInsertion, append(operationFields(&o), sealOfOperation(o))...)
}

func sealOfOperation(o plan.Operation) string {
	return plan.Seal(o.ID, strconv.FormatInt(o.Seq, 10), plan.Stamp(o.At), o.Agent, o.Session, o.Surface, o.Command, strconv.Itoa(o.Items), o.Undoes)
}

// everyRecord are the records of all items.
const everyRecord = `(select operation, task_id as item, agent, session, surface, timestamp from task_history
	union all select operation, coalesce(epic_id, feature_id), agent, session, surface, timestamp from plan_history)`

var operationUnknown = db.Named("operation.unknown", `select operation, 0, min(timestamp), min(coalesce(agent, '')), min(session), min(surface), 'unknown', count(distinct item), null
	from `+everyRecord+` every where operation <> $1 and not exists (select 1 from operations o where o.id = every.operation) group by operation`)

// CompleteOperations adds an operation for each that records name and that is
// not there: what is known of it.
func (tx *Tx) CompleteOperations() error {
	unknown, err := db.List(tx.Tx, operationUnknown, operationFields, tx.Operation())
	for _, o := range unknown {
		if o.Seq = SeqAt(o.At); err == nil {
			err = tx.PutOperation(o)
		}
	}
	return err
}

// HasOperation reports whether the operation was recorded: whether the
// transaction that had this id was committed.
func (tx *Tx) HasOperation(id string) (bool, error) {
	n, err := tx.Count(operationThere, id)
	return n > 0, err
}

// Operations calls f with every operation, in their order, until
// it returns an error.
func (tx *Tx) Operations(f func(plan.Operation) error) error {
	var failed error
	_, err := db.Walk(tx.Tx, operationRange, operationFields, func(o plan.Operation) {
		if failed == nil {
			failed = f(o)
		}
	})
	if err == nil {
		err = failed
	}
	return err
}
