package bench

import (
	"context"
	"fmt"
	"sync"
	"time"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// A WebOptions says what page to measure, and how.
type WebOptions struct {
	Tasks   int
	Rounds  int
	Writers int // that work beside while it is measured how soon a change shows
	// Serve serves the plan until stop is called.
	Serve    func(t *tracker.Tracker) (url string, stop func(), err error)
	Progress func(label string, done, total int)
}

// A WebSize is what the page takes, and the most that it may.
type WebSize struct {
	Nodes     int     `json:"nodes"`
	MostNodes int     `json:"limit_nodes"`
	Heap      float64 `json:"heap_mb"`
	MostHeap  float64 `json:"limit_heap_mb"`
}

// missed is how many of its limits it misses.
func (s WebSize) missed() (n int) {
	if s.Nodes > s.MostNodes {
		n++
	}
	if s.Heap > s.MostHeap {
		n++
	}
	return n
}

// The limits of the page at 10,000 tasks and at 50,000, in milliseconds.
func webLimits(tasks int) (first, key, move, seen float64) {
	if tasks > 10_000 {
		return 1200, 250, 50, 1000
	}
	return 500, 100, 50, 1000
}

// watched has the page note when its first card is there and painted.
const watched = `new MutationObserver((_, o) => { if (document.querySelector("[data-key]")) { o.disconnect(); requestAnimationFrame(() => setTimeout(() => { window.firstCard = performance.now(); })); } }).observe(document, { childList: true, subtree: true });`

const firstCard = `new Promise((done) => { const look = () => window.firstCard ? done(window.firstCard) : setTimeout(look, 5); look(); })`

// typed types a query into the filter as one would, and says how long it takes
// until the board that it finds is painted.
const typed = `new Promise((done) => {
  const box = document.querySelector("#filter"), before = document.querySelector("header .num")?.innerText, began = performance.now();
  const o = new MutationObserver(() => { if (document.querySelector("header .num")?.innerText !== before) { o.disconnect(); requestAnimationFrame(() => setTimeout(() => done(performance.now() - began))); } });
  o.observe(document.querySelector("main"), { childList: true, subtree: true, characterData: true });
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(box, %q);
  box.dispatchEvent(new Event("input", { bubbles: true }));
})`

// moved moves the first card of the first column by its key.
const moved = `new Promise((done) => {
  const card = document.querySelector('[data-column="todo"] [data-key]'), key = card.dataset.key;
  card.focus();
  const began = performance.now();
  const o = new MutationObserver(() => { if (document.querySelector('[data-column="in_progress"] [data-key="' + key + '"]') || !document.querySelector('[data-column="todo"] [data-key="' + key + '"]')) { o.disconnect(); requestAnimationFrame(() => setTimeout(() => { const took = performance.now() - began; const saved = () => document.querySelector(".live").innerText === "live, saved" ? done(took) : setTimeout(saved, 10); saved(); })); } });
  o.observe(document.querySelector("main"), { childList: true, subtree: true });
  card.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", shiftKey: true, bubbles: true }));
})`

// shows waits until a text stands on the page.
const shows = `new Promise((done) => { const look = () => document.querySelector("[data-key] p")?.innerText.includes(%q) ? done(1) : setTimeout(look, 4); look(); })`

// RunWeb measures the page in Chromium, on a plan that it makes and removes.
func RunWeb(ctx context.Context, o WebOptions) (r Report, err error) {
	path, err := findChromium()
	if err != nil {
		return r, plan.Errorf(plan.Refused, "%v", err).WithCode("no_chromium")
	}
	w, err := newWorld(ctx, "", o.Tasks, func(done, total int) { o.Progress("filling", done, total) })
	if err != nil {
		return r, err
	}
	defer w.close(ctx)
	url, stop, err := o.Serve(w.track)
	if err != nil {
		return r, err
	}
	defer stop()
	c, err := startChromium(path)
	if err != nil {
		return r, err
	}
	defer c.close()
	r = Report{Engine: "chromium", Tasks: w.tasks, Rows: []Row{}}
	b := &webBench{ctx: ctx, c: c, w: w, o: o, url: url, report: &r}
	if b.tab, err = c.tab(ctx); err != nil {
		return r, err
	}
	for _, step := range []func() error{b.first, b.keys, b.size, b.moves, b.live} {
		if err := step(); err != nil {
			return r, err
		}
	}
	return r, nil
}

type webBench struct {
	ctx    context.Context
	c      *chromium
	w      *world
	o      WebOptions
	url    string
	tab    string
	report *Report
}

// times runs an expression so often; each answers milliseconds.
func (b *webBench) times(name string, n int, expression func(i int) string) ([]time.Duration, error) {
	var all []time.Duration
	for i := range n {
		b.o.Progress(name, i, n)
		took, err := b.c.eval(b.ctx, b.tab, expression(i))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, time.Duration(took*float64(time.Millisecond)))
	}
	return all, nil
}

// open leads a tab to a page.
func (b *webBench) open(tab, path string) error {
	return b.c.call(b.ctx, tab, "Page.navigate", object{"url": b.url + path}, nil)
}

func (b *webBench) first() error {
	limit, _, _, _ := webLimits(b.w.tasks)
	if err := b.c.call(b.ctx, b.tab, "Page.addScriptToEvaluateOnNewDocument", object{"source": watched}, nil); err != nil {
		return err
	}
	var all []time.Duration
	for i := range max(3, b.o.Rounds/10) {
		if err := b.open(b.tab, "/board"); err != nil {
			return err
		}
		took, err := b.times("first card", 1, func(int) string { return firstCard })
		if err != nil {
			return err
		}
		if i > 0 { // the first visit compiles the script and warms the caches
			all = append(all, took...)
		}
	}
	b.report.add("first card", sample(all), 95, limit)
	return nil
}

func (b *webBench) keys() error {
	_, limit, _, _ := webLimits(b.w.tasks)
	queries := []string{"is:open", "priority:1", "status:todo priority:..3", "type:backend", "pay", "is:ready", "priority:2", "status:completed", "re", "priority:4..6"}
	all, err := b.times("a key in the filter", b.o.Rounds, func(i int) string { return fmt.Sprintf(typed, queries[i%len(queries)]) })
	if err == nil {
		b.report.add("a key in the filter", sample(all), 98, limit)
		_, err = b.c.eval(b.ctx, b.tab, `new Promise((done) => { const box = document.querySelector("#filter"); Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(box, ""); box.dispatchEvent(new Event("input", { bubbles: true })); setTimeout(() => done(1), 300); })`)
	}
	return err
}

func (b *webBench) moves() error {
	_, _, limit, _ := webLimits(b.w.tasks)
	all, err := b.times("a move painted", max(10, b.o.Rounds/4), func(int) string { return moved })
	if err == nil {
		b.report.add("a move painted", sample(all), 95, limit)
	}
	return err
}

func (b *webBench) size() error {
	nodes, err := b.c.eval(b.ctx, b.tab, `document.querySelectorAll("*").length`)
	if err != nil {
		return err
	}
	b.c.call(b.ctx, b.tab, "HeapProfiler.collectGarbage", object{}, nil)
	var heap struct{ UsedSize float64 }
	err = b.c.call(b.ctx, b.tab, "Runtime.getHeapUsage", object{}, &heap)
	size := WebSize{Nodes: int(nodes), MostNodes: 2000, Heap: float64(int(heap.UsedSize/1e4)) / 100, MostHeap: 40}
	b.report.Web = &size
	b.report.Missed += size.missed()
	return err
}

// live measures how soon a change by somebody else shows in two tabs, while
// others write.
func (b *webBench) live() error {
	_, _, _, limit := webLimits(b.w.tasks)
	other, err := b.c.tab(b.ctx)
	if err != nil {
		return err
	}
	key := b.w.key(b.w.todo[0]).String()
	for _, tab := range []string{b.tab, other} {
		if err := b.open(tab, "/board?q=key:"+key); err != nil {
			return err
		}
		if _, err := b.c.eval(b.ctx, tab, `new Promise((done) => { const look = () => document.querySelector("[data-key]") ? done(1) : setTimeout(look, 10); look(); })`); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithCancel(b.ctx)
	var writers sync.WaitGroup
	for i := range b.o.Writers {
		writers.Go(func() { b.write(ctx, i) })
	}
	defer func() { cancel(); writers.Wait() }()
	var all []time.Duration
	n := max(20, b.o.Rounds/2)
	for i := range n {
		b.o.Progress("a change by somebody else", i, n)
		title := fmt.Sprintf("seen %d", i)
		if _, err := b.w.track.UpdateTask(b.ctx, tracker.UpdateTask{Keys: []string{key}, Title: &title}); err != nil {
			return err
		}
		began := time.Now()
		for _, tab := range []string{b.tab, other} {
			if _, err := b.c.eval(b.ctx, tab, fmt.Sprintf(shows, title)); err != nil {
				return fmt.Errorf("change %d does not show: %w", i, err)
			}
		}
		all = append(all, time.Since(began))
	}
	b.report.add(fmt.Sprintf("a change shows in two tabs, alongside %d writers of 5 changes a second", b.o.Writers), sample(all), 99, limit)
	return nil
}

// writerPause is how long a writer thinks between two changes.
const writerPause = 200 * time.Millisecond

// write changes tasks until it is told to end.
func (b *webBench) write(ctx context.Context, writer int) {
	ctx = plan.WithActor(ctx, plan.Actor{Name: fmt.Sprintf("w%02d", writer), Surface: "cli"})
	for i := 0; ctx.Err() == nil; i++ {
		time.Sleep(writerPause)
		task := (writer*997 + i) % b.w.tasks
		if task == b.w.todo[0] { // which is watched
			continue
		}
		title := fmt.Sprintf("written %d times by %d", i, writer)
		b.w.track.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{b.w.key(task).String()}, Title: &title})
	}
}
