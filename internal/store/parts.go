package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

// A list can be longer than memory, and so can a few rows of it. It is read in
// parts, which end where they have so many rows or so much text.
const (
	PartRows  = 500
	PartBytes = 1 << 20
)

// A part collects rows up to where one ends.
type part[T any] struct {
	rows  []T
	bytes int
}

// add adds a row with about so much text in it, and reports whether there is
// room for more.
func (p *part[T]) add(row T, bytes int) bool {
	p.rows = append(p.rows, row)
	p.bytes += bytes
	return len(p.rows) < PartRows && p.bytes < PartBytes
}

// eachPart runs a statement, and calls f with its rows, some at a time. f runs
// no other statement.
func eachPart[T any](tx *Tx, s db.Stmt, fields func(*T) []any, bytes func(*T) int, f func([]T) error, args ...any) error {
	var p part[T]
	var failed error
	_, err := db.WalkWhile(tx.Tx, s, fields, func(row T) bool {
		if !p.add(row, bytes(&row)) {
			failed = f(p.rows)
			p = part[T]{}
		}
		return failed == nil
	}, args...)
	if err == nil {
		err = failed
	}
	if err == nil && len(p.rows) > 0 {
		err = f(p.rows)
	}
	return err
}

// eachRow runs a statement, and calls f with each row until it returns an error.
// f runs no other statement.
func eachRow[T any](tx *Tx, s db.Stmt, fields func(*T) []any, f func(T) error, args ...any) error {
	var failed error
	_, err := db.WalkWhile(tx.Tx, s, fields, func(row T) bool {
		failed = f(row)
		return failed == nil
	}, args...)
	if err == nil {
		err = failed
	}
	return err
}

// firstPart returns the first rows of a statement, and whether it was cut off
// behind them.
func firstPart[T any](tx *Tx, s db.Stmt, fields func(*T) []any, bytes func(*T) int, args ...any) (rows []T, cut bool, err error) {
	var p part[T]
	_, err = db.WalkWhile(tx.Tx, s, fields, func(row T) bool {
		cut = !p.add(row, bytes(&row))
		return !cut
	}, args...)
	return p.rows, cut, err
}

// rowSize is about what a row takes besides its texts.
const rowSize = 400

func taskSize(t *plan.Task) int {
	n := rowSize + len(t.Title) + len(t.Description) + len(t.FilePath) + len(t.BlockedReason)
	for _, c := range t.Checks {
		n += len(c.Text) + checkSize
	}
	return n
}

// checkSize is about what a line of a checklist takes beside its text.
const checkSize = 100

func epicSize(e *plan.Epic) int       { return rowSize + len(e.Title) + len(e.Description) }
func featureSize(f *plan.Feature) int { return rowSize + len(f.Title) + len(f.Description) }
func noteSize(n *plan.Note) int       { return rowSize + len(n.Body) }

func (r *Record) size() int { return RecordSize(&r.History) }

// RecordSize is about how much memory a record takes.
func RecordSize(h *plan.History) int {
	n := rowSize + len(h.Notes)
	for _, values := range h.Change {
		for _, v := range values {
			if s, ok := v.(string); ok {
				n += len(s)
			}
		}
	}
	return n
}
