package sqlite

import (
	"fmt"
	"reflect"

	sqlite3 "modernc.org/sqlite/lib"
)

// Scan puts the columns of the row, all of them, where into points. A target
// is a pointer to a string, a number or a bool, to any, or has a method Scan
// as sql.Scanner has it, or is a TextScanner; a pointer to a pointer to one of
// the first three is set to nil by a null. A []byte is filled anew, in the
// memory that it has. Nothing is converted: a text does not go into a number.
func (r *Rows) Scan(into ...any) error {
	if len(into) != len(r.last) {
		return fmt.Errorf("sqlite: %d columns, and %d to scan into", len(r.last), len(into))
	}
	for i, to := range into {
		if err := r.scan(i, to); err != nil {
			return fmt.Errorf("sqlite: column %s: %w", r.columns[i], err)
		}
	}
	return nil
}

type scanner interface{ Scan(any) error }

// A TextScanner takes texts without a box around each: ScanText does what Scan
// does with the text.
type TextScanner interface {
	scanner
	ScanText(text string) error
}

func (r *Rows) scan(i int, to any) error {
	switch to := to.(type) {
	case *int64:
		n, ok := r.integer(i)
		*to = n
		return r.fits(ok, i, to)
	case *int:
		n, ok := r.integer(i)
		*to = int(n)
		return r.fits(ok, i, to)
	case *string:
		if r.kind(i) != sqlite3.SQLITE_TEXT {
			return r.fits(false, i, to)
		}
		*to = r.text(i)
		return nil
	case *[]byte:
		if r.kind(i) != sqlite3.SQLITE_BLOB {
			return r.fits(false, i, to)
		}
		address := sqlite3.Xsqlite3_column_blob(r.s.c.tls, r.s.p, int32(i))
		*to = append((*to)[:0], view(address, sqlite3.Xsqlite3_column_bytes(r.s.c.tls, r.s.p, int32(i)))...)
		return nil
	case *any:
		*to = r.value(i)
		return nil
	case TextScanner:
		if r.kind(i) == sqlite3.SQLITE_TEXT {
			return to.ScanText(r.text(i))
		}
		return to.Scan(r.value(i))
	case scanner:
		return to.Scan(r.value(i))
	}
	return r.scanKind(i, to)
}

// integer returns a column that is an integer.
func (r *Rows) integer(i int) (n int64, ok bool) {
	if r.kind(i) != sqlite3.SQLITE_INTEGER {
		return 0, false
	}
	return sqlite3.Xsqlite3_column_int64(r.s.c.tls, r.s.p, int32(i)), true
}

// scanKind scans into what is a string, a number or a bool under another name.
func (r *Rows) scanKind(i int, to any) error {
	p := reflect.ValueOf(to)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return fmt.Errorf("cannot scan into a %T", to)
	}
	target, ok := p.Elem(), false
	if target.Kind() == reflect.Pointer {
		target.SetZero()
		if r.kind(i) == sqlite3.SQLITE_NULL {
			return nil
		}
		target.Set(reflect.New(target.Type().Elem()))
		return r.scan(i, target.Interface())
	}
	switch v := r.value(i).(type) {
	case string:
		if ok = target.Kind() == reflect.String; ok {
			target.SetString(v)
		}
	case int64:
		switch {
		case target.CanInt():
			if ok = !target.OverflowInt(v); ok {
				target.SetInt(v)
			}
		case target.Kind() == reflect.Bool:
			if ok = v == 0 || v == 1; ok {
				target.SetBool(v == 1)
			}
		case target.CanFloat():
			ok = true
			target.SetFloat(float64(v))
		}
	case float64:
		if ok = target.CanFloat(); ok {
			target.SetFloat(v)
		}
	}
	return r.fits(ok, i, to)
}

// fits returns the error for a value that its target does not take.
func (r *Rows) fits(ok bool, i int, to any) error {
	if ok {
		return nil
	}
	return fmt.Errorf("cannot store a %T in a %T", r.value(i), to)
}
