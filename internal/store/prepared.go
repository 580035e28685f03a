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

// A Preparer works out what is stored of tasks. It runs no statement and looks at
// nothing that changes: it may be used beside the transaction, for what comes next,
// by one goroutine.
type Preparer struct {
	search searcher
	words  wordBag
}

// NewPreparer returns a Preparer for the transaction.
func (tx *Tx) NewPreparer() *Preparer { return &Preparer{search: tx.engine.search} }

// Task works out what is stored of a task with these records, oldest first.
func (p *Preparer) Task(t *plan.Task, history ...plan.History) Prepared {
	return p.task(t, StandingOf("", history), history...)
}

// task is Task where the reason that stands is known.
func (p *Preparer) task(t *plan.Task, reason string, history ...plan.History) Prepared {
	out := prepareRecords(history)
	out.document = p.document(t, reason)
	return out
}

func (p *Preparer) document(t *plan.Task, reason string) string {
	return p.search.taskDocument(&p.words, t.Key, t.Title, t.Description, t.Checks, reason)
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
