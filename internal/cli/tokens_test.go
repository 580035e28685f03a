package cli

import (
	"bytes"
	"context"
	"testing"
	"time"

	"pm/internal/tokens"
	"pm/internal/tokens/o200k"
)

// TestWhatAnAgentPays holds an agent's sessions to what they may cost, counted
// by a real tokenizer.
func TestWhatAnAgentPays(t *testing.T) {
	a := &app{dir: t.TempDir(), stdout: new(bytes.Buffer), stderr: new(bytes.Buffer), now: time.Now, getenv: func(string) string { return "" }}
	r, err := a.playTokens(context.Background(), tokens.Counter{Rule: o200k.Rule, Count: o200k.Count})
	if err != nil {
		t.Fatal(err)
	}
	most := map[string]map[string]int{
		"cli":        {"work": 900, "planning": 700},
		"cli --json": {"work": 1100, "planning": 1900},
		"mcp":        {"work": 1100, "planning": 700},
	}
	for _, s := range r.Sessions {
		if want := most[s.Surface][s.Name]; s.Tokens > want {
			t.Errorf("the session %s on %s costs %d tokens, more than %d: %+v", s.Name, s.Surface, s.Tokens, want, s.Calls)
		}
		for _, c := range s.Calls {
			if c.Operation == "prime" && c.Tokens > 290 {
				t.Errorf("prime on %s costs %d tokens", s.Surface, c.Tokens)
			}
			if c.Operation == "task next" && c.Own == 0 {
				t.Errorf("on %s the task's own text was not found", s.Surface)
			}
		}
	}
	for _, l := range r.Listings {
		if l.Tokens > 1600 {
			t.Errorf("the tools of %s cost %d tokens", l.Surface, l.Tokens)
		}
	}
	if len(r.Listings) != 3 || len(r.Sessions) != 6 {
		t.Errorf("%d listings, %d sessions", len(r.Listings), len(r.Sessions))
	}
}
