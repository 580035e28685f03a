package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
)

// FuzzMessage reads a line as a message. Whatever it is, the server goes on,
// answers with messages of its own alone, and answers a request once.
func FuzzMessage(f *testing.F) {
	for _, line := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"ping"}`, `{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"echo","arguments":{"a":[1]}}}`,
		`{"jsonrpc":"2.0","id":1.5e3,"method":"server/discover","params":{` + inMeta + `}}`, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`,
		`[{"jsonrpc":"2.0","id":1,"method":"ping"},5,[]]`, `{"jsonrpc":"2.0","id":null,"method":"initialize"}`, `{"jsonrpc":"2.0","id":"\ud800","method":""}`,
		`{"jsonrpc":"2.0","id":7,"error":{}}`, `{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"work","arguments":null}}`,
		`{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"test://item/%2F"}}`, "", "null", `"`, "\xff",
	} {
		f.Add([]byte(line))
	}
	s := newWorld().server()
	f.Fuzz(func(t *testing.T, line []byte) {
		if bytes.ContainsRune(line, '\n') || bytes.Contains(line, []byte("wait")) || bytes.Contains(line, []byte("hold")) {
			t.Skip("more than a line, or a tool that does not return")
		}
		old := strings.Replace(hello, "2025-11-25", "2025-03-26", 1)
		var out bytes.Buffer
		if err := s.ServeLines(context.Background(), strings.NewReader(old+string(line)+"\n"+request(`"last"`, "ping", "{}")), &out); err != nil {
			t.Fatal(err)
		}
		answers := map[string]int{}
		for answer := range strings.Lines(out.String()) {
			var o object
			if json.Unmarshal([]byte(answer), &o) != nil || string(o["jsonrpc"]) != `"2.0"` || (o["result"] == nil) == (o["error"] == nil) {
				t.Fatalf("%q is no answer", answer)
			}
			answers[string(o["id"])]++
		}
		want := map[string]int{`"hello"`: 1, `"last"`: 1}
		m, err := decode(bytes.TrimSpace(line))
		switch {
		case isBatch(bytes.TrimSpace(line)):
			return // of its messages some may have the same id
		case err != nil && len(bytes.TrimSpace(line)) > 0:
			want["null"] = 1
		case err == nil && m.isRequest():
			want[string(m.id)]++
		}
		if got, all := strings.Count(out.String(), "\n"), sum(want); got != all {
			t.Errorf("%d answers, want %d: %s", got, all, out.String())
		}
		for id, n := range want {
			if answers[id] != n && !(n == 2 && answers[id]+answers["null"] == n) {
				t.Errorf("%s is answered %d times, want %d: %s", id, answers[id], n, out.String())
			}
		}
	})
}

func sum(counts map[string]int) (all int) {
	for _, n := range counts {
		all += n
	}
	return all
}
