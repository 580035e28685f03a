package plan

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// Tasks are ordered by their places, which are compared as texts. The place of
// a task is its position or, if it was never moved, its creation time and its
// id. A position is such a place with digits after it: it says between which
// two others the task is, and no other task has to change.

// placeLength is the length of the place of a task that was never moved.
const placeLength = len("2006-01-02T15:04:05.000Z") + len("1000000000000000000")

// idOffset makes all ids the same length.
const idOffset = 1_000_000_000_000_000_000

// MaxPosition is the maximum length of a position.
const MaxPosition = 1000

// firstPlace comes before every place of a task.
var firstPlace = "0001-01-01T00:00:00.000Z" + strconv.FormatInt(idOffset, 10)

// Place returns the place of t in the plan's order.
func (t Task) Place() string {
	if t.Position != "" {
		return t.Position
	}
	return Stamp(t.CreatedAt) + strconv.FormatInt(idOffset+t.Key.Ordinal(), 10)
}

// ComparePlaces compares tasks in the order of the plan.
func ComparePlaces(a, b Task) int {
	if a.Position == "" && b.Position == "" {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.Key.Ordinal(), b.Key.Ordinal()))
	}
	return cmp.Or(cmp.Compare(a.Place(), b.Place()), cmp.Compare(a.Key.Ordinal(), b.Key.Ordinal()))
}

// PlaceOrigin returns the never-moved task with the last place that is not
// after place: its creation time and its ordinal.
func PlaceOrigin(place string) (created time.Time, id int64) {
	at := len(place) - len(place[min(len(place), placeLength):])
	const stamp = len("2006-01-02T15:04:05.000Z")
	created, _ = time.Parse(time.RFC3339, place[:min(at, stamp)])
	id, _ = strconv.ParseInt(place[min(at, stamp):at], 10, 64)
	return created, id - idOffset
}

// PlaceBetween returns a place after a and before b. If either is empty, it is
// before or after all existing places.
func PlaceBetween(a, b string) string {
	if a == "" {
		a = firstPlace
	}
	base, digits, before := a[:placeLength], a[placeLength:], ""
	if rest, same := strings.CutPrefix(b, base); same {
		before = rest
	}
	return base + digitsBetween(digits, before)
}

// digitsBetween returns digits that, after a decimal point, are a number
// between a and b, where an empty b is 1. They do not end in a zero.
func digitsBetween(a, b string) string {
	digit := func(s string, i int) byte {
		if i < len(s) {
			return s[i] - '0'
		}
		return 0
	}
	var out []byte
	open := b == ""
	for i := 0; ; i++ {
		x, y := digit(a, i), byte(10)
		if !open {
			y = digit(b, i)
		}
		if y-x > 1 {
			return string(append(out, '0'+(x+y)/2))
		}
		out = append(out, '0'+x)
		open = open || y > x
	}
}

// CheckPosition rejects texts that are not a position.
func CheckPosition(s string) error {
	if s == "" {
		return nil
	}
	wrong := len(s) <= placeLength || len(s) > MaxPosition || strings.Trim(s[placeLength:], "0123456789") != "" || strings.HasSuffix(s, "0")
	if !wrong {
		created, id := PlaceOrigin(s)
		wrong = Stamp(created)+strconv.FormatInt(idOffset+id, 10) != s[:placeLength] || id < 0
	}
	if wrong {
		return limit("position", "invalid position %q", clip(s)).WithHint("use pm order to move a task")
	}
	return nil
}
