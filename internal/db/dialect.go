package db

// A Dialect is all that differs between the engines, whatever the tables are.
// Nothing else asks which engine it talks to.
type Dialect struct {
	Name  string
	types []string // the words in double braces of the migrations, each before what it stands for

	ForUpdate  string // behind a select: lock the rows until the end of the transaction
	SkipLocked string // behind ForUpdate: pass over rows that others have locked
	now        string // select of the engine's clock as a stamp; empty: the host's clock is the engine's
	mark       string // a parameter of a statement that takes many, each in its turn; empty: by its number
	several    string // behind insert, for many rows at once
	IndexedBy  string // behind a table, before an index that must serve it; empty: the planner knows better
	Unindexed  bool   // what is read are views, of which none can be named

	inspect inspector
	version func(*DB, session) (int, error) // of the schema; 0: none
	prepare func(*DB, session) error        // begins a migration: waits for others, makes what it needs; nil: nothing to do

	// overwrite writes something that changes nothing, to commit it: afterwards
	// a commit that failed before has no effect any more, whatever of it was
	// written. nil: a failed commit takes effect or not by itself.
	overwrite func(session) error

	// classify turns a driver's error into a kind, a code and, for a broken
	// constraint, its kind of constraint. Internal means: not known.
	classify func(error) fault
}

// Use names the index that must serve the table before it, where a planner
// without statistics would take a worse one.
func (d *Dialect) Use(index string) string {
	if d.IndexedBy == "" || d.Unindexed {
		return ""
	}
	return d.IndexedBy + index
}
