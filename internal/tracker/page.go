package tracker

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"encoding/json"

	"pm/internal/plan"
)

// The lengths of lists, and how far what is left out is counted.
const (
	DefaultLimit = 50
	countTo      = 1000
	longPage     = 1000    // a page of more items says that it is complete
	maxLimit     = 1 << 30 // no list is longer, and sums of limits are numbers still
)

// A Page is one page of a list. More counts what comes after it, exactly up
// to 1,000, where counting stops, or earlier where going on would take long;
// it and NextCursor are left out on the last page. Complete ends a page that
// may be long, of all items or of more than 1,000: nothing of it is missing.
type Page[T any] struct {
	Items      []T    `json:"items"`
	More       int    `json:"more,omitempty"`
	NextCursor string `json:"next_cursor,omitempty"`
	Complete   bool   `json:"complete,omitempty"`
	Uncounted  bool   `json:"-"` // there are more than More
}

// limitOf reads a limit: 50 unless given, 0 for all.
func limitOf(given *int) (int, error) {
	if given == nil {
		return DefaultLimit, nil
	}
	if *given < 0 {
		return 0, plan.Errorf(plan.Invalid, "limit must be 0 (all) or more, not %d", *given).WithCode("bad_limit")
	}
	return min(*given, maxLimit), nil
}

// A cursor is a place in a list, for programs to pass on, not to read: the
// place as it writes itself, or else as JSON.
func encodeCursor(place any) string {
	var b []byte
	var err error
	if text, writes := place.(encoding.TextMarshaler); writes {
		b, err = text.MarshalText() // json would call it, too, and takes its time to find out
	} else {
		b, err = json.Marshal(place)
	}
	if err != nil {
		panic(err) // places are plain structs
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func decodeCursor(s string, place any) error {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if text, reads := place.(encoding.TextUnmarshaler); reads && err == nil {
		err = text.UnmarshalText(b)
	} else if err == nil {
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields() // a place in a list of another kind
		err = d.Decode(place)
	}
	if err != nil {
		return plan.Errorf(plan.Invalid, "the cursor does not belong to this list").WithCode("bad_cursor").
			WithHint("use next_cursor of the previous page, with the same filters and sort order")
	}
	return nil
}
