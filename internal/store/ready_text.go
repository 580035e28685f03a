package store

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

// A readyText is the statement that finds the first tasks to hand out. While the
// stages stay it is the same for all calls of one shape: it is made once, with
// holes among its arguments for what each call has of its own.
type readyText struct {
	sql  string
	args []any
}

// A hole is an argument that each call fills in.
type hole int

const (
	holeAgent hole = iota
	holeNow
	holeFirst // of the ids under which to look
	holeLast
	holeState // of the project that the route was found in
)

// A readyShape is what the text depends on, besides the stages.
type readyShape struct {
	limit              int
	trade              string
	under, known, each bool // see firstOf
}

// readyTexts are those that were made for one line of stages.
type readyTexts struct {
	mu sync.Mutex
	of map[readyShape]*readyText
}

// mostTexts bounds them: anybody may ask for trades that there are not.
const mostTexts = 64

// readyText returns the statement for the filter. What passes over tasks or
// stages is made each time.
func (tx *Tx) readyText(f ReadyFilter, shape readyShape) *readyText {
	kept := f.route.texts
	if kept == nil || len(f.Not) > 0 || f.route.anyFull() {
		return f.text(tx.engine, shape)
	}
	kept.mu.Lock()
	defer kept.mu.Unlock()
	t := kept.of[shape]
	if t == nil {
		if t = f.text(tx.engine, shape); kept.of == nil || len(kept.of) >= mostTexts {
			kept.of = map[readyShape]*readyText{}
		}
		kept.of[shape] = t
	}
	return t
}

// text makes the statement: one select for each place where the first may be.
// Most come from the index of the ready ones. Of those that are not in it, some
// are found in their own order, too; those whose lease has run out, or that can
// be begun by now, are mostly none, and sorted by the caller: SQLite's sorter
// would be made ready for nothing each time.
//
// PostgreSQL keeps the plan of a statement only if none for the arguments of one
// call looks better: so the limits are in the text, and who asks and when is unseen.
func (f ReadyFilter) text(e *engine, shape readyShape) *readyText {
	var w where
	terms := f.terms(&w)
	more, held := terms+f.fits(&w, false), terms+f.fits(&w, true)
	agent, now := e.unseen(w.arg(holeAgent)), e.unseen(w.arg(holeNow))
	mine := " and (assignee is null or assignee = " + agent + ")"
	sql := candidateColumns + e.Use("idx_tasks_lease_until") + " where " + expiredAt(now) + mine + held +
		" union all " + candidateColumns + e.Use("idx_tasks_not_before") + " where " + begunAt(now) + " and " + begunReady + mine + more
	most := strconv.Itoa(shape.limit)
	add := func(columns, use, terms, orderAndLimit string) {
		sql += " union all select * from (" + columns + use + " where " + terms + orderAndLimit + most + ") x"
	}
	add(candidateColumns, e.Use("idx_tasks_assignee"), assignedReady+" and assignee = "+agent+more, stagedOrder)
	add(movedColumns, e.Use("idx_tasks_position"), movedReady+more, movedOrder)
	types, index, order := []string{""}, "idx_tasks_ready", readyOrder
	if f.AgentType != "" {
		types, index = []string{" and agent_type = " + w.arg(f.AgentType), " and agent_type is null"}, "idx_tasks_ready_agent_type"
		order = strings.Replace(order, "by ", "by agent_type, ", 1)
	}
	use := ""
	if f.Under.IsZero() { // else what is todo under it may be little
		use = e.Use(index)
	}
	for _, trade := range types {
		add(readyColumns, use, readyTerms+trade+terms, order)
	}
	if shape.each {
		f.streams(&w, add, e, terms)
	} else if len(f.route.line) > 0 {
		sql += " union all " + f.along(&w, e, terms, shape.limit)
	}
	if shape.known {
		sql += " union all " + staleColumns + " from project where id = 1 and history_hash <> " + w.arg(holeState)
	}
	return &readyText{sql, w.args}
}

// filled returns the arguments of one call.
func (t *readyText) filled(f ReadyFilter, now time.Time, known *string) []any {
	args := make([]any, len(t.args))
	first, last := f.Under.Range()
	for i, a := range t.args {
		switch a {
		case holeAgent:
			a = f.Agent
		case holeNow:
			a = db.Stamp(&now)
		case holeFirst:
			a = first
		case holeLast:
			a = last
		case holeState:
			a = *known
		}
		args[i] = a
	}
	return args
}

// terms are those of every task that the filter finds.
func (f ReadyFilter) terms(w *where) (sql string) {
	if !f.Under.IsZero() {
		sql += " and id between " + w.arg(holeFirst) + " and " + w.arg(holeLast)
	}
	return sql + notThese(w, f.Not)
}

// notThese leaves tasks out.
func notThese(w *where, keys []plan.Key) string {
	if len(keys) == 0 {
		return ""
	}
	return " and id not in (" + listed(w, ordinals(keys)) + ")"
}
