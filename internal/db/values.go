package db

import (
	"database/sql/driver"
	"fmt"
	"time"

	"pm/internal/plan"
	"pm/internal/sqlite"
)

// Values puts what they are to store in the place of the fields of a row. One
// that cannot be stored stays, for the statement to say so.
func Values(fields []any) []any {
	for i, f := range fields {
		switch f := f.(type) {
		case driver.Valuer:
			if v, err := f.Value(); err == nil {
				fields[i] = v
			}
		case *string:
			fields[i] = *f
		case *int64:
			fields[i] = *f
		case *int:
			fields[i] = int64(*f)
		default:
			if v, err := driver.DefaultParameterConverter.ConvertValue(f); err == nil {
				fields[i] = v
			}
		}
	}
	return fields
}

// Stamp returns a column that stores a time as UTC text of fixed width, which
// sorts as the times do and is the same on both engines.
func Stamp(t *time.Time) stamp { return stamp{t} }

type stamp struct{ t *time.Time }

const stampFormat = "2006-01-02T15:04:05.000Z"

func (s stamp) Value() (driver.Value, error) { return s.t.UTC().Format(stampFormat), nil }

func (s stamp) Scan(v any) error { return ScanText(s, v) }

func (s stamp) ScanText(text string) (err error) {
	*s.t, err = parseStamp(text)
	return err
}

// NullStamp returns a Stamp where nil stands for null.
func NullStamp(t **time.Time) nullStamp { return nullStamp{t} }

type nullStamp struct{ t **time.Time }

func (s nullStamp) Value() (driver.Value, error) {
	if *s.t == nil {
		return nil, nil
	}
	return stamp{*s.t}.Value()
}

func (s nullStamp) Scan(v any) error {
	if v == nil {
		*s.t = nil
		return nil
	}
	return ScanText(s, v)
}

func (s nullStamp) ScanText(text string) error {
	t, err := parseStamp(text)
	*s.t = &t
	return err
}

// ScanText is Scan of what can only be a text.
func ScanText(into sqlite.TextScanner, v any) error {
	text, ok := v.(string)
	if !ok {
		return plan.Errorf(plan.Corrupt, "a %T is stored where text belongs", v)
	}
	return into.ScanText(text)
}

func parseStamp(text string) (time.Time, error) {
	t, ok := readStamp(text)
	if !ok {
		return t, plan.Errorf(plan.Corrupt, "%q is stored where a time belongs", text)
	}
	return t, nil
}

// readStamp reads stampFormat, as time.Parse does in eight times the time: a
// list of tasks has thousands.
func readStamp(s string) (time.Time, bool) {
	if len(s) != len(stampFormat) {
		return time.Time{}, false
	}
	var parts [7]int
	part := 0
	for i := range len(s) {
		if c, want := s[i], stampFormat[i]; want >= '0' && want <= '9' {
			if c < '0' || c > '9' {
				return time.Time{}, false
			}
			parts[part] = parts[part]*10 + int(c-'0')
		} else if c != want {
			return time.Time{}, false
		} else {
			part++
		}
	}
	t := time.Date(parts[0], time.Month(parts[1]), parts[2], parts[3], parts[4], parts[5], parts[6]*int(time.Millisecond), time.UTC)
	// A date that does not exist, such as the 31st of a short month, would have moved on.
	return t, t.Month() == time.Month(parts[1]) && t.Day() == parts[2] && t.Hour() == parts[3] && t.Minute() == parts[4] && t.Second() == parts[5]
}

// Text returns a text column where null stands for the empty string.
func Text[T ~string](p *T) nullText[T] { return nullText[T]{p} }

type nullText[T ~string] struct{ s *T }

func (n nullText[T]) Value() (driver.Value, error) {
	if *n.s == "" {
		return nil, nil
	}
	return string(*n.s), nil
}

func (n nullText[T]) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*n.s = ""
	case []byte:
		*n.s = T(v)
	default:
		return ScanText(n, v)
	}
	return nil
}

func (n nullText[T]) ScanText(text string) error {
	*n.s = T(text)
	return nil
}

// Flag returns a column that stores a boolean as 0 or 1.
func Flag(b *bool) flag { return flag{b} }

type flag struct{ b *bool }

func (f flag) Value() (driver.Value, error) {
	if *f.b {
		return int64(1), nil
	}
	return int64(0), nil
}

func (f flag) Scan(v any) error {
	n, ok := v.(int64)
	*f.b = n != 0
	if !ok {
		return fmt.Errorf("flag: cannot scan %T", v)
	}
	return nil
}

// Number returns an integer column where null stands for zero.
func Number[T ~int64](p *T) nullNumber[T] { return nullNumber[T]{p} }

type nullNumber[T ~int64] struct{ n *T }

func (n nullNumber[T]) Value() (driver.Value, error) {
	if *n.n == 0 {
		return nil, nil
	}
	return int64(*n.n), nil
}

func (n nullNumber[T]) Scan(v any) error {
	stored, ok := v.(int64)
	*n.n = T(stored)
	if !ok && v != nil {
		return fmt.Errorf("number: cannot scan %T", v)
	}
	return nil
}
