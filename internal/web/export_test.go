package web_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pm/internal/interchange/export"
	"pm/internal/web/webtest"
)

// An export as a page needs nothing but itself: it asks for nothing, runs no
// script, holds texts as texts, and has all its rows on paper, with the texts that are
// folded away on the screen.
func TestExportedPage(t *testing.T) {
	s := shop(t)
	for _, h := range hostile {
		s.do(t, "lead", "task create", `{"feature":"E01-F01","title":`+quoted(h)+`,"description":`+quoted(h)+`,"labels":["a"]}`)
	}
	s.do(t, "lead", "task update", `{"keys":["T-E01-F01-001"],"description":`+quoted(strings.Repeat("long ", 200))+`}`)
	var lines, sheet bytes.Buffer
	if err := s.Export(t.Context(), &lines, nil); err != nil {
		t.Fatal(err)
	}
	if err := export.Write(&sheet, export.HTML, &lines, export.Page{Title: hostile[0], Now: time.Now(), Charts: []string{`<svg xmlns="http://www.w3.org/2000/svg"></svg>`}}); err != nil {
		t.Fatal(err)
	}
	var others atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/plan.html" {
			if r.URL.Path != "/favicon.ico" { // which a browser asks for by itself
				others.Add(1)
			}
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.Copy(w, bytes.NewReader(sheet.Bytes()))
	}))
	defer server.Close()
	b := webtest.Open(t, server.URL+"/plan.html", 800, 600)
	b.Wait(`document.readyState === "complete" && document.querySelectorAll("tr[id^=T-]").length > 0`)
	if n := webtest.Eval[int](b, `document.querySelectorAll("script, iframe, img, link, [onerror], [onload], [onclick], a[href^='javascript']").length + (window.pwned ? 100 : 0)`); n != 0 {
		t.Errorf("%d nodes that no text should make", n)
	}
	if n := webtest.Eval[int](b, `performance.getEntriesByType("resource").length`) + int(others.Load()); n != 0 {
		t.Errorf("it asks for %d more", n)
	}
	want := 19 + len(hostile)
	for _, media := range []string{"screen", "print"} {
		b.Do(shownOn(media))
		shown := webtest.Eval[int](b, `[...document.querySelectorAll("tr[id^=T-]")].filter((r) => r.getClientRects().length && getComputedStyle(r).visibility === "visible").length`)
		if shown != want {
			t.Errorf("%s: %d rows of %d", media, shown, want)
		}
		if folded := !webtest.Eval[bool](b, `document.querySelector("details .t").checkVisibility()`); folded != (media == "screen") {
			t.Errorf("%s: the long text is folded away: %t", media, folded)
		}
		if webtest.Eval[bool](b, `document.documentElement.scrollWidth > innerWidth`) {
			t.Errorf("%s: wider than the page", media)
		}
	}
}
