// Windowing by hand: rows of one height, of which only those in sight are in
// the document.
import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { awaited, focus, wanted } from "./select";

type Box = { current: HTMLDivElement | null };
export type Window = { ref: Box; from: number; to: number; height: number };

const beyond = 6; // rows rendered out of sight on either side

// narrow is true on a phone, where rows have two lines.
const phone = matchMedia("(max-width: 700px)");
export const narrow = signal(phone.matches);
phone.addEventListener("change", () => (narrow.value = phone.matches));

// useSight calls look when a box is scrolled, and when it gets another size.
export function useSight(ref: Box, look: (el: HTMLDivElement) => void, by: unknown[] = []): () => void {
  const again = () => { if (ref.current) look(ref.current); };
  useLayoutEffect(() => {
    const el = ref.current!, seen = new ResizeObserver(again);
    el.addEventListener("scroll", again, { passive: true });
    seen.observe(el);
    return () => { el.removeEventListener("scroll", again); seen.disconnect(); };
  }, by);
  return again;
}

// useFollow brings what has the focus into sight and focuses its element when a
// key has moved the focus, and follows it where it moves by itself, as long as
// somebody looks at it. It lies from top to bottom; top is negative if it is
// nowhere. Of the box, covered pixels lie below heads. Rendered changes with
// what is in the document.
export function useFollow(ref: Box, [top, bottom]: [number, number], covered: number, look: () => void, rendered: unknown[]) {
  const want = wanted.value, last = useRef({ want: 0, top: -1, bottom: -1 });
  useLayoutEffect(() => {
    const el = ref.current, old = last.current;
    last.current = { want, top, bottom };
    if (!want || !el || top < 0) return;
    const tall = el.clientHeight - covered, sight = old.bottom > el.scrollTop && old.top < el.scrollTop + tall;
    if (want === old.want && (old.top < 0 || !sight) && awaited.peek() !== focus.peek()) return;
    awaited.value = "";
    if (top < el.scrollTop) el.scrollTop = top;
    else if (bottom > el.scrollTop + tall) el.scrollTop = bottom - tall;
    look();
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

// useRows says which rows are in sight. The first one begins up pixels above the
// box: it is that much less tall.
export function useRows(keys: string[], size: number, up = 0): Window {
  const ref = useRef<HTMLDivElement>(null);
  const [[from, to], set] = useState<[number, number]>([0, 24]);
  const look = useSight(ref, (el) => {
    const a = Math.max(0, Math.floor(el.scrollTop / size) - beyond) & ~1, b = Math.ceil((el.scrollTop + el.clientHeight) / size) + beyond;
    set((old) => (old[0] === a && old[1] === b ? old : [a, b]));
  }, [size]);
  useLayoutEffect(look, [keys.length, size]);
  const at = keys.indexOf(focus.value);
  useFollow(ref, [at * size - up, (at + 1) * size - up], 0, look, [from, to]);
  return { ref, from: Math.min(from, keys.length), to: Math.min(to, keys.length), height: keys.length * size - up };
}
