package mcp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// What is wrong with a request is said by its code.
func TestCodes(t *testing.T) {
	meta := func(version, more string) string {
		return `{"_meta":{"io.modelcontextprotocol/protocolVersion":"` + version + `"` + more + `}}`
	}
	const capable = `,"io.modelcontextprotocol/clientCapabilities":{}`
	for _, c := range []struct {
		name, line string
		code       int
	}{
		{"unknown method", request(1, "tools/none", "{}"), methodNotFound},
		{"optional method", request(1, "completion/complete", "{}"), methodNotFound},
		{"notification with an id", request(1, "notifications/initialized", "{}"), methodNotFound},
		{"method of the latest revision", request(1, "server/discover", "{}"), methodNotFound},
		{"method of those before", request(1, "ping", meta(latest, capable)), methodNotFound},
		{"nothing to subscribe to", request(1, "subscriptions/listen", meta(latest, capable)), methodNotFound},
		{"unknown tool", request(1, "tools/call", `{"name":"none"}`), invalidParams},
		{"no name", request(1, "tools/call", `{}`), invalidParams},
		{"name in capitals", request(1, "tools/call", `{"Name":"echo"}`), invalidParams},
		{"name is a number", request(1, "tools/call", `{"name":5}`), invalidParams},
		{"params are a list", request(1, "tools/call", `["echo"]`), invalidParams},
		{"no params", request(1, "tools/call", `null`), invalidRequest},
		{"meta is a number", request(1, "tools/list", `{"_meta":5}`), invalidParams},
		{"unknown cursor", request(1, "tools/list", `{"cursor":"x"}`), invalidParams},
		{"level is a number", request(1, "logging/setLevel", `{"level":5}`), invalidParams},
		{"unknown resource", request(1, "resources/read", `{"uri":"test://two"}`), invalidParams},
		{"arguments are no texts", request(1, "prompts/get", `{"name":"work","arguments":{"what":5}}`), invalidParams},
		{"no capabilities", request(1, "tools/list", meta(latest, "")), invalidParams},
		{"client is a number", request(1, "tools/list", meta(latest, capable+`,"io.modelcontextprotocol/clientInfo":5`)), invalidParams},
		{"client is null", request(1, "tools/list", meta(latest, capable+`,"io.modelcontextprotocol/clientInfo":null`)), invalidParams},
		{"unknown revision", request(1, "tools/list", meta("2099-01-01", capable)), unsupportedVersion},
		{"error of a handler", request(1, "tools/call", `{"name":"fail"}`), internalError},
	} {
		if e := converse(t, newWorld().server(), hello+c.line)["1"].Error; e == nil || e.Code != c.code {
			t.Errorf("%s: answered with %v, want the code %d", c.name, e, c.code)
		}
	}
}

// Before the handshake nothing is answered but what needs none.
func TestBeforeHandshake(t *testing.T) {
	answers := converse(t, newWorld().server(), request(1, "tools/list", "{}")+request(2, "ping", "{}")+request(3, "none", "{}")+hello+request(4, "tools/list", "{}"))
	for id, fails := range map[string]bool{"1": true, "2": false, "3": true, `"hello"`: false, "4": false} {
		if e := answers[id].Error; (e != nil) != fails || fails && e.Code != invalidRequest {
			t.Errorf("request %s is answered with %v", id, e)
		}
	}
}

// An id comes back as it was: no number is rounded, no text is changed.
func TestIDs(t *testing.T) {
	for sent, want := range map[string]string{`1`: `1`, `-7`: `-7`, `1.5`: `1.5`, `12345678901234567890`: `12345678901234567890`,
		`1e400`: `1e400`, `""`: `""`, `"a<b"`: `"a<b"`, `"\u0041"`: `"A"`} {
		if a, ok := converse(t, newWorld().server(), request(sent, "ping", "{}"))[want]; !ok || a.Error != nil {
			t.Errorf("a request with the id %s is not answered with it: %v", sent, a.Error)
		}
	}
	for _, sent := range []string{`null`, `true`, `{"a":1}`, `[1]`} {
		if a := converse(t, newWorld().server(), request(sent, "ping", "{}"))["null"]; a.Error == nil || a.Error.Code != invalidRequest {
			t.Errorf("a request with the id %s is answered with %v", sent, a.Error)
		}
	}
}

// Notifications and answers are never answered, whatever they say.
func TestNoAnswers(t *testing.T) {
	lines := `{"jsonrpc":"2.0","method":"notifications/none"}
{"jsonrpc":"2.0","id":null,"method":"notifications/initialized"}
{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9}}
{"jsonrpc":"2.0","method":"notifications/cancelled","params":[9]}
{"jsonrpc":"2.0","method":"tools/list"}
{"jsonrpc":"2.0","id":1,"result":{}}
`
	if answers := converse(t, newWorld().server(), lines); len(answers) != 0 {
		t.Errorf("answers %v", answers)
	}
}

// A client that cancels a call ends its context.
func TestCancel(t *testing.T) {
	for _, revision := range revisions() {
		w := newWorld()
		s := lineClient(t, w.server(), revision)
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			<-w.begun
			cancel()
		}()
		if r, err := s.CallTool(ctx, &sdk.CallToolParams{Name: "wait"}); err == nil {
			t.Errorf("%s: a cancelled call is answered with %v", revision, r)
		}
		if err := <-w.ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: the context of the call ended with %v", revision, err)
		}
	}
}

// A request with the id of one that was not answered yet is refused, and so
// the first one is answered once.
func TestDuplicateID(t *testing.T) {
	w := newWorld()
	in, client := io.Pipe()
	go func() {
		io.WriteString(client, hello+request(5, "tools/call", `{"name":"hold"}`))
		<-w.begun
		io.WriteString(client, request(5, "ping", "{}"))
		close(w.free)
		client.Close()
	}()
	var out strings.Builder
	if err := w.server().ServeLines(t.Context(), in, &out); err != nil {
		t.Fatal(err)
	}
	answers := byID(t, out.String())
	if answers["null"].Error == nil || !strings.Contains(string(answers["5"].Result), "held") {
		t.Errorf("answers %s", out.String())
	}
}

// Many calls of one client run side by side, and no more than there may.
func TestCallsAtOnce(t *testing.T) {
	w := newWorld()
	in, client := io.Pipe()
	const all = maxCalls + 20
	go func() {
		var lines strings.Builder
		for i := range all {
			lines.WriteString(request(i, "tools/call", `{"name":"hold"}`))
		}
		io.WriteString(client, hello+lines.String())
		client.Close()
	}()
	go func() {
		for range maxCalls {
			<-w.begun
		}
		if len(w.begun) > 0 {
			t.Errorf("more than %d calls run at once", maxCalls)
		}
		close(w.free)
	}()
	var out strings.Builder
	if err := w.server().ServeLines(t.Context(), in, &out); err != nil {
		t.Fatal(err)
	}
	answers := byID(t, out.String())
	for i := range all {
		if answers[fmt.Sprint(i)].Result == nil {
			t.Errorf("call %d is not answered", i)
		}
	}
}

// The end of the context ends the calls, and the server without an error.
func TestContextEnds(t *testing.T) {
	w := newWorld()
	ctx, cancel := context.WithCancel(t.Context())
	in, client := io.Pipe()
	defer client.Close()
	go io.WriteString(client, hello+request(1, "tools/call", `{"name":"wait"}`))
	go func() {
		<-w.begun
		cancel()
	}()
	var out strings.Builder
	if err := w.server().ServeLines(ctx, in, &out); err != nil {
		t.Error(err)
	}
	if err := <-w.ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the context of the call ended with %v", err)
	}
	if _, answered := byID(t, out.String())["1"]; !answered {
		t.Errorf("the call is not answered: %s", out.String())
	}
}

// A broken pipe ends the calls, and is the server's error.
func TestNobodyReads(t *testing.T) {
	w := newWorld()
	in, client := io.Pipe()
	nobody, out := io.Pipe()
	go func() {
		io.WriteString(client, request(1, "tools/call", `{"name":"wait","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}`))
		<-w.begun
		nobody.Close()
		io.WriteString(client, request(2, "ping", "{}"))
	}()
	if err := w.server().ServeLines(t.Context(), in, out); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the server ended with %v", err)
	}
	<-w.ended
}

// A call that never returns does not keep the server for ever.
func TestLastAnswersHaveAnEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		begun := time.Now()
		var out strings.Builder
		if err := w.server().ServeLines(t.Context(), strings.NewReader(hello+request(1, "tools/call", `{"name":"hold"}`)), &out); err != nil {
			t.Error(err)
		}
		if waited := time.Since(begun); waited != 2*lastAnswers {
			t.Errorf("the answer was waited for for %v", waited)
		}
		said := out.Len()
		close(w.free)
		synctest.Wait()
		if out.Len() != said {
			t.Errorf("after the end it is said %s", out.String()[said:])
		}
	})
}

// A panic is told to the log, with where it was.
func TestPanicIsLogged(t *testing.T) {
	var log bytes.Buffer
	s := newWorld().server()
	s.o.Log = slog.New(slog.NewTextHandler(&log, nil))
	if e := converse(t, s, hello+request(1, "tools/call", `{"name":"panic"}`))["1"].Error; e == nil || e.Code != internalError {
		t.Errorf("a panic is answered with %v", e)
	}
	if !strings.Contains(log.String(), "panic=no") || !strings.Contains(log.String(), "main_test.go") {
		t.Errorf("the log says %q", log.String())
	}
}
