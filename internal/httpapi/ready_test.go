package httpapi_test

import (
	"strings"
	"testing"

	"pm/internal/httpapi"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// Completing a task answers what can be claimed now because of it.
func TestCompleteAnswersWhatBecameReady(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(1)
		s.want(s.do("POST", "/v1/tasks", `{"feature":"E01-F01","title":"Waits","depends_on":["T-E01-F01-001"]}`), 201, "")
		if r := s.do("POST", "/v1/tasks/T-E01-F01-001/complete", ""); r.StatusCode != 200 || !strings.Contains(r.text, `"ready":["T-E01-F01-002"]`) {
			t.Errorf("got %d %s", r.StatusCode, r.text)
		}
		if r := s.do("POST", "/v1/tasks/T-E01-F01-002/complete", ""); r.StatusCode != 200 || strings.Contains(r.text, `"ready"`) {
			t.Errorf("got %d %s", r.StatusCode, r.text)
		}
	})
}
