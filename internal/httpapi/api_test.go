package httpapi_test

import (
	"strings"
	"testing"

	"pm/internal/httpapi"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

const (
	task1 = "/v1/tasks/T-E01-F01-001"
	task2 = "/v1/tasks/T-E01-F01-002"
)

func TestResources(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(2)
		r := s.do("POST", "/v1/tasks", `{"feature":"e01-f01","title":"Third","priority":"2","depends_on":"T-E01-F01-001"}`)
		s.want(r, 201, "")
		if r.Header.Get("Location") != "/v1/tasks/T-E01-F01-003" || r.Header.Get("ETag") != `"1"` {
			t.Errorf("location %q, etag %q", r.Header.Get("Location"), r.Header.Get("ETag"))
		}
		s.want(s.do("GET", "/v1/tasks/t-e01-f01-003/context", ""), 200, "")
		s.want(s.do("PATCH", task1, `{"title":"First"}`), 200, "")
		s.want(s.do("PATCH", "/v1/tasks", `{"keys":["T-E01-F01-001","T-E01-F01-002"],"priority":3}`), 200, "")
		s.want(s.do("POST", task1+"/claim", `{"lease":"2h"}`), 200, "")
		s.want(s.do("POST", "/v1/tasks/complete", `{"keys":["T-E01-F01-001","T-E01-F01-002"]}`), 200, "")
		s.want(s.do("DELETE", "/v1/tasks/T-E01-F01-003/dependencies/T-E01-F01-001", ""), 200, "")
		s.want(s.do("POST", "/v1/tasks/T-E01-F01-003/dependencies", `{"depends_on":["T-E01-F01-001","T-E01-F01-002"]}`), 200, "")
		s.want(s.do("DELETE", "/v1/tasks/T-E01-F01-003/dependencies?depends_on=T-E01-F01-001,T-E01-F01-002", ""), 200, "")
		s.want(s.do("GET", "/v1/tasks?status=todo&status=blocked&max_priority=3", ""), 200, "")
		s.want(s.do("DELETE", "/v1/items/T-E01-F01-003", ""), 200, "")
		s.want(s.do("GET", "/v1/items/T-E01-F01-003", ""), 404, "not_found")
		if r := s.do("HEAD", "/v1/items/E01", ""); r.StatusCode != 200 || r.text != "" || r.Header.Get("ETag") == "" {
			t.Errorf("HEAD is answered with %d, %q", r.StatusCode, r.text)
		}
	})
}

func TestProblems(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(2)
		s.want(s.do("POST", task1+"/claim", ""), 200, "")
		unchanged := s.unchanged()
		for _, c := range []struct {
			method, path, body string
			status             int
			code               string
		}{
			{"GET", "/v1/tasks/T-E09-F01-001", "", 404, "not_found"},
			{"GET", "/v1/tasks/nonsense", "", 422, "bad_key"},
			{"GET", "/v1/nothing", "", 404, "no_route"},
			{"PUT", task1, "", 405, "bad_method"},
			{"DELETE", task1, "", 405, "bad_method"},
			{"POST", task1 + "/claim", `{"lease":"never"}`, 422, "bad_lease"},
			{"POST", task1 + "/claim", "", 409, "already_yours"},
			{"POST", task1 + "/approve", "", 422, "bad_transition"},
			{"POST", task1 + "/submit", `{"fence":9}`, 409, "lease_lost"},
			{"POST", task1 + "/block", "", 422, "reason_required"},
			{"POST", "/v1/tasks/block", "", 400, "missing_argument"},
			{"POST", task1 + "/submit", `{"keys":["T-E01-F01-002"]}`, 400, "named_twice"},
			{"POST", task1 + "/submit?reason=x", "", 400, "unknown_argument"},
			{"POST", "/v1/tasks", `{"feature":"E01-F01"}`, 400, "missing_argument"},
			{"POST", "/v1/tasks", `{"feature":"E01-F01","title":"x","colour":1}`, 400, "unknown_argument"},
			{"POST", "/v1/tasks", `{"feature":"E01-F01","title":"x","priority":"often"}`, 400, "usage"},
			{"POST", "/v1/tasks", `{"feature":"E01-F01","title":"x","priority":11}`, 422, "bad_priority"},
			{"POST", "/v1/tasks", `[1]`, 400, "bad_json"},
			{"POST", "/v1/tasks", `{"feature":"E01-F01","title":"x"} {}`, 400, "bad_json"},
			{"POST", "/v1/tasks", `{"feature":`, 400, "bad_json"},
			{"POST", "/v1/tasks/T-E01-F01-002/dependencies", `{"depends_on":["T-E01-F01-002"]}`, 422, "cycle"},
			{"GET", "/v1/tasks?limit=x", "", 400, "usage"},
			{"GET", "/v1/tasks?cursor=x", "", 422, "bad_cursor"},
			{"GET", "/v1/tasks?sort=key&sort=created", "", 400, "named_twice"},
			{"GET", "/v1/tasks?unknown=1", "", 400, "unknown_argument"},
			{"GET", "/v1/tasks?a=%zz", "", 400, "bad_query"},
		} {
			s.want(s.do(c.method, c.path, c.body), c.status, c.code)
		}
		if r := s.do("PUT", task1, ""); r.Header.Get("Allow") != "GET, HEAD, PATCH" {
			t.Errorf("405 allows %q", r.Header.Get("Allow"))
		}
		s.want(s.do("POST", "/v1/epics", `title=x`, "Content-Type", "application/x-www-form-urlencoded"), 415, "not_json")
		s.want(s.do("POST", "/v1/epics", `{"title":"`+strings.Repeat("x", 3<<20)+`"}`), 413, "too_large")
		s.want(s.do("POST", task1+"/submit", "", "X-PM-Agent", "a2"), 409, "held")
		s.want(s.do("POST", "/v1/epics", `{"title":"x"}`, "X-PM-Agent", strings.Repeat("x", 65)), 422, "bad_agent")
		unchanged()
	})
}

// Every kind of error has a status, and only what may work later says so.
func TestStatuses(t *testing.T) {
	for _, k := range plan.Kinds() {
		status := httpapi.StatusOf(k)
		if status < 400 || status > 599 {
			t.Errorf("%s has the status %d", k, status)
		}
		if (status == 503) != (k == plan.Unavailable) {
			t.Errorf("%s has the status %d", k, status)
		}
	}
}

func TestIfMatch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(1)
		tag := s.do("GET", task1, "").Header.Get("ETag")
		if !strings.HasPrefix(tag, `"1-`) {
			t.Fatalf("the tag is %s", tag)
		}
		r := s.do("PATCH", task1, `{"priority":1}`, "If-Match", tag)
		s.want(r, 200, "")
		if r.Header.Get("ETag") != `"2"` {
			t.Errorf("the tag after a change is %s", r.Header.Get("ETag"))
		}
		unchanged := s.unchanged()
		s.want(s.do("PATCH", task1, `{"priority":2}`, "If-Match", tag), 412, "stale_version")
		s.want(s.do("PATCH", task1, `{"priority":2}`, "If-Match", `W/"2"`), 412, "stale_version")
		s.want(s.do("PATCH", task1, `{"priority":2}`, "If-Match", `"2", "3"`), 412, "stale_version")
		s.want(s.do("PATCH", task1, `{"priority":2,"if_version":1}`), 409, "stale_version")
		s.want(s.do("PATCH", task1, `{"priority":2,"if_version":2}`, "If-Match", `"2"`), 400, "named_twice")
		s.want(s.do("POST", task1+"/claim", "", "If-Match", `"2"`), 400, "no_condition")
		s.want(s.do("PATCH", "/v1/epics/E01", `{"title":"x"}`, "If-Match", `"7"`), 412, "stale_version")
		unchanged()
		s.want(s.do("PATCH", task1, `{"priority":2}`, "If-Match", "*"), 200, "")
		s.want(s.do("POST", task1+"/complete", "", "If-Match", `"3"`), 200, "")
	})
}

func TestIdempotencyKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(0)
		first := s.do("POST", "/v1/tasks", `{"feature":"E01-F01","title":"Once"}`, "Idempotency-Key", "k1")
		again := s.do("POST", "/v1/tasks", `{"feature":"E01-F01","title":"Once"}`, "Idempotency-Key", "k1")
		if first.StatusCode != 201 || again.StatusCode != 201 || first.text != again.text {
			t.Errorf("first %d %s, again %d %s", first.StatusCode, first.text, again.StatusCode, again.text)
		}
		if first.Header.Get("Idempotency-Replayed") != "" || again.Header.Get("Idempotency-Replayed") != "true" {
			t.Errorf("replayed: first %q, again %q", first.Header.Get("Idempotency-Replayed"), again.Header.Get("Idempotency-Replayed"))
		}
		s.want(s.do("POST", "/v1/tasks", `{"feature":"E01-F01","title":"Other"}`, "Idempotency-Key", "k1"), 422, "idempotency_key_reused")
		s.want(s.do("GET", task2, ""), 404, "not_found")
	})
}

func TestPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(5)
		path, seen := "/v1/tasks?limit=2", 0
		for pages := 0; path != "" && pages < 9; pages++ {
			r := s.do("GET", path, "")
			s.want(r, 200, "")
			seen += strings.Count(r.text, `"title":"Task"`)
			link := r.Header.Get("Link")
			path, _, _ = strings.Cut(strings.TrimPrefix(link, "<"), ">")
			if link != "" && !strings.HasSuffix(link, `>; rel="next"`) {
				t.Errorf("the link is %s", link)
			}
		}
		if seen != 5 {
			t.Errorf("the pages have %d tasks of 5", seen)
		}
	})
}
