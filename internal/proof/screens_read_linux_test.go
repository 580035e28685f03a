package proof

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pm/internal/cli/term/termtest"
	"pm/internal/web/webtest"
)

// screens are what people look at.
type screens struct {
	w           *world
	board, list *webtest.Tab
	terminal    *termtest.Terminal
}

// A shown column is what its head counts, and the keys in it.
type shown struct {
	Count int
	Keys  []string
}

// statuses are the columns of a board, in their order.
var statuses = []string{"todo", "in_progress", "ready_for_review", "blocked", "completed"}

// equalToList fails the test unless every screen comes to be equal to pm list.
func (s *screens) equalToList(t *testing.T, f *figures) {
	byPriority, byPosition := s.w.listed(t, "priority"), s.w.listed(t, "position")
	f.set("tasks", len(slices.Concat(keysOf(byPriority)...)))
	settle(t, "the board in the browser", byPriority, s.readBoard)
	settle(t, "the list in the browser", byPriority, s.readList)
	settle(t, "the board on the terminal", byPosition, s.readTerminal)
}

func keysOf(all map[string]shown) (keys [][]string) {
	for _, status := range statuses {
		keys = append(keys, all[status].Keys)
	}
	return keys
}

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
func (s *screens) readBoard() map[string]shown {
	s.board.Wait(`document.querySelector("nav .live").innerText === "live, saved"`)
	return webtest.Eval[map[string]shown](s.board, `(async () => { `+scrolled+`
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
func (s *screens) readList() map[string]shown {
	s.list.Wait(`document.querySelector("nav .live").innerText === "live, saved"`)
	lines := webtest.Eval[[]string](s.list, `(async () => { `+scrolled+`
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

// The terminal is so wide that it shows all columns.
const (
	terminalWidth = 200
	columnWidth   = (terminalWidth - 2*4) / 5
)

var (
	keyOfTask = regexp.MustCompile(`T-E\d+-F\d+-\d+`)
	headCount = regexp.MustCompile(` ([\d,]+) *$`)
)

// column is what the screen of the terminal shows of a column; top says whether
// the cursor is on its first card.
func column(screen string, i int) (c shown, top bool) {
	for y, line := range strings.Split(screen, "\n") {
		cells := []rune(line)
		if len(cells) <= i*(columnWidth+2) {
			continue
		}
		cell := string(cells[i*(columnWidth+2) : min(len(cells), (i+1)*(columnWidth+2))])
		switch key := keyOfTask.FindString(cell); {
		case y == 2:
			if m := headCount.FindStringSubmatch(strings.TrimRight(cell, " ")); m != nil {
				c.Count, _ = strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
			}
		case y >= 4 && key != "":
			top = top || len(c.Keys) == 0 && strings.HasPrefix(cell, "▌")
			c.Keys = append(c.Keys, key)
		}
	}
	return c, top
}

// readTerminal reads the columns of the board on the terminal, all the way down.
func (s *screens) readTerminal() map[string]shown {
	const soon = 3 * time.Second
	all := map[string]shown{}
	s.terminal.Press("hhhhh")
	for i, status := range statuses {
		s.terminal.Press("gg")
		var c shown
		s.terminal.Sees(soon, func(screen string) bool {
			var top bool
			c, top = column(screen, i)
			return top || c.Count == 0
		})
		for more := true; more && len(c.Keys) < c.Count; {
			s.terminal.Press("\x1b[6~")
			var page shown
			more = s.terminal.Sees(soon, func(screen string) bool {
				page, _ = column(screen, i)
				return len(page.Keys) > 0 && !slices.Contains(c.Keys, page.Keys[len(page.Keys)-1])
			})
			c.Count = page.Count
			for _, key := range page.Keys {
				if !slices.Contains(c.Keys, key) {
					c.Keys = append(c.Keys, key)
				}
			}
		}
		all[status] = c
		s.terminal.Press("l")
	}
	return all
}
