package httpapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"pm/internal/httpapi"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// A browser signs in with a token, and gets a cookie that is worth nothing
// elsewhere: no script reads it, and no other origin changes anything with it.
func TestSignIn(t *testing.T) {
	tokens, err := httpapi.ParseTokens("ann " + secret + " work\nlooker " + strings.ToUpper(secret) + " read\n" + secret + secret)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("page")) })
		s := serve(t, db, httpapi.Options{Tokens: tokens, Web: map[string]http.Handler{"GET /board": page}})
		nobody := []string{"X-PM-Agent", ""} // the token says who it is
		own := append(nobody, "Origin", "http://"+s.addr, "Content-Type", "application/json")
		with := func(headers ...string) []string { return append(slices.Clone(nobody), headers...) }
		and := func(headers ...string) []string { return append(slices.Clone(own), headers...) }
		if r := s.do("GET", "/board", ""); r.StatusCode != 200 || r.text != "page" {
			t.Errorf("the page is answered with %s", r.Status)
		}
		for _, path := range []string{"/v1/replica", "/session", "/print/board", "/metrics"} {
			s.want(s.do("GET", path, ""), 401, "no_token")
		}
		s.want(s.do("POST", "/sign-in", `{"token":"wrong"}`, own...), 401, "no_token")
		s.want(s.do("POST", "/sign-in", `{"token":"`+secret+`"}`, "Origin", "http://127.0.0.1:1", "Content-Type", "application/json"), 403, "foreign_origin")
		in := s.do("POST", "/sign-in", `{"token":"`+secret+`"}`, own...)
		s.want(in, 200, "")
		set := in.Header.Get("Set-Cookie")
		for _, word := range []string{"HttpOnly", "SameSite=Strict", "Path=/"} {
			if !strings.Contains(set, word) {
				t.Errorf("the cookie is %q, without %s", set, word)
			}
		}
		if strings.Contains(set, secret) {
			t.Error("the cookie holds the token")
		}
		cookie, _, _ := strings.Cut(set, ";")
		if r := s.do("GET", "/session", "", with("Cookie", cookie)...); !strings.Contains(r.text, `"agent":"ann","role":"work"`) {
			t.Errorf("who signed in is %s", r.text)
		}
		s.want(s.do("POST", "/v1/epics", `{"title":"x"}`, with("Cookie", cookie, "Content-Type", "application/json")...), 403, "foreign_origin")
		s.want(s.do("POST", "/v1/epics", `{"title":"x"}`, and("Cookie", cookie, "X-PM-Surface", "web")...), 201, "")
		if log := s.do("GET", "/v1/history", "", with("Cookie", cookie)...).text; !strings.Contains(log, `"agent":"ann"`) || !strings.Contains(log, `"surface":"web"`) {
			t.Errorf("the history is %s", log)
		}
		s.want(s.do("DELETE", "/v1/items/E01", "", and("Cookie", cookie)...), 403, "needs_lead")
		s.want(s.do("DELETE", "/sign-in", "", and("Cookie", cookie)...), 200, "")
		s.want(s.do("GET", "/v1/replica", "", "Cookie", cookie), 401, "no_token")
		s.want(s.do("POST", "/v1/epics", `{"title":"x"}`, with("Authorization", "Bearer "+strings.ToUpper(secret))...), 403, "read_only")
		s.want(s.do("GET", "/v1/epics", "", with("Authorization", "Bearer "+strings.ToUpper(secret))...), 200, "")
		s.want(s.do("DELETE", "/v1/items/E01", "", with("Authorization", "Bearer "+secret+secret)...), 200, "")
	})
}

// The secret of pm web lets one browser in, once.
func TestLetInOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{Tokens: httpapi.OneToken("ann", secret), Web: map[string]http.Handler{"GET /board": http.NotFoundHandler()}})
		path := "/sign-in?once=" + s.server.LetIn()
		for i, want := range []bool{true, false} {
			r := s.do("GET", path, "").Request.Response // of which the client followed the redirect
			if got := r.Header.Get("Set-Cookie") != ""; got != want {
				t.Errorf("time %d: a cookie %t, want %t", i+1, got, want)
			}
		}
	})
}
