package store

import (
	"database/sql/driver"
	"encoding/json"

	"pm/internal/db"
	"pm/internal/plan"
)

// A keyText stores a key in its canonical form.
type keyText struct{ k *plan.Key }

func (k keyText) Value() (driver.Value, error) { return k.k.String(), nil }

func (k keyText) Scan(v any) error { return db.ScanText(k, v) }

func (k keyText) ScanText(text string) (err error) {
	if text == "" {
		*k.k = plan.Key{} // the project itself
		return nil
	}
	*k.k, err = plan.ParseKey(text)
	if err != nil {
		return plan.Errorf(plan.Corrupt, "%q is stored where a key belongs", text)
	}
	return nil
}

// A checksText stores a checklist as JSON, with the highest number that was ever
// given to a line of it; null where there never was one. What cannot be read is
// an empty one with the number -1, which the doctor reports.
type checksText struct{ t *plan.Task }

func (c checksText) Value() (driver.Value, error) {
	if s := plan.StoredChecks(c.t.Checks, c.t.LastCheck); s != "" {
		return s, nil
	}
	return nil, nil
}

func (c checksText) Scan(v any) error {
	if v == nil {
		c.t.Checks, c.t.LastCheck = nil, 0
		return nil
	}
	return db.ScanText(c, v)
}

func (c checksText) ScanText(text string) (err error) {
	if c.t.Checks, c.t.LastCheck, err = plan.ParseStoredChecks(text); err != nil {
		c.t.Checks, c.t.LastCheck = nil, -1
	}
	return nil
}

// A resolutionText stores the resolution of a task; null where it is what it is
// by default.
type resolutionText struct{ t *plan.Task }

func (r resolutionText) Value() (driver.Value, error) {
	told := r.t.ToldResolution()
	return db.Text(&told).Value()
}

func (r resolutionText) Scan(v any) error { return db.Text(&r.t.Resolution).Scan(v) }

func (r resolutionText) ScanText(text string) error {
	r.t.Resolution = plan.Resolution(text)
	return nil
}

// A changeText stores a change as JSON, null when nothing changed. What cannot
// be read is a change by the name of unreadable: it breaks the chain, which
// the doctor reports, and no list.
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
	change, err := readChange(text)
	if err != nil {
		change = plan.Change{"unreadable": {nil, true}}
	}
	*c.c = change
	return nil
}

// A wordList stores a list of words as JSON, null for none.
type wordList struct{ words *[]string }

func (l wordList) Value() (driver.Value, error) {
	if len(*l.words) == 0 {
		return nil, nil
	}
	b, err := plan.JSON(*l.words)
	return string(b), err
}

func (l wordList) Scan(v any) error {
	*l.words = nil
	text, _ := v.(string)
	if v == nil {
		return nil
	}
	if json.Unmarshal([]byte(text), l.words) != nil {
		return plan.Errorf(plan.Corrupt, "%q is stored where a list belongs", text)
	}
	return nil
}

// ordinals and anyIDs are keys and ids as the arguments of a statement.
func ordinals(keys []plan.Key) []any { return each(keys, func(k plan.Key) any { return k.Ordinal() }) }

func anyIDs(ids []int64) []any { return each(ids, func(id int64) any { return id }) }
