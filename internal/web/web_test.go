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
	for _, path := range []string{"/board", "/list", "/tree", "/task/T-E01-F01-001", "/agents", "/inbox", "/graph", "/insights", "/activity", "/ops", "/ops/last", "/trash", "/trash/E01"} {
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

// Pages to print have every row and no script, and texts in them are texts.
func TestPrint(t *testing.T) {
	s := shop(t)
	s.do(t, "lead", "task update", `{"keys":["T-E01-F01-005"],"title":"<script>x</script>","description":"a <script>alert(1)</script> [b](javascript:alert(1)) **c**"}`)
	list := body(t, s.get(t, "/print/list"))
	if n := strings.Count(list, "<tr><td"); n != 19 {
		t.Errorf("%d rows", n)
	}
	for path, want := range map[string]string{"/print/board": "in progress", "/print/task/T-E01-F01-001": "no request leaves for an expired card", "/print/task/T-E01-F01-005": "<strong>c</strong>",
		"/print/list?q=is:review": "Number receipts", "/print/list?as_of=" + s.claimed(t): "as of", "/print/ops": "task claim T-E01-F01", "/print/trash": "Gift cards"} {
		r := s.get(t, path)
		text := body(t, r)
		if r.StatusCode != 200 || !strings.Contains(text, want) || strings.Contains(text, "<script") || strings.Contains(text, `href="javascript`) {
			t.Errorf("%s: %s, without %q or with a script:\n%s", path, r.Status, want, text)
		}
		if csp := r.Header.Get("Content-Security-Policy"); strings.Contains(csp, "script") {
			t.Errorf("%s: the policy is %s", path, csp)
		}
	}
	if r := s.get(t, "/print/task/T-E09-F01-001"); r.StatusCode != 404 {
		t.Errorf("a task that is not there: %s", r.Status)
	}
}
