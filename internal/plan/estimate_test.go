package plan_test

import (
	"encoding/json"
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
