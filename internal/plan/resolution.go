package plan

import "strings"

// A Resolution says how a task ended; empty while it is open.
type Resolution string

const (
	ResolvedDone    Resolution = "done"    // what is completed, unless told
	WontDo          Resolution = "wont_do" // what is archived without having been done, unless told
	Duplicate       Resolution = "duplicate"
	Obsolete        Resolution = "obsolete"
	CannotReproduce Resolution = "cannot_reproduce"
)

// Resolutions lists the resolutions.
func Resolutions() []Resolution {
	return []Resolution{ResolvedDone, WontDo, Duplicate, Obsolete, CannotReproduce}
}

// ParseResolution parses a resolution, or a synonym, in any case, with - or a space
// for _.
func ParseResolution(s string) (Resolution, error) {
	word := synonym(ForEnd, strings.NewReplacer("'", "", "’", "").Replace(s))
	if r, err := parseWord("resolution", word, Resolutions()); err == nil {
		return r, nil
	}
	return parseWord("resolution", s, Resolutions()) // the error has the text as it is
}

// DefaultResolution returns the resolution of t if nobody set one: empty while
// it is open.
func (t Task) DefaultResolution() Resolution {
	switch {
	case t.Status == Completed, t.Status == Archived && t.CompletedAt != nil:
		return ResolvedDone
	case t.Status == Archived:
		return WontDo
	}
	return ""
}

// ToldResolution returns the resolution as rows and records store it: empty if
// it is the default.
func (t Task) ToldResolution() Resolution {
	if !t.Done() || t.Resolution == t.DefaultResolution() {
		return ""
	}
	return t.Resolution
}
