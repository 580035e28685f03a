package plan

import (
	"encoding/json"
	"strconv"
	"strings"
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
		if alone := strings.TrimRight(strings.ToLower(s), " abcdefghijklmnopqrstuvwxyz"); alone != "" && len(alone) < len(s) && strings.Trim(alone, "0123456789.") == "" {
			return 0, e.WithHint("write the number alone, in the project's estimate_unit, such as %s", alone)
		}
		return 0, e.WithHint("write it like 2.5; empty for none")
	case n == 0:
		return 0, limit("estimate", "invalid estimate %q: must be more than 0", clip(s)).WithHint("write it like 2.5; empty for none")
	}
	return Estimate(n), CheckEstimate(Estimate(n))
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

// UnmarshalJSON accepts a number as well as a text.
func (t *Typed) UnmarshalJSON(text []byte) error {
	if len(text) == 0 || text[0] != '"' {
		*t = Typed(text)
		return nil
	}
	return json.Unmarshal(text, (*string)(t))
}
