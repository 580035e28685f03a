package httpapi_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"pm/internal/httpapi"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// A page from elsewhere gets in neither under its own name, which it may have
// bound to the loopback, nor from its own origin.
func TestForeignPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{Hosts: []string{"pm.example.com"}, MCP: http.NotFoundHandler()})
		s.plant(1)
		unchanged := s.unchanged()
		_, port, _ := net.SplitHostPort(s.addr)
		for _, host := range []string{"evil.example", "evil.example:" + port, "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "0.0.0.0", "[::]", "pm.example.com.evil", "xpm.example.com"} {
			for _, path := range []string{"/v1/tasks", "/mcp", "/healthz", "/metrics", "/openapi.json", "/v1/events"} {
				s.want(s.do("GET", path, "", "Host", host), 403, "foreign_host")
			}
			s.want(s.do("POST", "/v1/epics", `{"title":"x"}`, "Host", host), 403, "foreign_host")
		}
		for _, origin := range []string{"http://evil.example", "null", "http://localhost:1", "http://127.0.0.1", "https://" + s.addr + ".evil.example", "file://", "http://" + s.addr + "@evil.example"} {
			s.want(s.do("POST", "/v1/epics", `{"title":"x"}`, "Origin", origin), 403, "foreign_origin")
			s.want(s.do("GET", "/v1/tasks", "", "Origin", origin), 403, "foreign_origin")
		}
		for _, site := range []string{"cross-site", "same-site"} {
			s.want(s.do("POST", "/v1/epics", `{"title":"x"}`, "Sec-Fetch-Site", site), 403, "foreign_origin")
			s.want(s.do("GET", "/v1/tasks", "", "Sec-Fetch-Site", site, "Sec-Fetch-Mode", "navigate"), 403, "foreign_origin")
		}
		unchanged()
		for _, host := range []string{"localhost", "LOCALHOST:" + port, "127.0.0.1", "127.1.2.3:80", "[::1]:" + port, "pm.example.com", "PM.Example.com:443"} {
			s.want(s.do("GET", "/v1/tasks", "", "Host", host), 200, "")
		}
		s.want(s.do("POST", task1+"/claim", "", "Origin", "http://"+s.addr, "Sec-Fetch-Site", "same-origin"), 200, "")
	})
}

const secret = "0123456789abcdef0123456789abcdef"

func TestTokens(t *testing.T) {
	tokens, err := httpapi.ParseTokens("# who may\nann " + secret + "\n\n" + strings.ToUpper(secret) + "\n")
	if err != nil {
		t.Fatal(err)
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{Tokens: tokens, MCP: http.NotFoundHandler()})
		for _, header := range []string{"", "Bearer", "Bearer ", "Bearer wrong", "Bearer " + secret[1:], "Bearer " + secret + " ", "Basic " + secret, secret, "bearer x"} {
			for _, path := range []string{"/v1/tasks", "/mcp", "/metrics", "/openapi.json", "/v1/events", "/"} {
				r := s.do("GET", path, "", "Authorization", header)
				if header == "Bearer "+secret+" " {
					continue // spaces at the end of a header are no part of it
				}
				s.want(r, 401, "no_token")
				if r.Header.Get("WWW-Authenticate") == "" {
					t.Errorf("401 without WWW-Authenticate")
				}
			}
		}
		s.want(s.do("GET", "/healthz", ""), 200, "")
		s.want(s.do("GET", "/readyz", ""), 200, "")
		bearer := []string{"Authorization", "Bearer " + secret}
		s.want(s.do("POST", "/v1/epics", `{"title":"x"}`, append(bearer, "X-PM-Agent", "bob")...), 403, "foreign_agent")
		if s.records() != 0 {
			t.Error("something was recorded")
		}
		s.want(s.do("POST", "/v1/epics", `{"title":"x"}`, append(bearer, "X-PM-Agent", "")...), 201, "")
		s.want(s.do("POST", "/v1/epics", `{"title":"y"}`, "Authorization", "Bearer "+strings.ToUpper(secret), "X-PM-Agent", "bob"), 201, "")
		if log := s.do("GET", "/v1/history", "", append(bearer, "X-PM-Agent", "")...).text; !strings.Contains(log, `"agent":"ann"`) || !strings.Contains(log, `"agent":"bob"`) {
			t.Errorf("the history is %s", log)
		}
	})
}

func TestBadTokenFiles(t *testing.T) {
	for _, text := range []string{"", "# nothing", "short", "ann short", "a b " + secret, strings.Repeat("x", 65) + " " + secret} {
		if _, err := httpapi.ParseTokens(text); err == nil {
			t.Errorf("%q holds tokens", text)
		}
	}
}

func TestHeaders(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		for _, path := range []string{"/v1/tasks", "/nothing", "/metrics"} {
			h := s.do("GET", path, "", "Origin", "http://"+s.addr).Header
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
				"Cache-Control": "no-store", "Access-Control-Allow-Origin": "", "Referrer-Policy": "no-referrer"} {
				if h.Get(name) != want {
					t.Errorf("%s: %s is %q, want %q", path, name, h.Get(name), want)
				}
			}
		}
	})
}

// A thousand requests that no client should send: all are refused, the server
// goes on, and nothing has changed.
func TestMalformedRequests(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(1)
		unchanged := s.unchanged()
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		random := rand.New(rand.NewPCG(seed, 0))
		for range 1000 {
			status, request := s.raw(malformed(random))
			if status < 400 && status != 0 || status >= 500 {
				t.Errorf("%.200q is answered with %d", request, status)
			}
		}
		s.want(s.do("GET", "/readyz", ""), 200, "")
		unchanged()
	})
}

// raw sends bytes, and returns the status of the answer; 0 for none.
func (s *site) raw(request string) (int, string) {
	s.t.Helper()
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	io.WriteString(c, request)
	c.(*net.TCPConn).CloseWrite()
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0, request
	}
	r.Body.Close()
	return r.StatusCode, request
}

func malformed(r *rand.Rand) string {
	post := func(path, headers, body string) string {
		return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n%s", path, len(body), headers, body)
	}
	bytes := make([]byte, r.IntN(300)+1)
	for i := range bytes {
		bytes[i] = byte(r.IntN(256))
	}
	switch r.IntN(12) {
	case 0:
		return string(bytes)
	case 1:
		return "GET /v1/tasks HTTP/1.1\r\n\r\n" // no Host
	case 2:
		return "GET /v1/tasks HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"
	case 3:
		return post("/v1/epics", "", string(bytes))
	case 4:
		return post("/v1/epics", "", `{"title":`+strings.Repeat("[", r.IntN(20_000)+1))
	case 5:
		return post("/v1/epics", "Content-Length: 3\r\n", `{"title":"x"}`)
	case 6:
		return post("/v1/tasks/%2e%2e%2fepics/claim", "", `{}`)
	case 7:
		return "GET /v1/tasks/" + strings.Repeat("%00", r.IntN(100)+1) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"
	case 8:
		return "POST /v1/epics HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n{}"
	case 9:
		return "GET /v1/tasks HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("y", 64<<10) + "\r\n\r\n"
	case 10:
		return post("/v1/epics", "", `{"title":"a\u0000b"}`)
	default:
		return post("/v1/tasks/T-E01-F01-001/claim", "", `{"lease":{"a":`+fmt.Sprint(r.IntN(9))+`}}`)
	}
}
