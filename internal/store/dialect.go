package store

import "pm/internal/plan"

// A dialect is all that differs between the engines. Elsewhere in the store
// nothing asks which engine it talks to.
type dialect struct {
	name  string
	types []string // the words in double braces of the migrations, each before what it stands for

	forUpdate  string // behind a select: lock the rows until the end of the transaction
	skipLocked string // behind forUpdate: pass over rows that others have locked
	now        string // select of the engine's clock as a stamp; empty: the host's clock is the engine's
	lockSchema string // statement that serialises migrations until the end of the transaction
	mark       string // a parameter of a statement that takes many, each in its turn; empty: by its number
	indexedBy  string // behind a table, before an index that must serve it; empty: the planner knows better

	deferrable string // select of name and text of the indexes that a large import makes at its end; empty: none

	search  searcher
	inspect inspector
	version func(*DB, session) (int, error) // of the schema; 0: none

	// classify turns a driver's error into a kind, a code and, for a broken
	// constraint, its kind of constraint. Internal means: not known.
	classify func(error) fault
}

// use names the index that must serve the table before it, where a planner
// without statistics would take a worse one.
func (d *dialect) use(index string) string {
	if d.indexedBy == "" {
		return ""
	}
	return d.indexedBy + index
}

// A fault is what a driver's error means to pm.
type fault struct {
	kind  plan.Kind
	code  string
	again bool // the transaction surely left no trace: running it again is safe and may work
}
