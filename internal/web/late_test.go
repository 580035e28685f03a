package web_test

import (
	"context"
	"testing"

	"pm/internal/tracker"
	"pm/internal/web/webtest"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// withheld keeps the plan back that the page has read, until window.go is true.
const withheld = `{
  const send = window.fetch;
  window.fetch = async (path, how) => {
    const answer = await send(path, how);
    if (path === "/v1/replica") { window.read = true; while (!window.go) await new Promise((done) => setTimeout(done, 10)); }
    return answer;
  };
}`

// before runs a script in each page that the tab opens, before the page's own.
func before(script string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return chromedp.Void{}, err
	}
}

// A change that another tab was told of while this one was still reading the
// plan, as it was before, is not lost to it.
func TestChangesWhileAnotherTabOpens(t *testing.T) {
	s := plant(t)
	first := s.open(t, "/board", 1280, 800)
	first.Wait(in("todo", "T-E01-F01-003"))
	second := s.open(t, "/print/list", 1280, 800)
	second.Do(before(withheld), chromedp.Navigate(s.url+"/board"))
	second.Wait(`window.read === true`)
	title := "Changed meanwhile"
	if _, err := s.UpdateTask(as(t, "ada"), tracker.UpdateTask{Keys: []string{"T-E01-F01-003"}, Title: &title}); err != nil {
		t.Fatal(err)
	}
	shows := `document.querySelector('[data-key="T-E01-F01-003"]')?.innerText.includes("Changed meanwhile")`
	first.Wait(shows)
	webtest.Eval[bool](second, `window.go = true`)
	second.Wait(shows)
}

// What a query finds is shown, though its answer comes before the plan.
func TestFoundBeforeThePlanIsRead(t *testing.T) {
	s := plant(t)
	s.do(t, "lead", "task archive", `{"keys":["T-E01-F01-001"]}`)
	b := s.open(t, "/print/list", 1280, 800)
	b.Do(before(withheld), chromedp.Navigate(s.url+"/list?q=status:archived"))
	b.Wait(`window.read === true && performance.getEntriesByType("resource").some((e) => e.name.includes("/v1/replica/keys?query=status"))`)
	webtest.Eval[bool](b, `window.go = true`)
	b.Wait(`!!document.querySelector('nav a[href^="/agents"] b') && !!document.querySelector('[data-key="T-E01-F01-001"]')`)
}
