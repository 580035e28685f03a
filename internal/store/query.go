package store

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"pm/internal/plan"
)

// A stmt is a statement under the name that timings and plans use for it.
type stmt struct{ name, text string }

func (tx *Tx) observe(s stmt, args []any, began time.Time, rows int64, err error) {
	if o := tx.db.opts.Observe; o != nil {
		o(Statement{Name: s.name, Text: s.text, Args: args, Took: time.Since(began), Rows: rows, Err: err})
	}
}

// exec runs a statement and returns how many rows it changed.
func (tx *Tx) exec(s stmt, args ...any) (int64, error) {
	began := time.Now()
	n, err := tx.session.exec(s.text, args...)
	tx.observe(s, args, began, n, err)
	return n, tx.db.translate(err)
}

// scanOne runs a statement for its first row; found is false when there is none.
func (tx *Tx) scanOne(s stmt, into []any, args ...any) (found bool, err error) {
	began := time.Now()
	defer func() {
		n := int64(0)
		if found {
			n = 1
		}
		tx.observe(s, args, began, n, err)
	}()
	rows, err := tx.session.query(s.text, args...)
	if err != nil {
		return false, tx.db.translate(err)
	}
	found, err = first(rows, into...)
	return found, tx.db.translate(err)
}

// list runs a statement and returns its rows; fields names where in a T the
// columns of a row go, and is called once.
func list[T any](tx *Tx, s stmt, fields func(*T) []any, args ...any) ([]T, error) {
	return listInto(tx, nil, s, fields, args...)
}

// listInto is list, into the room that out has.
func listInto[T any](tx *Tx, out []T, s stmt, fields func(*T) []any, args ...any) ([]T, error) {
	_, err := walk(tx, s, fields, func(v T) { out = append(out, v) }, args...)
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return out, nil
}

// walk is list for more rows than should be kept at once: f is called with
// each, and their number returned.
func walk[T any](tx *Tx, s stmt, fields func(*T) []any, f func(T), args ...any) (n int, err error) {
	var v, empty T
	return tx.scan(s, args, fields(&v), func() {
		f(v)
		v = empty
	})
}

// scan runs a statement, puts each row where into says, and calls done. It
// returns the number of rows.
func (tx *Tx) scan(s stmt, args, into []any, done func()) (n int, err error) {
	began := time.Now()
	defer func() { tx.observe(s, args, began, int64(n), err) }()
	rows, err := tx.session.query(s.text, args...)
	if err != nil {
		return 0, tx.db.translate(err)
	}
	defer rows.Close()
	for ; rows.Next(); n++ {
		if err = rows.Scan(into...); err != nil {
			return n, tx.db.translate(err)
		}
		done()
	}
	return n, tx.db.translate(rows.Err())
}

// one is list for a row that must be there: without it the error is errNoRow.
func one[T any](tx *Tx, s stmt, fields func(*T) []any, args ...any) (T, error) {
	var v T
	found, err := tx.scanOne(s, fields(&v), args...)
	if err == nil && !found {
		err = errNoRow
	}
	return v, err
}

var errNoRow = errors.New("no such row")

// missing gives errNoRow the words for an item that does not exist.
func missing(k plan.Key, err error) error {
	if !errors.Is(err, errNoRow) {
		return err
	}
	e := plan.Errorf(plan.NotFound, "%s %s does not exist", k.Level(), k)
	if k.Level() == plan.LevelEpic {
		return e.WithHint("pm epic list shows what is there")
	}
	return e.WithHint("pm tree %s shows what is there", k.EpicKey())
}

// count scans a statement's single number.
func (tx *Tx) count(s stmt, args ...any) (n int, err error) {
	_, err = tx.scanOne(s, []any{&n}, args...)
	return n, err
}

// placeholders returns "$from, …, $(from+n-1)".
func placeholders(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i))
	}
	return b.String()
}

// aliased returns columns behind the alias of their table.
func aliased(columns, alias string) string {
	return alias + "." + strings.ReplaceAll(columns, ", ", ", "+alias+".")
}

// A where collects the terms of a filter and their arguments.
type where struct {
	terms []string
	args  []any
}

// arg adds an argument and returns its placeholder.
func (w *where) arg(v any) string {
	w.args = append(w.args, v)
	return "$" + strconv.Itoa(len(w.args))
}

func (w *where) add(term string) { w.terms = append(w.terms, term) }

// in adds "column in (…)"; nothing for no values.
func in[T any](w *where, column string, values []T) {
	switch len(values) {
	case 0:
	case 1:
		w.add(column + " = " + w.arg(values[0]))
	default:
		w.add(column + " in (" + listed(w, values) + ")")
	}
}

// listed adds the values as arguments and returns their placeholders.
func listed[T any](w *where, values []T) string {
	from := len(w.args) + 1
	for _, v := range values {
		w.arg(v)
	}
	return placeholders(from, len(values))
}

func (w *where) sql() string {
	if len(w.terms) == 0 {
		return ""
	}
	return " where " + strings.Join(w.terms, " and ")
}
