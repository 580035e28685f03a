package proof

import (
	"fmt"
	"testing"

	"pm/internal/web/webtest"
)

// TestTabs has one browser show the plan in more tabs than it keeps connections
// to a server. All are live, and stay so when the one that listens for all is
// closed.
func TestTabs(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.only(t, "sqlite", "the page does not know the engine")
		key := w.tasks(t, 1)[0]
		url, _ := w.serve(t, "127.0.0.1:0")
		var tabs []*webtest.Tab
		for i := range load(4, 12) {
			tabs = append(tabs, webtest.Open(t, url+[]string{"/board", "/list", "/task/" + key}[i%3], 1280, 800))
		}
		shows := func(title string) {
			t.Helper()
			if a := w.pm(t, "a", "update", key, "--title", title); a.code != 0 {
				t.Fatal(a)
			}
			for _, b := range tabs {
				b.Wait(fmt.Sprintf(`document.querySelector("main").innerText.includes(%q)`, title))
			}
		}
		for _, b := range tabs {
			b.Wait(`document.querySelector("nav .live").innerText === "live, saved" && document.querySelector("main").innerText.includes("task")`)
		}
		shows("Seen in every tab")
		tabs[0].Close()
		tabs = tabs[1:]
		shows("Seen in those that are left")
	})
}
