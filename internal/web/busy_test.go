package web_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"pm/internal/tracker"
	"pm/internal/web/webtest"
)

// slowly has what the page reads from a path answered late, and notes in
// window.most how many of these requests were under way at once, and in
// window.given how many were given up.
const slowly = `(() => {
  const send = window.fetch; let now = 0; window.most = 0; window.given = 0;
  window.fetch = async (path, how) => {
    if (!String(path).startsWith(%q)) return send(path, how);
    window.most = Math.max(window.most, ++now);
    how?.signal?.addEventListener("abort", () => window.given++);
    try {
      const answer = await send(path, how);
      await new Promise((done) => setTimeout(done, 600));
      how?.signal?.throwIfAborted();
      return answer;
    } finally { now--; }
  };
  return true;
})()`

// writers change tasks without pause until the test ends.
func (s *site) writers(t *testing.T, n int, write func(ctx context.Context, writer, i int)) {
	ctx, cancel := context.WithCancel(as(t, "ada"))
	var all sync.WaitGroup
	for w := range n {
		all.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				write(ctx, w, i)
			}
		})
	}
	t.Cleanup(func() { cancel(); all.Wait() })
}

// rewrite gives one of a few tasks another title and description.
func (s *site) rewrite(ctx context.Context, writer, i int) {
	title, text := fmt.Sprintf("written %d times by %d", i, writer), fmt.Sprintf("described %d times", i)
	s.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{fmt.Sprintf("T-E01-F01-%03d", 1+(writer+i)%5)}, Title: &title, Description: &text})
}

// quiet fails where more than one of the slow requests was under way at once,
// or one was given up.
func quiet(b *webtest.Tab) {
	b.Helper()
	if most, given := webtest.Eval[int](b, `window.most`), webtest.Eval[int](b, `window.given`); most != 1 || given != 0 {
		b.Errorf("%d requests at once, %d given up", most, given)
	}
}

// What a view reads by itself moves on while changes come without pause.
func TestViewsMoveOnWhileOthersWrite(t *testing.T) {
	for _, c := range []struct{ path, there, reads, moved string }{
		{"/task/T-E01-F01-001", `[data-view="task"] h2`, "/v1/tasks/T-E01-F01-001/context", `document.querySelector('[data-view="task"]').innerText.includes("described")`},
		{"/activity", `[data-view="activity"] *`, "/v1/history", `document.querySelector('[data-view="activity"]').innerText.includes("written")`},
	} {
		t.Run(c.path, func(t *testing.T) {
			s := plant(t)
			b := s.open(t, c.path, 1280, 800)
			b.Wait(`!!document.querySelector('` + c.there + `')`)
			webtest.Eval[bool](b, fmt.Sprintf(slowly, c.reads))
			s.writers(t, 8, s.rewrite)
			b.Wait(c.moved)
			b.Wait(`window.most > 0`)
			quiet(b)
		})
	}
}

// A query is answered while changes come without pause, however long that takes.
func TestQueryIsAnsweredWhileOthersWrite(t *testing.T) {
	s := plant(t)
	b := s.open(t, "/board?q=is:open", 1280, 800)
	b.Wait(in("todo", "T-E01-F01-001"))
	webtest.Eval[bool](b, fmt.Sprintf(slowly, "/v1/replica/keys?query=is%3Aopen"))
	s.writers(t, 8, s.rewrite)
	b.Wait(`document.body.innerText.includes("written")`)
	s.do(t, "lead", "task create", `{"feature":"E01-F01","title":"The last"}`)
	b.Wait(in("todo", "T-E01-F01-007"))
	quiet(b)
}

// Where something waits for a feature, the plan is read whole once the feature
// is over, and not whenever a task gets another status.
func TestStatusesDoNotReadThePlanWhole(t *testing.T) {
	s := newSite(t)
	s.do(t, "lead", "epic create", `{"title":"Payments"}`)
	for _, title := range []string{"Cards", "Refunds"} {
		s.do(t, "lead", "feature create", `{"epic":"E01","title":"`+title+`"}`)
	}
	for _, feature := range []string{"E01-F01", "E01-F01", "E01-F02"} {
		s.do(t, "lead", "task create", `{"feature":"`+feature+`","title":"Work"}`)
	}
	s.do(t, "lead", "dep add", `{"task":"T-E01-F02-001","depends_on":["E01-F01"]}`)
	b := s.open(t, "/board", 1280, 800)
	b.Wait(`document.querySelector('[data-key="T-E01-F02-001"]')?.innerText.includes("waits for 1")`)
	webtest.Eval[bool](b, `(() => { const send = window.fetch; window.whole = 0; window.fetch = (path, how) => { if (path === "/v1/replica") window.whole++; return send(path, how); }; return true; })()`)
	s.do(t, "ada", "task claim", `{"keys":["T-E01-F01-001"]}`)
	b.Wait(in("in_progress", "T-E01-F01-001"))
	s.do(t, "ada", "task complete", `{"keys":["T-E01-F01-001"]}`)
	b.Wait(in("completed", "T-E01-F01-001"))
	if n := webtest.Eval[int](b, `window.whole`); n != 0 {
		t.Errorf("the plan was read whole %d times", n)
	}
	s.do(t, "lead", "task complete", `{"keys":["T-E01-F01-002"]}`)
	b.Wait(`document.querySelector('[data-key="T-E01-F02-001"]')?.innerText.includes("waits") === false`)
}
