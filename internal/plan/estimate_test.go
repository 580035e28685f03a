package plan_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pm/internal/plan"
)

func TestEstimates(t *testing.T) {
	for text, want := range map[string]plan.Estimate{"": 0, "2.5": 250, "0.01": 1, "40": 4000, " 1.250 ": 125, "0.29": 29, "1000000": plan.MaxEstimate} {
		got, err := plan.ParseEstimate(text)
		if err != nil || got != want {
			t.Errorf("%q is %d, %v", text, got, err)
		}
		b, err := json.Marshal(got)
		var back plan.Estimate
		if err != nil || json.Unmarshal(b, &back) != nil || back != want {
			t.Errorf("%q is written as %s and read back as %d", text, b, back)
		}
	}
	for _, text := range []string{"0", "0.00", "-1", "+1", "1.", ".5", "1.125", "1e3", "two", "1.2.3", "1,5", "1000000.01", "99999999999999999999"} {
		if got, err := plan.ParseEstimate(text); err == nil {
			t.Errorf("%q is read as %s", text, got)
		}
	}
	for _, text := range []string{`1.125`, `"two"`, `true`} {
		if json.Unmarshal([]byte(text), new(plan.Estimate)) == nil {
			t.Errorf("%s is read as an estimate", text)
		}
	}
}

func TestEstimatesWithUnits(t *testing.T) {
	for _, tt := range []struct {
		text, unit string
		want       plan.Estimate
	}{
		{"2.5", "hours", 250}, {"2h", "hours", 200}, {"1.5 hrs", "hours", 150}, {"2 Hours", "hours", 200}, {"90m", "hours", 150}, {"20min", "hours", 33}, {"1h30m", "hours", 150}, {"1h 30m", "hours", 150},
		{"1d", "days", 100}, {"0.5 days", "days", 50}, {"3p", "points", 300}, {"5 points", "points", 500}, {"2 apples", "apples", 200}, {"2h", "minutes", 12000}, {"1w", "weeks", 100},
	} {
		if got, err := plan.ParseEstimateIn(tt.text, tt.unit); err != nil || got != tt.want {
			t.Errorf("%q in %s is %d, %v", tt.text, tt.unit, got, err)
		}
	}
	for _, tt := range []struct{ text, unit, guess string }{
		{"1d", "hours", "8"}, {"2w", "hours", "80"}, {"4h", "days", "0.5"}, {"3 days", "hours", "24"}, {"5m", "weeks", ""}, {"2h", "points", ""}, {"2 apples", "hours", ""}, {"1h 2", "hours", ""}, {"h", "hours", ""}, {"1e3", "hours", ""}, {"0h", "hours", ""}, {"1h30x", "hours", ""}, {"1.2.3h", "hours", ""},
	} {
		got, err := plan.ParseEstimateIn(tt.text, tt.unit)
		if err == nil || plan.Describe(err).Code != "bad_estimate" {
			t.Fatalf("%q in %s is %d, %v", tt.text, tt.unit, got, err)
		}
		if _, guess, _ := strings.Cut(plan.Describe(err).Hint, "write it in "+tt.unit+": "); guess != tt.guess {
			t.Errorf("%q in %s is guessed as %q, want %q", tt.text, tt.unit, guess, tt.guess)
		}
	}
	for text, want := range map[string]string{"2.555h": "at most two decimals", "99999999h": "must be 0.01 to", "0h": "must be more than 0"} {
		if _, err := plan.ParseEstimateIn(text, "hours"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
