// Windowing by hand: rows of one height, of which only those in sight are in
// the document.
import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { awaited, focus, wanted } from "./select";

type Box = { current: HTMLDivElement | null };
export type Window = { ref: Box; from: number; to: number; height: number };

export const beyond = 400; // pixels rendered out of sight on either side

// narrow is true on a phone, where rows have two lines.
const phone = matchMedia("(max-width: 700px)");
export const narrow = signal(phone.matches);
phone.addEventListener("change", () => (narrow.value = phone.matches));

// Seen is how far a box is scrolled, and how tall it is. It is noted when the
// browser tells: reading it after a change has the browser lay out the page at once.
export type Seen = { top: number; tall: number };

// useSight calls look when a box is scrolled, and when it gets another size.
export function useSight(ref: Box, seen: { current: Seen }, look: (s: Seen) => void) {
  const last = useRef(look);
  last.current = look;
  useLayoutEffect(() => {
    const el = ref.current!, again = () => { seen.current = { top: el.scrollTop, tall: el.clientHeight }; last.current(seen.current); }, size = new ResizeObserver(again);
    el.addEventListener("scroll", again, { passive: true });
    size.observe(el);
    return () => { el.removeEventListener("scroll", again); size.disconnect(); };
  }, []);
}

// useFollow brings what has the focus into sight and focuses its element when a
// key has moved the focus, and follows it where it moves by itself, as long as
// somebody looks at it. It lies from top to bottom; top is negative if it is
// nowhere. Of the box, covered pixels lie below heads. Rendered changes with
// what is in the document.
export function useFollow(ref: Box, seen: Seen, [top, bottom]: [number, number], covered: number, rendered: unknown[]) {
  const want = wanted.value, last = useRef({ want: 0, top: -1, bottom: -1 });
  useLayoutEffect(() => {
    const el = ref.current, old = last.current;
    last.current = { want, top, bottom };
    if (!want || !el || top < 0) return;
    const tall = seen.tall - covered, sight = old.bottom > seen.top && old.top < seen.top + tall;
    if (want === old.want && (old.top < 0 || !sight) && awaited.peek() !== focus.peek()) return;
    awaited.value = "";
    if (top < seen.top) el.scrollTop = top;
    else if (bottom > seen.top + tall) el.scrollTop = bottom - tall;
  }, [want, top]);
  useFocused(ref, top >= 0, [top, ...rendered]);
}

// useFocused gives the focus to the element in a box that a key has moved to, if
// there is one, and shows it once.
export function useFocused(ref: { current: HTMLElement | null }, there = true, rendered: unknown[] = []) {
  const want = wanted.value, shown = useRef(0);
  useEffect(() => {
    const name = CSS.escape(focus.value), el = ref.current?.querySelector<HTMLElement>(`[data-key="${name}"], [data-head="${name}"]`);
    if (!want || !there || !el || document.querySelector("dialog[open]") || document.activeElement?.tagName === "INPUT") return;
    el.focus({ preventScroll: true });
    if (shown.current !== want) el.scrollIntoView({ block: "nearest", inline: "nearest" });
    shown.current = want;
  }, [want, there, ...rendered]);
}

// useRows says which of so many rows are in sight, and follows the one that has
// the focus; at is negative if none has. The first one begins up pixels above the
// box: it is that much less tall.
export function useRows(rows: number, at: number, size: number, up = 0): Window {
  const ref = useRef<HTMLDivElement>(null), seen = useRef<Seen>({ top: 0, tall: innerHeight }), [, render] = useState(0);
  const height = rows * size - up, { tall } = seen.current, top = Math.max(0, Math.min(seen.current.top, height - tall)); // what got shorter is not scrolled as far
  const [from, to] = inSight(top, tall, size);
  useSight(ref, seen, (s) => { const [a, b] = inSight(s.top, s.tall, size); if (a !== from || b !== to) render((n) => n + 1); });
  useFollow(ref, { top, tall }, [at * size - up, (at + 1) * size - up], 0, [from, to]);
  return { ref, from, to: Math.min(to, rows), height };
}

const inSight = (top: number, tall: number, size: number) => [Math.max(0, Math.floor((top - beyond) / size)) & ~1, Math.ceil((top + tall + beyond) / size)] as const;
