package httpapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"pm/internal/httpapi"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// All clients used to be the server's user, and each could end what another
// had claimed. A claim without a session answers a token, which is one.
func TestClaimTokens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(3)
		nobody := []string{"X-PM-Agent", "", "X-PM-Session", ""}
		claim := func(path, body string) (token, key string) {
			t.Helper()
			r := s.do("POST", path, body, nobody...)
			s.want(r, 200, "")
			var answer struct {
				Token string `json:"claim_token"`
				Key   string
				Task  struct{ Key string }
			}
			if err := json.Unmarshal([]byte(r.text), &answer); err != nil || !plan.IsSecret(answer.Token) {
				t.Fatalf("got %s, %v", r.text, err)
			}
			return answer.Token, answer.Key + answer.Task.Key
		}
		token, k := claim("/v1/tasks/next", `{"claim":true}`)
		other, _ := claim("/v1/tasks/T-E01-F01-002/claim", "")
		if token == other {
			t.Error("two claims have one token")
		}
		submit := "/v1/tasks/" + k + "/submit"
		as := func(session string) []string { return []string{"X-PM-Agent", "", "X-PM-Session", session} }
		stored := plan.SessionOf(token)
		for _, session := range []string{"", other, "s1", stored} {
			r := s.do("POST", submit, "", as(session)...)
			s.want(r, 409, "held")
			if !strings.Contains(r.text, "X-PM-Session") || !strings.Contains(r.text, "take_over") || strings.Contains(r.text, token) {
				t.Errorf("the refusal is %s", r.text)
			}
		}
		mine := s.do("GET", "/v1/tasks/mine", "", as(token)...).text
		if own, others, _ := strings.Cut(mine, `"others"`); !strings.Contains(own, `"other_sessions":1`) || strings.Count(own, `"lease_until"`) != 1 || strings.Contains(others, other) {
			t.Errorf("mine is %s", mine)
		}
		// A token is a session: what else it claims answers no second one.
		if r := s.do("POST", "/v1/tasks/T-E01-F01-003/claim", "", as(token)...); r.StatusCode != 200 || strings.Contains(r.text, "claim_token") {
			t.Errorf("got %d %s", r.StatusCode, r.text)
		}
		s.want(s.do("POST", submit, "", as(token)...), 200, "")

		// A token that is lost is made up for.
		r := s.do("POST", "/v1/tasks/T-E01-F01-002/claim", `{"take_over":true}`, nobody...)
		s.want(r, 200, "")
		if !strings.Contains(r.text, `"taken_over":[{"key":"T-E01-F01-002","from":"owner (session `+plan.SessionOf(other)) {
			t.Errorf("got %s", r.text)
		}
		s.want(s.do("POST", "/v1/tasks/T-E01-F01-002/submit", "", as(other)...), 409, "lease_lost")

		// A client may name a session of its own.
		s.want(s.do("POST", "/v1/tasks/T-E01-F01-003/claim", `{"take_over":true}`, as("mine")...), 200, "")
		s.want(s.do("POST", "/v1/tasks/T-E01-F01-003/submit", "", as("mine")...), 200, "")
	})
}

// The same request again under its idempotency key answers the same token.
func TestARepeatedClaimAnswersTheSameToken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(1)
		var answers []string
		for range 2 {
			r := s.do("POST", "/v1/tasks/next", `{"claim":true}`, "X-PM-Session", "", "Idempotency-Key", "once")
			s.want(r, 200, "")
			answers = append(answers, r.text)
		}
		if answers[0] != answers[1] || !strings.Contains(answers[0], "claim_token") {
			t.Errorf("got\n%s%s", answers[0], answers[1])
		}
	})
}

// A client that hangs up while it waits gets no task.
func TestAWaitEndsWithItsClient(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(1)
		ctx := plan.WithActor(t.Context(), plan.Actor{Name: "ann"})
		if _, err := s.plan.Block(ctx, tracker.ChangeStatus{Keys: []string{"T-E01-F01-001"}, Reason: "later"}); err != nil {
			t.Fatal(err)
		}
		waiting, hangUp := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(waiting, "POST", "http://"+s.addr+"/v1/tasks/next", strings.NewReader(`{"claim":true,"wait":"1h"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		sent := make(chan error)
		go func() {
			_, err := http.DefaultClient.Do(r)
			sent <- err
		}()
		for s.server.Waiting() == 0 {
			runtime.Gosched()
		}
		hangUp()
		<-sent
		for s.server.Waiting() > 0 {
			runtime.Gosched()
		}
		s.want(s.do("POST", "/v1/tasks/T-E01-F01-001/unblock", ""), 200, "")
		if task, err := s.plan.ShowTask(ctx, tracker.ShowTask{Key: "T-E01-F01-001"}); err != nil || task.Status != plan.Todo {
			t.Errorf("it is %s, %v", task.Status, err)
		}
	})
}
