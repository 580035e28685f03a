package cli_test

import (
	"encoding/json"
	"testing"

	"pm/internal/tokens"
)

// TestWhatAnAgentPays holds the goals for an agent's sessions.
func TestWhatAnAgentPays(t *testing.T) {
	w := newWorkspace(t)
	var r tokens.Report
	if err := json.Unmarshal([]byte(w.pm("bench", "--tokens", "--json")), &r); err != nil {
		t.Fatal(err)
	}
	goals := map[string]int{"work": 1500, "planning": 2500}
	for _, s := range r.Sessions {
		if s.Tokens > goals[s.Name] {
			t.Errorf("the session %s on %s costs %d tokens, more than %d", s.Name, s.Surface, s.Tokens, goals[s.Name])
		}
		for _, c := range s.Calls {
			if c.Operation == "prime" && c.Tokens > 600 {
				t.Errorf("prime on %s costs %d tokens", s.Surface, c.Tokens)
			}
			if c.Operation == "task next" && c.Own == 0 {
				t.Errorf("on %s the task's own text was not found", s.Surface)
			}
		}
	}
	for _, l := range r.Listings {
		if l.Tokens > 2500 {
			t.Errorf("the tools of %s cost %d tokens", l.Surface, l.Tokens)
		}
	}
	if len(r.Listings) != 3 || len(r.Sessions) != 6 {
		t.Errorf("%d listings, %d sessions", len(r.Listings), len(r.Sessions))
	}
}
