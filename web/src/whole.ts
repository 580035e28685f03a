// showWhole gives a text under the pointer that is cut off a tooltip with all of it.
export function showWhole(e: Event) {
  const el = (e.target as Element).closest<HTMLElement>(".cutoff, .title, .card p, .tag, .linked span");
  if (!el || (el.title && !("cut" in el.dataset))) return;
  if (el.scrollWidth > el.clientWidth || el.scrollHeight > el.clientHeight + 1) {
    el.title = el.textContent!.trim();
    el.dataset.cut = "";
  } else if (el.title) {
    el.removeAttribute("title");
  }
}
