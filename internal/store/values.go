package store

import (
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"pm/internal/plan"
	"pm/internal/sqlite"
)

// A stamp stores a time as UTC text of fixed width, which sorts as the times
// do and is the same on both engines.
type stamp struct{ t *time.Time }

const stampFormat = "2006-01-02T15:04:05.000Z"

func (s stamp) Value() (driver.Value, error) { return s.t.UTC().Format(stampFormat), nil }

func (s stamp) Scan(v any) error { return scanText(s, v) }

func (s stamp) ScanText(text string) (err error) {
	*s.t, err = parseStamp(text)
	return err
}

// A nullStamp is a stamp where nil stands for null.
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
	return scanText(s, v)
}

func (s nullStamp) ScanText(text string) error {
	t, err := parseStamp(text)
	*s.t = &t
	return err
}

// scanText is Scan of what can only be a text.
func scanText(into sqlite.TextScanner, v any) error {
	text, ok := v.(string)
	if !ok {
		return plan.Errorf(plan.Corrupt, "a %T is stored where a text belongs", v)
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

// text returns a text column where null stands for the empty string.
func text[T ~string](p *T) nullText[T] { return nullText[T]{p} }

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
		return scanText(n, v)
	}
	return nil
}

func (n nullText[T]) ScanText(text string) error {
	*n.s = T(text)
	return nil
}

// A keyText stores a key in its canonical form.
type keyText struct{ k *plan.Key }

func (k keyText) Value() (driver.Value, error) { return k.k.String(), nil }

func (k keyText) Scan(v any) error { return scanText(k, v) }

func (k keyText) ScanText(text string) (err error) {
	*k.k, err = plan.ParseKey(text)
	if err != nil {
		return plan.Errorf(plan.Corrupt, "%q is stored where a key belongs", text)
	}
	return nil
}

// A flag stores a boolean as 0 or 1.
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

// A changeText stores a change as JSON, null when nothing changed.
type changeText struct{ c *plan.Change }

func (c changeText) Value() (driver.Value, error) {
	if len(*c.c) == 0 {
		return nil, nil
	}
	b, err := plan.JSON(*c.c)
	return string(b), err
}

func (c changeText) Scan(v any) error {
	if v == nil {
		*c.c = nil
		return nil
	}
	text, _ := v.(string)
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	return d.Decode(c.c)
}
