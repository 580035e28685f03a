package proof

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pm/internal/web/webtest"
)

// A shown column is what its head counts, and the keys in it.
type shown struct {
	Count int
	Keys  []string
}

// statuses are the columns of a board, in their order.
var statuses = []string{"todo", "in_progress", "ready_for_review", "blocked", "completed"}

// listed is what pm list says of each column.
func (w *world) listed(t *testing.T, sort string) map[string]shown {
	t.Helper()
	all := map[string]shown{}
	for _, status := range statuses {
		var list struct{ Items []struct{ Key string } }
		w.pm(t, "judge", "list", "status:"+status, "sort:"+sort, "--limit", "0", "--json").into(t, &list)
		var c shown
		for _, item := range list.Items {
			c.Keys = append(c.Keys, item.Key)
		}
		c.Count = len(c.Keys)
		all[status] = c
	}
	return all
}

// settle waits, a minute at most, until a screen shows what it should.
func settle(t *testing.T, name string, want map[string]shown, read func() map[string]shown) {
	t.Helper()
	differs := ""
	for late := time.Now().Add(time.Minute); time.Now().Before(late); {
		if differs = differing(read(), want); differs == "" {
			return
		}
	}
	t.Errorf("%s is not equal to pm list: %s", name, differs)
}

// differing says where columns differ; empty for nowhere. Of what is completed
// every screen has an order of its own.
func differing(got, want map[string]shown) string {
	for _, status := range statuses {
		g, w := got[status], want[status]
		if status == "completed" {
			g.Keys, w.Keys = slices.Sorted(slices.Values(g.Keys)), slices.Sorted(slices.Values(w.Keys))
		}
		if g.Count != w.Count || !slices.Equal(g.Keys, w.Keys) {
			at := 0
			for at < min(len(g.Keys), len(w.Keys)) && g.Keys[at] == w.Keys[at] {
				at++
			}
			return fmt.Sprintf("%s counts %d and shows %d tasks, want %d; from the %dth on %v, want %v", status, g.Count, len(g.Keys), w.Count, at+1,
				g.Keys[at:min(at+3, len(g.Keys))], w.Keys[at:min(at+3, len(w.Keys))])
		}
	}
	return ""
}

// scrolled scrolls through rows of which only those in sight are in the
// document, and calls row for each element and its number. It gives up on what
// does not appear.
const scrolled = `const frame = () => new Promise(requestAnimationFrame);
const scrolled = async (box, size, count, row) => {
  const seen = new Array(count);
  for (let at = 0; at < count; ) {
    box.scrollTop = at * size;
    for (let n = 0; n < 60 && !seen[at]; n++) {
      await frame();
      for (const el of box.querySelectorAll(".tall > *")) seen[Math.round(parseFloat(el.style.top) / size)] = row(el);
    }
    if (!seen[at]) break;
    while (seen[at]) at++;
  }
  box.scrollTop = 0;
  return seen.filter(Boolean);
};
const number = (s) => Number(String(s ?? "").replace(/\D/g, ""));
`

// readBoard reads the columns of the board in the browser, all the way down.
func readBoard(b *webtest.Tab) map[string]shown {
	b.Wait(`document.querySelector("nav .live").innerText === "live, saved"`)
	return webtest.Eval[map[string]shown](b, `(async () => { `+scrolled+`
		const all = {};
		for (const col of document.querySelectorAll("[data-column]")) {
			const Count = number(col.querySelector("h2 .num").innerText);
			all[col.dataset.column] = { Count, Keys: await scrolled(col.querySelector(".cards"), 102, Count, (el) => el.dataset.key) };
		}
		return all;
	})()`)
}

// readList reads the rows of the list in the browser, under the head of each
// status.
func readList(b *webtest.Tab) map[string]shown {
	b.Wait(`document.querySelector("nav .live").innerText === "live, saved"`)
	lines := webtest.Eval[[]string](b, `(async () => { `+scrolled+`
		const box = document.querySelector('[data-view="list"]'), count = Math.round(parseFloat(box.querySelector(".tall").style.height) / 36);
		return scrolled(box, 36, count, (el) => el.dataset.key ?? "#" + el.querySelector("span").innerText + "#" + number(el.querySelector(".num").innerText));
	})()`)
	all, status := map[string]shown{}, ""
	for _, line := range lines {
		c := all[status]
		if head, is := strings.CutPrefix(line, "#"); is {
			name, count, _ := strings.Cut(head, "#")
			status = map[string]string{"Todo": "todo", "In progress": "in_progress", "Review": "ready_for_review", "Blocked": "blocked", "Completed": "completed"}[name]
			c = shown{}
			c.Count, _ = strconv.Atoi(count)
		} else {
			c.Keys = append(c.Keys, line)
		}
		all[status] = c
	}
	return all
}
