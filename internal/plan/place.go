package plan

import (
	"errors"
	"fmt"
	"strings"
)

// A Place is a position in a document: names of fields, and indexes into
// lists, from 0.
type Place []any

// String formats it like program code: epics[0].features[1].title.
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

// AtPlace returns err with its place, if it has one; a place that it already
// has is relative to the given one.
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
