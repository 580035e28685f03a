package db

import (
	"errors"
	"slices"
	"time"
)

// A Stmt is a statement under the name that timings and plans use for it.
type Stmt struct {
	Name, Text string
	varies     bool // what is the best plan depends on the arguments
}

// Named returns a statement under its name.
func Named(name, text string) Stmt { return Stmt{Name: name, Text: text} }

// Varying returns a statement under its name that is planned for the arguments of
// each call. PostgreSQL would, after five, keep a plan that expects of each range
// and each limit the same: of a stretch with a twentieth of a million rows too few.
func Varying(name, text string) Stmt { return Stmt{name, text, true} }

// And returns the statement, under the same name, with more text behind it.
func (s Stmt) And(text string) Stmt { return Stmt{s.Name, s.Text + text, s.varies} }

// query runs a statement that has rows.
func (tx *Tx) query(s Stmt, args []any) (cursor, error) {
	if s.varies {
		args = tx.session.varying(args)
	}
	return tx.session.query(s.Text, args...)
}

// observe tells the observer, who may keep the arguments, of a statement that ran.
func (tx *Tx) observe(s Stmt, args []any, began time.Time, rows int64, err error) {
	if o := tx.db.opts.Observe; o != nil {
		o(Statement{Name: s.Name, Text: s.Text, Args: slices.Clone(args), Took: time.Since(began), Rows: rows, Err: err})
	}
}

// Exec runs a statement and returns how many rows it changed.
func (tx *Tx) Exec(s Stmt, args ...any) (int64, error) {
	began := time.Now()
	n, err := tx.session.exec(s.Text, args...)
	tx.observe(s, args, began, n, err)
	return n, tx.db.translate(err)
}

// ScanOne runs a statement for its first row; found is false when there is none.
func (tx *Tx) ScanOne(s Stmt, into []any, args ...any) (found bool, err error) {
	began := time.Now()
	defer func() {
		n := int64(0)
		if found {
			n = 1
		}
		tx.observe(s, args, began, n, err)
	}()
	rows, err := tx.query(s, args)
	if err != nil {
		return false, tx.db.translate(err)
	}
	found, err = first(rows, into...)
	return found, tx.db.translate(err)
}

// List runs a statement and returns its rows; fields names where in a T the
// columns of a row go, and is called once.
func List[T any](tx *Tx, s Stmt, fields func(*T) []any, args ...any) ([]T, error) {
	return ListInto(tx, nil, s, fields, args...)
}

// ListInto is List, into the room that out has.
func ListInto[T any](tx *Tx, out []T, s Stmt, fields func(*T) []any, args ...any) ([]T, error) {
	var v T
	_, err := tx.scan(s, args, fields(&v), func() bool {
		out, v = append(out, v), *new(T)
		return true
	})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return out, nil
}

// Walk is List for more rows than should be kept at once: f is called with
// each, and their number returned.
func Walk[T any](tx *Tx, s Stmt, fields func(*T) []any, f func(T), args ...any) (n int, err error) {
	var v T
	return tx.scan(s, args, fields(&v), func() bool {
		given := v
		v = *new(T)
		f(given)
		return true
	})
}

// WalkAt is Walk for rows that are large: f is given each in the same place, and
// keeps nothing of it.
func WalkAt[T any](tx *Tx, s Stmt, fields func(*T) []any, f func(*T), args ...any) (n int, err error) {
	var v T
	return tx.scan(s, args, fields(&v), func() bool {
		f(&v)
		v = *new(T)
		return true
	})
}

// WalkWhile is Walk that ends when f returns false. f runs no statement:
// PostgreSQL has one at a time in a transaction.
func WalkWhile[T any](tx *Tx, s Stmt, fields func(*T) []any, f func(T) (more bool), args ...any) (n int, err error) {
	var v T
	return tx.scan(s, args, fields(&v), func() bool {
		given := v
		v = *new(T)
		return f(given)
	})
}

// scan runs a statement, puts each row where into says, and calls done, as
// long as that wants more. It returns the number of rows.
func (tx *Tx) scan(s Stmt, args, into []any, done func() (more bool)) (n int, err error) {
	began := time.Now()
	defer func() { tx.observe(s, args, began, int64(n), err) }()
	rows, err := tx.query(s, args)
	if err != nil {
		return 0, tx.db.translate(err)
	}
	defer rows.Close()
	for more := true; more && rows.Next(); n++ {
		if err = rows.Scan(into...); err != nil {
			return n, tx.db.translate(err)
		}
		more = done()
	}
	return n, tx.db.translate(rows.Err())
}

// One is List for a row that must be there: without it the error is ErrNoRow.
func One[T any](tx *Tx, s Stmt, fields func(*T) []any, args ...any) (T, error) {
	var v T
	found, err := tx.ScanOne(s, fields(&v), args...)
	if err == nil && !found {
		err = ErrNoRow
	}
	return v, err
}

// ErrNoRow says that a row which must be there is not.
var ErrNoRow = errors.New("row not found")

// Count scans a statement's single number.
func (tx *Tx) Count(s Stmt, args ...any) (n int, err error) {
	_, err = tx.ScanOne(s, []any{&n}, args...)
	return n, err
}
