package proof

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pm/internal/web/webtest"
)

// saved has the page note each time that a card stands in the column in
// progress and nothing says that it is being saved: that is what a person takes
// as saved.
const saved = `(() => {
  window.saved = {};
  const look = () => {
    if (document.querySelector("nav .live")?.innerText === "live, saved")
      for (const card of document.querySelectorAll('[data-column="in_progress"] [data-key]:not(.saving)')) window.saved[card.dataset.key] = true;
    requestAnimationFrame(look);
  };
  look();
  return true;
})()`

// first is the first card of the column todo: what was rolled back is dragged again.
const first = `document.querySelector('[data-column="todo"] [data-key]')`

// TestServerKilledWhileDragging drags one card after another to another column
// of the board, and kills the server meanwhile: while a card is held, just
// after it is dropped, a little later. What was shown as saved is saved; once
// the server is back every card stands where pm list has it.
func TestServerKilledWhileDragging(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		kills := load(5, 100)
		w.tasks(t, kills)
		url, kill := w.serve(t, "127.0.0.1:0")
		b := webtest.Open(t, url+"/board", 1280, load(800, 11_000)) // so high that all cards are in the document
		b.Wait("!!" + first)
		webtest.Eval[bool](b, saved)
		f, random := newFigures(), random(t, 0)
		for i := range kills {
			b.Wait(`document.querySelector("nav .live").innerText === "live, saved"`)
			key := webtest.Eval[string](b, first+".dataset.key")
			card := `[data-key="` + key + `"]`
			b.Lift(card, `[data-column="in_progress"]`)
			if i%3 == 0 { // while the card is held
				kill()
				b.Wait(`document.querySelector("nav .live").innerText === "offline"`)
				b.Drop(`[data-column="in_progress"]`)
			} else {
				b.Drop(`[data-column="in_progress"]`)
				// At a random moment of the change: the pause is part of the fault.
				time.Sleep(time.Duration(random.Int64N(int64(40 * time.Millisecond))))
				kill()
			}
			b.Wait(`document.querySelector("nav .live").innerText === "offline"`)
			b.Wait(`!document.querySelector(".saving")`)
			shown := webtest.Eval[bool](b, fmt.Sprintf(`!!window.saved[%q]`, key))
			stored := w.status(t, key)
			switch {
			case shown && stored != "in_progress":
				f.fail(t, "kill %d: %s was shown as saved, and is %s", i, key, stored)
			case i%3 == 0 && stored != "todo":
				f.fail(t, "kill %d: %s was dropped without a server, and is %s", i, key, stored)
			case shown:
				f.count("shown as saved")
			case stored == "todo":
				f.count("rolled back")
			default:
				f.count("saved, and not yet shown as that")
			}
			_, kill = w.serve(t, strings.TrimPrefix(url, "http://"))
			began := time.Now()
			b.Wait(fmt.Sprintf(`document.querySelector("nav .live").innerText === "live, saved" && !!document.querySelector('[data-column=%q] %s:not(.saving)')`, stored, card))
			f.add(time.Since(began)) // from the start of a server to the card where it belongs
		}
		settle(t, "the board", w.listed(t, "priority"), func() map[string]shown { return readBoard(b) })
		f.log(t)
		w.clean(t)
	})
}

// status is the status of a task, as pm list has it.
func (w *world) status(t *testing.T, key string) string {
	t.Helper()
	var list struct{ Items []struct{ Status string } }
	w.pm(t, "judge", "list", "key:"+key, "--json").into(t, &list)
	if len(list.Items) != 1 {
		t.Fatalf("%s is not listed", key)
	}
	return list.Items[0].Status
}
