package web_test

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// The page has its policy, its assets have names that change with them, and
// what is not the page's is answered as before.
func TestPage(t *testing.T) {
	s := newSite(t)
	page := s.get(t, "/")
	if page.StatusCode != 200 || !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") {
		t.Fatalf("GET / is answered with %s, %s", page.Status, page.Header.Get("Content-Type"))
	}
	csp := page.Header.Get("Content-Security-Policy")
	if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "script-src 'self';") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "http:") {
		t.Errorf("the policy is %q", csp)
	}
	text := body(t, page)
	assets := regexp.MustCompile(`/assets/[a-z]+-[0-9a-f]{12}\.(js|css|svg)`).FindAllString(text, -1)
	if len(assets) < 3 {
		t.Fatalf("the page names the assets %q", assets)
	}
	for _, path := range assets {
		a := s.get(t, path)
		if a.StatusCode != 200 || a.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
			t.Errorf("%s is answered with %s, kept for %q", path, a.Status, a.Header.Get("Cache-Control"))
		}
		a.Body.Close()
	}
	for _, path := range []string{"/board", "/list", "/tree", "/task/T-E01-F01-001", "/agents", "/inbox", "/graph", "/insights", "/activity"} {
		if a := s.get(t, path); a.StatusCode != 200 || body(t, a) != text {
			t.Errorf("%s does not lead to the page: %s", path, a.Status)
		}
	}
	for _, path := range []string{"/nothing", "/v1/nothing", "/assets/app.js"} {
		if a := s.get(t, path); a.StatusCode != 404 {
			t.Errorf("%s is answered with %s", path, a.Status)
		}
	}
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
