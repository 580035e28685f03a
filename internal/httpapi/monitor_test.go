package httpapi_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pm/internal/httpapi"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

func TestHealth(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		for _, path := range []string{"/healthz", "/readyz"} {
			if r := s.do("GET", path, ""); r.StatusCode != 200 || r.text != "{\"status\":\"ok\"}\n" {
				t.Errorf("%s: %d %s", path, r.StatusCode, r.text)
			}
		}
	})
}

// A database that cannot be reached makes the server not ready, and no worse.
func TestNotReady(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if r := s.do("GET", "/readyz", ""); r.StatusCode != 503 {
			t.Errorf("readyz: %d %s", r.StatusCode, r.text)
		}
		if r := s.do("GET", "/healthz", ""); r.StatusCode != 200 {
			t.Errorf("healthz: %d %s", r.StatusCode, r.text)
		}
		if r := s.do("GET", "/v1/status", ""); r.StatusCode < 500 {
			t.Errorf("status: %d %s", r.StatusCode, r.text)
		}
	})
}

// Prometheus's own parser reads what is written, and no label holds a key.
func TestMetrics(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := httpapi.NewMetrics()
		m.Statement("task.by_key", 3*time.Millisecond, nil)
		m.Statement("tx.retry", 0, nil)
		s := serve(t, db, httpapi.Options{Metrics: m})
		s.plant(3)
		s.do("GET", "/metrics", "") // counts changes from here on
		s.want(s.do("POST", task1+"/claim", `{"lease":"1s"}`), 200, "")
		s.want(s.do("POST", "/v1/tasks/next", `{"claim":true,"epic":"E01"}`), 200, "")
		s.want(s.do("GET", "/v1/nothing", ""), 404, "no_route")
		time.Sleep(1100 * time.Millisecond) // until the lease has run out
		other := plan.WithActor(t.Context(), plan.Actor{Name: "bob"})
		if _, err := s.plan.Claim(other, tracker.Claim{Keys: []string{"T-E01-F01-001"}}); err != nil {
			t.Fatal(err)
		}
		text := s.do("GET", "/metrics", "").text
		p := expfmt.NewTextParser(model.UTF8Validation)
		families, err := p.TextToMetricFamilies(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		for name, f := range families {
			if !strings.HasPrefix(name, "pm_") {
				t.Errorf("%s has no prefix", name)
			}
			for _, one := range f.Metric {
				for _, l := range one.Label {
					if strings.Contains(l.GetValue(), "E01") || strings.Contains(l.GetValue(), "bob") {
						t.Errorf("%s has the label %s", name, l)
					}
				}
			}
		}
		for _, want := range []string{
			`pm_claims_total{result="ok"} 2`, `pm_leases_taken_over_total 1`, `pm_status_changes_total{from="todo",to="in_progress"} 2`,
			`pm_tasks{status="in_progress"} 2`, `pm_tasks{status="todo"} 1`, `pm_transaction_retries_total 1`,
			`pm_statement_seconds_bucket{statement="task.by_key",le="0.005"} 1`, `pm_statement_seconds_bucket{statement="task.by_key",le="0.0025"} 0`,
			`pm_http_requests_total{route="POST /v1/tasks/{key}/claim",status="200"} 1`, `pm_http_requests_total{route="none",status="404"} 1`,
			`pm_operations_total{operation="task claim",result="ok"} 1`,
		} {
			if !strings.Contains(text, want+"\n") {
				t.Errorf("there is no %s", want)
			}
		}
	})
}

// The description names every route of the table, and its references exist.
func TestOpenAPI(t *testing.T) {
	b, err := ops.JSON(httpapi.Describe("test"))
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		OpenAPI    string
		Paths      map[string]map[string]struct{ OperationID string }
		Components map[string]map[string]any
	}
	if err := json.Unmarshal(b, &d); err != nil || d.OpenAPI != "3.1.0" {
		t.Fatalf("%v, %s", err, d.OpenAPI)
	}
	seen := map[string]bool{}
	for path, methods := range d.Paths {
		for method, o := range methods {
			if seen[o.OperationID] {
				t.Errorf("%s %s: the id %s is taken", method, path, o.OperationID)
			}
			seen[o.OperationID] = true
		}
	}
	for _, op := range ops.Table() {
		for _, route := range []string{op.Route, op.Also} {
			method, path, _ := strings.Cut(route, " ")
			if route != "" && d.Paths[path][strings.ToLower(method)].OperationID == "" {
				t.Errorf("%s is not described", route)
			}
		}
	}
	for _, part := range strings.Split(string(b), `"$ref":"`)[1:] {
		ref, _, _ := strings.Cut(part, `"`)
		words := strings.Split(ref, "/") // #/components/schemas/Task
		if len(words) != 4 || d.Components[words[2]][words[3]] == nil {
			t.Errorf("%s refers to nothing", ref)
		}
	}
}
