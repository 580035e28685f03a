package mcpserver_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

const hello = `{"jsonrpc":"2.0","id":"hello","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"tester","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
`

// Frames that are no messages, or ask for what is not there, are refused one
// by one: the server answers the next, and nothing in the plan has changed.
func TestMalformedFrames(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		tr := plant(t, db)
		before := records(t, tr)
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		random := rand.New(rand.NewPCG(seed, 0))
		var lines strings.Builder
		lines.WriteString(hello)
		for range 1000 {
			lines.WriteString(malformed(random) + "\n")
		}
		lines.WriteString(`{"jsonrpc":"2.0","id":"last","method":"ping"}` + "\n")
		answers := converse(t, options(db), lines.String())
		if len(answers[`"last"`]) != 1 || !strings.Contains(answers[`"last"`][0], `"result":{}`) {
			t.Errorf("after 1000 malformed frames a ping is answered with %q", answers[`"last"`])
		}
		for id, all := range answers {
			for _, a := range all {
				if id != `"last"` && id != `"hello"` && !strings.Contains(a, `"error"`) && !strings.Contains(a, `"isError":true`) {
					t.Errorf("a malformed frame is answered with %s", a)
				}
			}
		}
		if after := records(t, tr); after != before {
			t.Errorf("the history had %d records, and now has %d", before, after)
		}
	})
}

func records(t *testing.T, tr *tracker.Tracker) int {
	t.Helper()
	all := 0
	log, err := tr.Log(plan.WithActor(t.Context(), plan.Actor{Name: "ann"}), tracker.Log{Limit: &all})
	if err != nil {
		t.Fatal(err)
	}
	return len(log.Items)
}

// malformed returns a frame that nobody should send.
func malformed(r *rand.Rand) string {
	whole := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"task_status","arguments":{"verb":"start","keys":["T-E01-F01-001"]}}}`
	n := r.IntN(100_000) + 10
	switch r.IntN(14) {
	case 0: // cut short
		return whole[:r.IntN(len(whole)-1)+1]
	case 1: // bytes
		b := make([]byte, r.IntN(200)+1)
		for i := range b {
			if b[i] = byte(r.IntN(256)); b[i] == '\n' {
				b[i] = 'x'
			}
		}
		return "\x01" + string(b)
	case 2:
		return strings.Repeat("[", n%20_000)
	case 3:
		return strings.Repeat(`{"a":`, n%20_000)
	case 4:
		return `{"jsonrpc":"1.0","id":` + fmt.Sprint(n) + `,"method":"ping"}`
	case 5:
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/none"}`, n)
	case 6:
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"none"}}`, n)
	case 7:
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"task_status","arguments":[1,2]}}`, n)
	case 8:
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":"task_status"}`, n)
	case 9:
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"task_status","arguments":{"verb":"start","keys":[{"a":%d}]}}}`, n, n)
	case 10:
		return `[` + whole + `,` + whole + `]`
	case 11:
		return `{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}`
	case 12:
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"note","arguments":{"key":"T-E01-F01-001","body":"a\u0000b"}}}`, n)
	default:
		return strings.Replace(whole, "start", "\xff\xfe", 1)
	}
}

// A frame that is too long is refused without being kept in memory.
func TestOversizedFrame(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		tr := plant(t, db)
		before := records(t, tr)
		long := `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"note","arguments":{"key":"T-E01-F01-001","body":"` + strings.Repeat("x", 9<<20) + `"}}}` + "\n"
		answers := converse(t, options(db), hello+long+`{"jsonrpc":"2.0","id":8,"method":"ping"}`+"\n")
		if len(answers[""]) != 1 || !strings.Contains(answers[""][0], "too long") || len(answers["8"]) != 1 {
			t.Errorf("a frame of 9 MiB is answered with %q, and the ping after it with %q", answers[""], answers["8"])
		}
		if after := records(t, tr); after != before {
			t.Errorf("the history had %d records, and now has %d", before, after)
		}
	})
}

// The first two revisions of the protocol have batches, the later ones do not.
func TestBatches(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		plant(t, db)
		batch := `[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"show","arguments":{"key":"E01"}}}]` + "\n"
		old := converse(t, options(db), strings.Replace(hello, "2025-11-25", "2025-03-26", 1)+batch)
		if len(old["1"]) != 1 || len(old["2"]) != 1 || len(old[""]) != 0 {
			t.Errorf("a batch of an old client is answered with %q", old)
		}
		now := converse(t, options(db), hello+batch)
		if len(now["1"]) != 0 || len(now[""]) != 1 {
			t.Errorf("a batch of a new client is answered with %q", now)
		}
	})
}
