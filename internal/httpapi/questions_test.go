package httpapi_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pm/internal/httpapi"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// A request that asks can wait for the answer, which another gives.
func TestAQuestionIsWaitedFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(1)
		const item = "/v1/items/T-E01-F01-001"
		s.want(s.do("POST", item+"/questions", `{"body":"which?","wait":"1ms"}`, "X-PM-Agent", "ann"), 503, "no_answer")
		type answer struct {
			status int
			text   string
		}
		answers := make(chan answer)
		go func() {
			r := s.do("POST", item+"/questions", `{"body":"and then?","wait":"1h","choices":["a","b"]}`, "X-PM-Agent", "ann")
			answers <- answer{r.StatusCode, r.text}
		}()
		var open struct {
			Items []struct{ Text string }
		}
		for len(open.Items) < 2 {
			r := s.do("GET", "/v1/questions", "")
			s.want(r, 200, "")
			if err := json.Unmarshal([]byte(r.text), &open); err != nil {
				t.Fatal(err)
			}
			select {
			case a := <-answers:
				t.Fatalf("it does not wait: %+v", a)
			case <-time.After(time.Millisecond):
			}
		}
		s.want(s.do("POST", item+"/questions/2/answer", `{"answer":"c"}`, "X-PM-Agent", "bob"), 422, "bad_choice")
		s.want(s.do("POST", item+"/questions/2/answer", `{"answer":"b"}`, "X-PM-Agent", "bob"), 200, "")
		if a := <-answers; a.status != 200 || !strings.Contains(a.text, `"answer":"b","answered_by":"bob"`) {
			t.Errorf("it answers %+v", a)
		}
	})
}
