package db

import (
	"strings"
	"testing"
)

// What the server keeps of a sign, 63 bytes, still says what is done and how
// far it is.
func TestWorkSign(t *testing.T) {
	for _, w := range []Work{
		{What: "item delete E01", Agent: "ann", Done: 5, Total: 100_000},
		{What: "task complete T-E01-F01-001 T-E01-F01-002 T-E01-F01-003 T-E01-F01-004", Agent: "ann", Total: 7},
		{What: "import", Agent: strings.Repeat("a", 64)},
	} {
		s := w.sign("public")
		s = s[:min(len(s), 63)]
		got, valid := signed(s)
		if !valid || got.Done != w.Done || got.Total != w.Total || !strings.HasPrefix(w.What, got.What) || !strings.HasPrefix(w.Agent, got.Agent) {
			t.Errorf("%q is read as %+v, %v", s, got, valid)
		}
		if !strings.HasPrefix(s, workSign("public")) || strings.HasPrefix(s, workSign("other")) {
			t.Errorf("%q has not the sign of its schema alone", s)
		}
	}
	for _, s := range []string{"", "pm:", "psql", "pm:00000000:x/1:a:b", "pm:00000000:1:a:b"} {
		if _, valid := signed(s); valid {
			t.Errorf("%q is taken for work", s)
		}
	}
}
