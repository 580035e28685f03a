package web_test

import (
	"strings"
	"testing"

	"pm/internal/web/webtest"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// shapes is an expression that lists what no page should have, whatever its
// fonts: something beyond the right edge, texts on each other, a text that is cut
// without saying so, and something to click that is too small for a finger.
const shapes = `(() => {
	const found = [], say = (what, e) => found.push(what + ": " + (e.outerHTML ?? e.textContent).slice(0, 140));
	const style = (e) => getComputedStyle(e);
	// clipped is the part of a box that its ancestors let through.
	const clipped = (r, e) => {
		let { left, right, top, bottom } = r;
		for (; e && e !== document.documentElement; e = e.parentElement) {
			if (style(e).clipPath !== "none") return null;
			if (style(e).overflow === "visible" || e instanceof SVGElement) continue;
			const b = e.getBoundingClientRect();
			left = Math.max(left, b.left); right = Math.min(right, b.right); top = Math.max(top, b.top); bottom = Math.min(bottom, b.bottom);
		}
		return right - left > 0.5 && bottom - top > 0.5 ? { left, right, top, bottom } : null;
	};
	// Layers lie over each other on purpose.
	const layerOf = (e) => e.closest("dialog, .peek, .help, .toasts, .bulk, .mistake, .tabs .live, .heads, .lane h2, .op .do, nav .foot") ?? document.body;
	const seen = (e) => style(e).visibility === "visible" && style(e).opacity > 0.1;
	const texts = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n = walk.nextNode(); n; n = walk.nextNode()) {
		const e = n.parentElement;
		if (!n.data.trim() || e.closest("script, style, option, .mirror, noscript, svg title") || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
		const range = document.createRange();
		range.selectNodeContents(n);
		for (const r of range.getClientRects()) {
			const box = clipped(r, e);
			if (box) texts.push({ ...box, n, e, layer: layerOf(e) });
		}
	}
	for (const t of texts) if (t.right > innerWidth + 1) say("beyond the edge", t.e);
	texts.sort((a, b) => a.top - b.top);
	for (let i = 0; i < texts.length; i++) for (let j = i + 1; j < texts.length && texts[j].top < texts[i].bottom - 3; j++) {
		const a = texts[i], b = texts[j];
		if (a.n !== b.n && a.layer === b.layer && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - b.top > 3) say("texts on each other, " + JSON.stringify(a.n.data.slice(0, 30)), b.e);
	}
	for (const e of new Set(texts.map((t) => t.e))) {
		if (e instanceof SVGElement || style(e).display === "inline" || style(e).overflowX === "visible" || style(e).textOverflow === "ellipsis" || style(e).webkitLineClamp !== "none") continue;
		if (e.scrollWidth > e.clientWidth + 1 && style(e).overflowX === "hidden") say("cut off", e);
	}
	for (const e of document.querySelectorAll("button, select, input:not([type=range]), nav a, summary")) {
		const r = (e.closest("label") ?? e).getBoundingClientRect();
		if (r.width && seen(e) && !e.closest(".unseen") && Math.min(r.width, r.height) < 24) say("too small to hit", e);
	}
	return [...new Set(found)].slice(0, 8);
})()`

// shaped fails for what the shapes of a page have wrong.
func shaped(t *testing.T, b *webtest.Tab, name string) {
	t.Helper()
	for _, fault := range webtest.Eval[[]string](b, shapes) {
		t.Errorf("%s: %s", name, fault)
	}
}

// Whoever goes through a page with the Tab key sees where they are.
func TestFocusIsSeen(t *testing.T) {
	s := shop(t)
	past := s.claimed(t)
	b := s.open(t, "/board", 1280, 800)
	for _, v := range views[1:] {
		if strings.HasPrefix(v.path, "/print/") {
			continue // nothing of it has the focus
		}
		b.Do(chromedp.Navigate(s.url + strings.ReplaceAll(v.path, "PAST", past)))
		b.Wait(`!!document.querySelector('` + v.there + `')`)
		// What is around a view is the same in each: from the filter on.
		webtest.Eval[chromedp.Void](b, `document.querySelector("#filter").focus()`)
		for range 12 {
			b.Press(kb.Tab)
			hidden := webtest.Eval[string](b, `(() => {
				const e = document.activeElement;
				if (!e || e === document.body) return "";
				const r = e.getBoundingClientRect();
				if (!r.width || r.bottom < 0 || r.top > innerHeight) return "out of sight: " + e.outerHTML.slice(0, 140);
				for (let x = e; x && x !== document.body; x = x.parentElement) if (getComputedStyle(x).opacity < 0.5) return "faded: " + e.outerHTML.slice(0, 140);
				const c = getComputedStyle(e), box = getComputedStyle(e.closest(".filter") ?? e);
				return c.outlineStyle !== "none" && parseFloat(c.outlineWidth) > 0 || c.boxShadow !== "none" || e.closest(".filter") && box.borderColor !== "" ? "" : "no outline: " + e.outerHTML.slice(0, 140);
			})()`)
			if hidden != "" {
				t.Errorf("%s: the focus cannot be seen, %s", v.name, hidden)
			}
		}
	}
}
