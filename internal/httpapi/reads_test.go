package httpapi_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"strings"
	"testing"

	"pm/internal/httpapi"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// Whoever has an answer already is told so: and only then, as a lease that is
// renewed, or a task of an epic that is completed, changes no version.
func TestIfNoneMatch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(2)
		tags := map[string]string{}
		for _, path := range []string{task1, task1 + "/context", "/v1/items/E01", "/v1/epics/E01", "/v1/features/E01-F01", "/v1/items/E01-F01", task1 + "?fields=key,status"} {
			tag := s.do("GET", path, "").Header.Get("ETag")
			if !strings.HasPrefix(tag, `"1-`) {
				t.Errorf("%s has the tag %q", path, tag)
				continue
			}
			tags[path] = tag
			for _, known := range []string{tag, "W/" + tag, `"7", ` + tag, "*"} {
				for _, method := range []string{"GET", "HEAD"} {
					r := s.do(method, path, "", "If-None-Match", known)
					if r.StatusCode != 304 || r.text != "" || r.Header.Get("ETag") != tag {
						t.Errorf("%s %s, known %s: %d %q %s", method, path, known, r.StatusCode, r.text, r.Header.Get("ETag"))
					}
				}
			}
			s.want(s.do("GET", path, "", "If-None-Match", `"1"`), 200, "")
		}
		// A change of the version with If-Match, by the tag of a GET.
		s.want(s.do("PATCH", task1, `{"title":"x"}`, "If-Match", tags[task1]), 200, "")
		s.want(s.do("PATCH", task1, `{"title":"y"}`, "If-Match", tags[task1]), 412, "stale_version")
		s.want(s.do("POST", task1+"/complete", ""), 200, "")
		for path, tag := range tags {
			s.want(s.do("GET", path, "", "If-None-Match", tag), 200, "")
		}
		s.want(s.do("POST", task2+"/claim", `{"lease":"1h"}`), 200, "")
		tag := s.do("GET", task2, "").Header.Get("ETag")
		s.want(s.do("POST", task2+"/renew", `{"lease":"2h"}`), 200, "")
		r := s.do("GET", task2, "", "If-None-Match", tag)
		if s.want(r, 200, ""); r.Header.Get("ETag") == tag {
			t.Error("a lease that was renewed has the same tag")
		}
	})
}

// What is missing from an answer as of a moment is told in a header, whether the
// answer is short, long or known, and not in answers that lack nothing.
func TestAnswersSayThatTheTrashWasEmptied(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(2)
		asOf := "as_of=" + s.last()
		paths := []string{"/v1/tasks?limit=0&", "/v1/tasks?", "/v1/tree?", "/v1/status?", task1 + "?", task1 + "/context?", "/v1/items/E01?", "/v1/history?", "/v1/replica?", "/v1/replica/keys?query=is:open&"}
		warned := func(path string, headers ...string) []string {
			r := s.do("GET", path, "", headers...)
			if r.StatusCode >= 400 {
				t.Errorf("%s: %d %s", path, r.StatusCode, r.text)
			}
			return r.Header.Values("X-PM-Warning")
		}
		s.want(s.do("DELETE", "/v1/items/"+path.Base(task2), ""), 200, "")
		for _, p := range paths {
			if got := warned(p + asOf); len(got) > 0 {
				t.Errorf("%s, with the trash as it was: %q", p, got)
			}
		}
		s.want(s.do("DELETE", "/v1/trash", ""), 200, "")
		after := "as_of=" + s.last()
		for _, p := range paths {
			if got := warned(p + asOf); len(got) != 1 || !strings.HasPrefix(got[0], "emptied: the trash was emptied on 20") {
				t.Errorf("%s: %q", p, got)
			}
			if got := append(warned(p), warned(p+after)...); len(got) > 0 {
				t.Errorf("%s, as it is: %q", p, got)
			}
		}
		if got := warned(task1+"?"+asOf, "If-None-Match", "*"); len(got) != 1 {
			t.Errorf("of a known answer: %q", got)
		}
	})
}

// last is the id of the operation that was recorded last.
func (s *site) last() string {
	s.t.Helper()
	var all struct{ Items []struct{ ID string } }
	if err := json.Unmarshal([]byte(s.do("GET", "/v1/operations?limit=1", "").text), &all); err != nil || len(all.Items) != 1 {
		s.t.Fatal(all, err)
	}
	return all.Items[0].ID
}

// Every read takes fields, as the command line has --fields.
func TestFields(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(3)
		for path, want := range map[string]string{
			task1 + "?fields=status,key":                       `{"status":"todo","key":"T-E01-F01-001"}`,
			task1 + "?fields=key&fields=priority":              `{"key":"T-E01-F01-001","priority":5}`,
			"/v1/items/E01?fields=title":                       `{"title":"Payments"}`,
			"/v1/tasks?fields=key&limit=2&sort=key":            `{"items":[{"key":"T-E01-F01-001"},{"key":"T-E01-F01-002"}],"more":1,"next_cursor":`,
			"/v1/tasks?fields=key&limit=0&sort=key":            `{"items":[{"key":"T-E01-F01-001"},{"key":"T-E01-F01-002"},{"key":"T-E01-F01-003"}],"complete":true}`,
			"/v1/tasks?fields=key&query=status:blocked":        `{"items":[]}`,
			"/v1/items?keys=E01,E01-F01&fields=key":            `{"items":[{"key":"E01"},{"key":"E01-F01"}]}`,
			"/v1/tasks/T-E01-F01-001/context?fields=key,title": `{"key":"T-E01-F01-001","title":"Task"}`,
			"/v1/tasks/T-E01-F01-001/context?fields=task":      `{"task":{"created_at":`,
			"/v1/tasks/count?fields=count":                     `{"count":3}`,
			"/v1/tree?depth=epic&fields=complete,more":         `{}`,
			"/v1/epics?fields=key":                             `{"items":[{"key":"E01"}]}`,
			"/v1/history?fields=key&limit=1":                   `{"items":[{"key":"T-E01-F01-003"}],"more":`,
			"/v1/items/T-E01-F01-001/notes?fields=body":        `{"items":[],"complete":true}`,
		} {
			r := s.do("GET", path, "")
			s.want(r, 200, "")
			if !strings.HasPrefix(r.text, want) || !json.Valid([]byte(r.text)) {
				t.Errorf("%s is answered with %s", path, r.text)
			}
		}
		if tree := s.do("GET", "/v1/tree?depth=epic&fields=epics", "").text; !strings.HasPrefix(tree, `{"epics":[{`) || !strings.Contains(tree, `"key":"E01"`) {
			t.Errorf("the tree is %s", tree)
		}
		s.want(s.do("POST", "/v1/fields", `{"name":"severity","type":"text"}`), 201, "")
		s.want(s.do("PATCH", task1, `{"fields":["severity=high"]}`), 200, "")
		for path, want := range map[string]string{
			task1 + "?fields=severity":                   `{"severity":"high"}`,
			"/v1/tasks?fields=field.severity&limit=0":    `{"items":[{"field.severity":"high"},{},{}],"complete":true}`,
			"/v1/items?keys=E01&fields=key,severity":     `{"items":[{"key":"E01"}]}`,
			"/v1/tasks/search?text=task&fields=severity": `{"items":[{"severity":"high"},{},{}]`,
		} {
			if r := s.do("GET", path, ""); !strings.HasPrefix(r.text, want) {
				t.Errorf("%s is answered with %s", path, r.text)
			}
		}
		s.want(s.do("GET", task1+"?fields=colour", ""), 400, "unknown_field")
		s.want(s.do("GET", "/v1/tasks?fields=key,colour", ""), 400, "unknown_field")
		s.want(s.do("GET", "/v1/tasks?fields=", ""), 400, "unknown_field")
		s.want(s.do("DELETE", "/v1/items/T-E01-F01-003?fields=key", ""), 400, "unknown_argument")
		if link := s.do("GET", "/v1/tasks?fields=key&limit=1", "").Header.Get("Link"); !strings.Contains(link, "fields=key") {
			t.Errorf("the next page is %s", link)
		}
	})
}

// Answers that may be long end with a member that says that they are whole.
func TestLongAnswersSayThatTheyAreWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(2)
		for _, path := range []string{"/v1/tasks?limit=0", "/v1/tasks?limit=1001", "/v1/epics?limit=0", "/v1/features?limit=0", "/v1/tasks/search?text=task&limit=0",
			"/v1/history?limit=0", "/v1/tree?limit=0", "/v1/items/E01/notes", "/v1/items/plan/notes"} {
			r := s.do("GET", path, "")
			if s.want(r, 200, ""); !strings.HasSuffix(r.text, `"complete":true}`+"\n") {
				t.Errorf("%s ends with %s", path, r.text[max(0, len(r.text)-60):])
			}
		}
	})
}

// Two agents who count their calls from 1 are not in each other's way.
func TestIdempotencyKeysOfAgents(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(0)
		made := map[string]string{}
		for range 2 {
			for _, agent := range []string{"ann", "bob"} {
				r := s.do("POST", "/v1/tasks", `{"feature":"E01-F01","title":"Of `+agent+`"}`, "Idempotency-Key", "1", "X-PM-Agent", agent)
				s.want(r, 201, "")
				if was := made[agent]; was != "" && (was != r.text || r.Header.Get("Idempotency-Replayed") != "true") {
					t.Errorf("%s is answered with %s, and before with %s", agent, r.text, was)
				}
				made[agent] = r.text
			}
		}
		s.want(s.do("POST", "/v1/tasks", `{"feature":"E01-F01","title":"Other"}`, "Idempotency-Key", "1", "X-PM-Agent", "bob"), 422, "idempotency_key_reused")
		if r := s.do("GET", "/v1/tasks/count", ""); !strings.Contains(r.text, `"count":2`) {
			t.Errorf("there are %s", r.text)
		}
	})
}

// What Go's server, or the protocol of MCP, refuses is a problem too.
func TestPlainErrorsAreProblems(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		plain := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Error(w, "send messages with POST", http.StatusMethodNotAllowed)
		})
		s := serve(t, db, httpapi.Options{MCP: plain, Web: map[string]http.Handler{"GET /assets/": http.NotFoundHandler()}})
		s.want(s.do("GET", "/mcp", ""), 405, "bad_method")
		s.want(s.do("GET", "/assets/none.js", ""), 404, "not_found")
		s.want(s.do("GET", "/healthz", "", "X-Long", strings.Repeat("x", 64<<10)), 431, "header_too_large")
		for request, want := range map[string]string{
			"GET /healthz HTTP/1.1\r\n\r\n":                    "400 Bad Request",
			"nonsense\r\n\r\n":                                 "400 Bad Request",
			"GET /healthz HTTP/3.0\r\nHost: localhost\r\n\r\n": "505 HTTP Version Not Supported",
			"POST /v1/epics HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: odd\r\n\r\n":                  "501 Not Implemented",
			"GET /" + strings.Repeat("x", 64<<10) + " HTTP/1.1\r\nHost: localhost\r\n\r\n":                  "431 Request Header Fields Too Large",
			"POST /v1/epics HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\nConnection: close\r\n\r\n": "400 Bad Request",
		} {
			answer := s.answerTo(request)
			head, body, _ := strings.Cut(answer, "\r\n\r\n")
			var p httpapi.Problem
			err := json.Unmarshal([]byte(body), &p)
			if err != nil || !strings.HasPrefix(head, "HTTP/1.1 "+want+"\r\nContent-Type: application/problem+json\r\n") || fmt.Sprintf("%d %s", p.Status, p.Title) != want || p.Detail == "" || p.Code == "" {
				t.Errorf("%.60q is answered with %q, %v", request, answer, err)
			}
		}
	})
}

// answerTo sends bytes, and returns what comes back until the connection ends.
func (s *site) answerTo(request string) string {
	s.t.Helper()
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	defer c.Close()
	go io.WriteString(c, request)
	b, _ := io.ReadAll(c)
	return string(b)
}
