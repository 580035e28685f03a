package httpapi_test

import (
	"strings"
	"testing"

	"pm/internal/httpapi"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// Figures are JSON, and the pictures of the same figures are SVG: alone with
// their colours, embedded with those of the page. A picture runs nothing.
func TestPicturesOverHTTP(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(3)
		s.want(s.do("POST", "/v1/tasks/T-E01-F01-002/dependencies", `{"depends_on":["T-E01-F01-001"]}`), 200, "")
		s.want(s.do("PATCH", task1, `{"title":"</text><script>alert(1)</script>"}`), 200, "")
		for path, want := range map[string]string{
			"/v1/insights?query=E01&chart=burnup": `"burnup":[{"day":"`, "/v1/forecast?query=E01&agents=backend%3D2": `"enough":false`,
			"/v1/graph?key=E01": `"critical_path":["T-E01-F01-001","T-E01-F01-002"]`,
		} {
			r := s.do("GET", path, "")
			s.want(r, 200, "")
			if !strings.Contains(r.text, want) || r.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s: %s", path, r.text)
			}
		}
		for path, want := range map[string]string{
			"/v1/insights.svg": `data-chart="burnup"`, "/v1/insights.svg?query=E01&chart=aging&embed=true": `data-chart="aging"`,
			"/v1/graph.svg?key=E01": `data-key="T-E01-F01-001"`, "/v1/graph.svg?embed=1": `data-key="T-E01-F01-002"`,
		} {
			r := s.do("GET", path, "")
			s.want(r, 200, "")
			embedded := strings.Contains(path, "embed")
			if !strings.HasPrefix(r.text, "<svg ") || !strings.Contains(r.text, want) || strings.Contains(r.text, "<script") || strings.Contains(r.text, "<style") == embedded {
				t.Errorf("%s: %s", path, r.text)
			}
			if r.Header.Get("Content-Type") != "image/svg+xml" || !strings.Contains(r.Header.Get("Content-Security-Policy"), "sandbox") {
				t.Errorf("%s: %v", path, r.Header)
			}
		}
		s.want(s.do("GET", "/v1/insights.svg?chart=pie", ""), 422, "bad_chart")
		s.want(s.do("GET", "/v1/graph.svg?key=E77", ""), 404, "not_found")
		for width, more := range map[string]string{"360": `viewBox="0 0 360 `, "2400": `translate(800 0)`} { // below each other, and beside each other
			if r := s.do("GET", "/v1/insights.svg?width="+width, ""); !strings.Contains(r.text, more) {
				t.Errorf("a width of %s: no %s in %.300s", width, more, r.text)
			}
		}
		s.want(s.do("GET", "/v1/insights.svg?width=7", ""), 400, "bad_type")
		s.want(s.do("GET", "/v1/graph.svg?width=700", ""), 400, "unknown_argument")
		s.want(s.do("GET", "/v1/graph.svg?embed=perhaps", ""), 400, "bad_type")
		s.want(s.do("GET", "/v1/graph.svg?page=1", ""), 400, "unknown_argument")
	})
}
