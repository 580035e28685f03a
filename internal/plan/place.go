package plan

import (
	"errors"
	"fmt"
	"strings"
)

// A Place says where in a document something is: names of fields, and numbers
// of items in lists, from 0.
type Place []any

// String writes it as programs do: epics[0].features[1].title.
func (p Place) String() string {
	var b strings.Builder
	for _, step := range p {
		switch step := step.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", step)
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			fmt.Fprint(&b, step)
		}
	}
	return b.String()
}

// A PlaceError is an error about a part of a document.
type PlaceError struct {
	Place Place
	Err   error
}

func (e *PlaceError) Error() string { return e.Place.String() + ": " + e.Err.Error() }
func (e *PlaceError) Unwrap() error { return e.Err }

// AtPlace returns err, if it is one, with its place; the place that it has
// already is seen from there.
func AtPlace(err error, at ...any) error {
	if err == nil {
		return nil
	}
	var inner *PlaceError
	if errors.As(err, &inner) {
		return &PlaceError{append(append(Place{}, at...), inner.Place...), inner.Err}
	}
	return &PlaceError{append(Place{}, at...), err}
}
