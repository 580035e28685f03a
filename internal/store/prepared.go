package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

// A Prepared is what a Bulk stores of a task besides its row.
type Prepared struct {
	document string // what the full-text index holds of it
	records  [][]any
	bytes    int // of texts in the records
}

// Prepare works out what is stored of a task with these records, oldest first.
// It runs no statement and looks at nothing that changes: it may be called
// beside the transaction, for what comes next.
func (tx *Tx) Prepare(t *plan.Task, history ...plan.History) Prepared {
	return tx.prepare(t, StandingOf("", history), history...)
}

// prepare is Prepare where the reason that stands is known.
func (tx *Tx) prepare(t *plan.Task, reason string, history ...plan.History) Prepared {
	p := prepareRecords(history)
	p.document = tx.document(t, reason)
	return p
}

func (tx *Tx) document(t *plan.Task, reason string) string {
	return tx.engine.search.taskDocument(t.Key, t.Title, t.Description, t.Checks, reason)
}

func prepareRecords(history []plan.History) Prepared {
	p := Prepared{records: make([][]any, len(history))}
	for i := range history {
		p.records[i] = db.Values(historyFields(&history[i]))
		p.bytes += RecordSize(&history[i]) - rowSize
	}
	return p
}

// fresh is an insertion of what cannot be there: nothing is looked for to be
// replaced, which would take as long again.
func fresh(i db.Insertion) db.Insertion {
	if i.Replace {
		i.Name, i.Replace = i.Name+"_new", false // the text for one row is kept by the name
	}
	return i
}
