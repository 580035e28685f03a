package plan

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"unicode"
)

// An Estimate is the expected amount of work, in hundredths of the project's
// unit. Zero means none. In JSON it is a number of units, such as 2.5.
type Estimate int64

// MaxEstimate is the largest estimate of a task.
const MaxEstimate Estimate = 1_000_000_00

// ParseEstimate parses a number of units with at most two decimals; empty
// means none.
func ParseEstimate(s string) (Estimate, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, nil
	}
	whole, decimals, _ := strings.Cut(s, ".")
	n, err := strconv.ParseUint(whole+(decimals + "00")[:2], 10, 63)
	digits := strings.Trim(s, "0123456789.") == "" && whole != "" && !strings.Contains(decimals, ".") && !strings.HasSuffix(s, ".")
	switch {
	case err == nil && digits && strings.Trim(decimals[min(2, len(decimals)):], "0") != "":
		return 0, limit("estimate", "invalid estimate %q: at most two decimals", clip(s)).WithHint("round it, such as --estimate 2.25")
	case err != nil || !digits:
		e := limit("estimate", "invalid estimate %q: must be a number", clip(s))
		return 0, e.WithHint("write it like 2.5; empty for none")
	case n == 0:
		return 0, limit("estimate", "invalid estimate %q: must be more than 0", clip(s)).WithHint("write it like 2.5; empty for none")
	}
	return Estimate(n), CheckEstimate(Estimate(n))
}

// ParseEstimateIn is ParseEstimate for what may name its unit, such as 2h or
// 1h 30m: that must be the project's, or minutes and hours where it is one of
// these. Where the unit is not known it is empty, and none may be named. Days are
// not converted to hours, since the hours of a working day differ.
func ParseEstimateIn(s, unit string) (Estimate, error) {
	if unit == "" || !Typed(s).NamesUnit() {
		return ParseEstimate(s)
	}
	var sum Estimate
	for rest := strings.TrimSpace(s); rest != ""; {
		number := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789."))]
		rest = strings.TrimLeft(rest[len(number):], " ")
		word := rest[:len(rest)-len(strings.TrimLeftFunc(rest, unicode.IsLetter))]
		rest = strings.TrimLeft(rest[len(word):], " ")
		part, err := ParseEstimate(number)
		if number == "" || word == "" {
			return ParseEstimate(s) // which it is not
		}
		if err != nil {
			return 0, err
		}
		switch given, own := unitOf(word), unitOf(unit); {
		case given == own:
		case given == "minute" && own == "hour":
			part = max(1, (part+30)/60)
		case given == "hour" && own == "minute":
			part *= 60
		default:
			hint := "write it in " + unit
			if guess := guessEstimate(s, unit); guess > 0 {
				hint += ": " + guess.String()
			}
			return 0, limit("estimate", "invalid estimate %q: estimates are in %s", clip(s), unit).WithHint("%s", hint)
		}
		sum += part
	}
	return sum, CheckEstimate(sum)
}

// unitWords are other words for units.
var unitWords = map[string]string{"m": "minute", "min": "minute", "h": "hour", "hr": "hour", "d": "day", "w": "week", "wk": "week", "p": "point", "pt": "point", "sp": "point"}

// unitOf returns the unit that a word stands for, as one of it is called.
func unitOf(word string) string {
	word = strings.ToLower(word)
	if len(word) > 2 {
		word = strings.TrimSuffix(word, "s")
	}
	return cmp.Or(unitWords[word], word)
}

// guessEstimate returns what an estimate in another unit may be in the project's,
// by days of 8 and weeks of 40 hours; 0 if there is nothing to reckon by.
func guessEstimate(s, unit string) Estimate {
	minutes := map[string]float64{"minute": 1, "hour": 60, "day": 8 * 60, "week": 40 * 60}
	number := strings.TrimRightFunc(s, func(r rune) bool { return unicode.IsLetter(r) || r == ' ' })
	n, err := strconv.ParseFloat(number, 64)
	given, own := minutes[unitOf(strings.TrimSpace(s[len(number):]))], minutes[unitOf(unit)]
	if err != nil || given == 0 || own == 0 {
		return 0
	}
	return Estimate(n*given/own*100 + 0.5)
}

// CheckEstimate rejects estimates that no task can have.
func CheckEstimate(e Estimate) error {
	if e < 0 || e > MaxEstimate {
		return limit("estimate", "estimate must be 0.01 to %s, not %s", MaxEstimate, e)
	}
	return nil
}

// String formats the number of units with as many decimals as it needs.
func (e Estimate) String() string {
	return strconv.FormatFloat(float64(e)/100, 'f', -1, 64)
}

// MarshalJSON writes the number of units.
func (e Estimate) MarshalJSON() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalJSON reads it. Sums may be larger than a single task's estimate.
func (e *Estimate) UnmarshalJSON(text []byte) error {
	var n json.Number
	if err := json.Unmarshal(text, &n); err != nil {
		return err
	}
	f, err := n.Float64()
	if err != nil {
		return err
	}
	rounded := Estimate(f*100 + 0.5)
	if rounded.String() != n.String() {
		return Errorf(Invalid, "invalid estimate %s: must be a number with two decimals at most", n)
	}
	*e = rounded
	return nil
}

// A Typed is a number as it is typed or sent; empty for none.
type Typed string

// NamesUnit reports whether a unit follows the number.
func (t Typed) NamesUnit() bool {
	return strings.ContainsAny(string(t), "0123456789") && strings.IndexFunc(string(t), unicode.IsLetter) > 0
}

// UnmarshalJSON accepts a number as well as a text.
func (t *Typed) UnmarshalJSON(text []byte) error {
	if len(text) == 0 || text[0] != '"' {
		*t = Typed(text)
		return nil
	}
	return json.Unmarshal(text, (*string)(t))
}
