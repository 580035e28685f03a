package parity

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"unicode"

	"pm/internal/mcpserver"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// steering is what JSON's grammar lets through raw, although a terminal obeys
// it or the text around it turns: DEL, C1 and bidirectional controls.
const steering = "a\x7fb\u0085c\u009b2Jd\u202egnp.exe\u2066e\u200f\u061cf\u001b]52;c;x\ag"

// No surface sends such a character raw, wherever the text stands: in an
// answer, in an error that repeats it, in an event, in an export. All of them
// give it back as it was.
func TestNoSurfaceSendsWhatSteersATerminal(t *testing.T) {
	each(t, func(t *testing.T, fresh func() string) {
		address := fresh()
		for _, args := range [][]string{{"epic", "create", "Payments"}, {"feature", "create", "E01", "Cards"},
			{"task", "create", "E01-F01", "Charge the card", "--description", steering}, {"note", "T-E01-F01-001", steering}} {
			if _, stderr, exit := run(t, address, "ann", "", args...); exit != 0 {
				t.Fatalf("pm %q: %s", args, stderr)
			}
		}
		quoted, err := json.Marshal(steering)
		if err != nil {
			t.Fatal(err)
		}
		answers := 0
		look := func(where, answer string) {
			t.Helper()
			answers++
			if i := strings.IndexFunc(answer, func(r rune) bool { return r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }); i >= 0 {
				t.Errorf("%s has a raw control character at byte %d: %+q", where, i, answer[max(0, i-40):i+8])
			}
			if where != "" && !strings.Contains(answer, "gnp.exe") {
				t.Errorf("%s does not have the text: %s", where, answer)
			}
		}
		same := func(where, answer string) {
			t.Helper()
			var task struct{ Description string }
			if err := json.Unmarshal([]byte(answer), &task); err != nil || task.Description != steering {
				t.Errorf("%s gives back %+q (%v)", where, task.Description, err)
			}
			look(where, answer)
		}

		cli := func(args ...string) string {
			stdout, stderr, _ := run(t, address, "ann", "", args...)
			return stdout + stderr
		}
		same("pm show", cli("show", "T-E01-F01-001", "--json"))
		look("pm export", cli("export"))
		look("pm note list", cli("note", "list", "T-E01-F01-001", "--json"))
		look("an error of pm", cli("show", steering, "--json"))
		look("an error of jq", cli("list", "--jq", ".items[].description | error"))

		url := serveHTTP(t, address)
		get := func(path string) string {
			_, answer := request(t, "ann", http.MethodGet, url+path, "")
			return answer
		}
		same("GET task", get("/v1/tasks/T-E01-F01-001"))
		look("GET notes", get("/v1/tasks/T-E01-F01-001/notes"))
		_, problem := request(t, "ann", http.MethodPatch, url+"/v1/tasks/T-E01-F01-001", `{`+string(quoted)+`:1}`)
		look("a problem", problem)
		look("an event", event(t, url+"/v1/events", "gnp.exe", func() {
			cli("block", "T-E01-F01-001", "--reason", steering)
		}))

		for _, m := range []struct{ where, method, params string }{
			{"show", "tools/call", `{"name":"show","arguments":{"key":"T-E01-F01-001","context":true}}`},
			{"a tool's error", "tools/call", `{"name":"show","arguments":{"key":` + string(quoted) + `}}`},
			{"a resource", "resources/read", `{"uri":"pm://item/T-E01-F01-001"}`},
			{"an error of the protocol", string(quoted[1 : len(quoted)-1]), `{}`},
		} {
			message := `{"jsonrpc":"2.0","id":` + string(quoted) + `,"method":"` + m.method + `","params":` + m.params + `}`
			look("MCP on lines: "+m.where, speak(t, address, message))
			r := mcpRequest(t, url+"/mcp", message)
			look("MCP over HTTP: "+m.where, r)
		}
		if answers < 15 {
			t.Errorf("%d answers were looked at", answers)
		}
	})
}

// event returns the first event of what change does whose data has the text.
func event(t *testing.T, url, text string, change func()) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	change()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if strings.Contains(lines.Text(), text) {
			return lines.Text()
		}
	}
	t.Fatalf("no event of %s has %q", url, text)
	return ""
}

// speak sends a request to an MCP server on lines, behind a handshake, and
// returns all that it answers.
func speak(t *testing.T, address, message string) string {
	t.Helper()
	p := open(t, address)
	var out strings.Builder
	in := `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"parity","version":"1"}}}` +
		"\n" + `{"jsonrpc":"2.0","method":"notifications/initialized"}` + "\n" + message + "\n"
	s := mcpserver.New(mcpserver.Options{Actor: plan.Actor{Name: "ann"}, Open: func(context.Context) (*tracker.Tracker, error) { return p, nil }})
	if err := s.ServeLines(t.Context(), strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// mcpRequest POSTs a request to an MCP server.
func mcpRequest(t *testing.T, url, message string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var b strings.Builder
	if _, err := bufio.NewReader(resp.Body).WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
