package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// post sends a body with headers, of which those with no value are left out.
func post(s *Server, method, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/mcp", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	for i := 0; i < len(headers); i += 2 {
		if r.Header.Del(headers[i]); headers[i+1] != "" {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

const (
	inMeta   = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}`
	pinged   = `{"jsonrpc":"2.0","id":1,"result":{}}`
	callEcho = `{"name":"echo",` + inMeta + `}`
)

func TestStatus(t *testing.T) {
	ping, list, notification := request(1, "ping", "{}"), request(1, "tools/list", "{"+inMeta+"}"), `{"jsonrpc":"2.0","method":"notifications/initialized"}`
	latestList := []string{headerVersion, latest, headerMethod, "tools/list"}
	for _, c := range []struct {
		name, method, body string
		headers            []string
		status             int
		contains           string
	}{
		{"get", "GET", "", nil, 405, "with POST"},
		{"delete", "DELETE", "", nil, 405, "with POST"},
		{"a form", "POST", ping, []string{"Content-Type", "text/plain"}, 415, "application/json"},
		{"no type", "POST", ping, []string{"Content-Type", ""}, 415, "application/json"},
		{"JSON in UTF-8", "POST", ping, []string{"Content-Type", "application/json; charset=utf-8"}, 200, pinged},
		{"JSON alone", "POST", ping, []string{"Accept", "application/json"}, 400, "accept"},
		{"anything", "POST", ping, []string{"Accept", "*/*"}, 200, pinged},
		{"anything of both", "POST", ping, []string{"Accept", "Application/*;q=0.5, text/*"}, 200, pinged},
		{"no accept", "POST", ping, []string{"Accept", ""}, 400, "accept"},
		{"to resume", "POST", ping, []string{"Last-Event-ID", "1"}, 400, "Last-Event-ID"},
		{"unknown revision", "POST", ping, []string{headerVersion, "2024-01-01"}, 400, "use one of 2026-07-28, 2025-11-25"},
		{"known revision", "POST", ping, []string{headerVersion, "2025-11-25"}, 200, pinged},
		{"nothing", "POST", " ", nil, 400, "empty"},
		{"no JSON", "POST", "{", nil, 400, `"id":null,"error":{"code":-32700`},
		{"no UTF-8", "POST", "{\"a\":\"\xff\"}", nil, 400, `"id":null,"error":{"code":-32700`},
		{"no message", "POST", "5", nil, 400, `"id":null,"error":{"code":-32600`},
		{"no id", "POST", `{"jsonrpc":"2.0","method":"tools/list"}`, nil, 400, `"id":null,"error":{"code":-32600`},
		{"notification", "POST", notification, nil, 202, ""},
		{"answer", "POST", `{"jsonrpc":"2.0","id":1,"result":{}}`, nil, 202, ""},
		{"handshake", "POST", strings.SplitAfter(hello, "\n")[0], nil, 200, `"protocolVersion":"2025-11-25"`},
		{"unknown method", "POST", request(1, "none", "{}"), nil, 200, `"id":1,"error":{"code":-32601`},
		{"no params", "POST", request(1, "tools/call", "null"), nil, 400, `"id":1,"error":{"code":-32600`},
		{"unknown tool", "POST", request(1, "tools/call", `{"name":"none"}`), nil, 200, `"id":1,"error":{"code":-32602`},
		{"batch", "POST", "[" + ping + "," + notification + "," + request(2, "none", "{}") + "]", nil, 200, `[` + pinged + `,{"jsonrpc":"2.0","id":2,"error":{"code":-32601`},
		{"batch of one", "POST", "[" + ping + "]", []string{headerVersion, "2025-03-26"}, 200, "[" + pinged + "]"},
		{"batch without requests", "POST", "[" + notification + "]", nil, 202, ""},
		{"empty batch", "POST", "[]", nil, 400, `"code":-32600`},
		{"batch of a later revision", "POST", "[" + ping + "]", []string{headerVersion, "2025-06-18"}, 400, `"code":-32600`},
		{"latest", "POST", list, latestList, 200, `"resultType":"complete"`},
		{"latest, unknown method", "POST", request(1, "none", "{"+inMeta+"}"), []string{headerVersion, latest, headerMethod, "none"}, 404, `"code":-32601`},
		{"latest, unknown tool", "POST", request(1, "tools/call", `{"name":"none",`+inMeta+`}`), []string{headerVersion, latest, headerMethod, "tools/call", headerName, "none"}, 400, `"code":-32602`},
		{"latest, called", "POST", request(1, "tools/call", callEcho), []string{headerVersion, latest, headerMethod, "tools/call", headerName, "echo"}, 200, `"result"`},
		{"no header of the revision", "POST", list, nil, 400, `"code":-32020`},
		{"another revision in the header", "POST", list, []string{headerVersion, "2025-11-25"}, 400, `"code":-32020`},
		{"no revision in the body", "POST", request(1, "tools/list", "{}"), latestList, 400, `"code":-32602`},
		{"no header of the method", "POST", list, []string{headerVersion, latest}, 400, `"code":-32020`},
		{"no header of the method of a notification", "POST", notification, []string{headerVersion, latest}, 400, `"code":-32020`},
		{"another method in the header", "POST", list, []string{headerVersion, latest, headerMethod, "ping"}, 400, `"code":-32020`},
		{"no header of the name", "POST", request(1, "tools/call", callEcho), []string{headerVersion, latest, headerMethod, "tools/call"}, 400, `"code":-32020`},
		{"another name in the header", "POST", request(1, "tools/call", callEcho), []string{headerVersion, latest, headerMethod, "tools/call", headerName, "x"}, 400, `"code":-32020`},
		{"unknown later revision", "POST", strings.ReplaceAll(list, latest, "2099-01-01"), []string{headerVersion, "2099-01-01", headerMethod, "tools/list"}, 400, `"code":-32022`},
	} {
		w := post(newWorld().server(), c.method, c.body, c.headers...)
		if got := w.Body.String(); w.Code != c.status || !strings.Contains(got, c.contains) || c.status == 202 && got != "" {
			t.Errorf("%s: %d, %s", c.name, w.Code, got)
		}
		if allow := w.Header().Get("Allow"); (allow == "POST") != (c.status == 405) {
			t.Errorf("%s: Allow is %q", c.name, allow)
		}
		if isJSON := json.Valid(w.Body.Bytes()); isJSON != (w.Header().Get("Content-Type") == "application/json") {
			t.Errorf("%s: the answer is %q, and its type %s", c.name, w.Body, w.Header().Get("Content-Type"))
		}
	}
}

func TestTooLargeBody(t *testing.T) {
	w := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "/mcp", strings.NewReader(request(1, "ping", "{}")))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "*/*")
	r.Body = http.MaxBytesReader(w, r.Body, 10)
	if newWorld().server().ServeHTTP(w, r); w.Code != 413 {
		t.Errorf("a body that is too large is answered with %d", w.Code)
	}
}

// When all places are taken a POST is refused, and let in again afterwards.
func TestTooManyPosts(t *testing.T) {
	w := newWorld()
	s := w.server()
	for range maxPosts {
		go post(s, "POST", request(1, "tools/call", `{"name":"hold"}`))
	}
	for range maxPosts {
		<-w.begun
	}
	if r := post(s, "POST", request(1, "ping", "{}")); r.Code != 503 || r.Header().Get("Retry-After") == "" {
		t.Errorf("one too many is answered with %d", r.Code)
	}
	close(w.free)
	for post(s, "POST", request(1, "ping", "{}")).Code != 200 {
	}
}

// A client of the latest revision that goes away cancels its request, one of
// an earlier revision does not: only time ends its call.
func TestClientGoesAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for revision, want := range map[string]error{latest: context.Canceled, "2025-11-25": context.DeadlineExceeded} {
			w := newWorld()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			params := `{"name":"wait"}`
			if isLatest(revision) {
				params = `{"name":"wait",` + inMeta + `}`
			}
			r := httptest.NewRequestWithContext(ctx, "POST", "/mcp", io.NopCloser(strings.NewReader(request(1, "tools/call", params))))
			for name, value := range map[string]string{"Content-Type": "application/json", "Accept": "*/*", headerVersion: revision, headerMethod: "tools/call", headerName: "wait"} {
				r.Header.Set(name, value)
			}
			go w.server().ServeHTTP(httptest.NewRecorder(), r)
			<-w.begun
			cancel()
			if err := <-w.ended; !errors.Is(err, want) {
				t.Errorf("%s: the call ended with %v", revision, err)
			}
		}
	})
}
