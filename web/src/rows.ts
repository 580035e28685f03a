// Windowing by hand: rows of one height, of which only those in sight are in
// the document.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { focus, wanted } from "./select";

export type Window = { ref: { current: HTMLDivElement | null }; from: number; to: number; height: number };

const beyond = 6; // rows rendered out of sight on either side

export function useRows(keys: string[], size: number): Window {
  const ref = useRef<HTMLDivElement>(null);
  const [[from, to], set] = useState<[number, number]>([0, 24]);
  const look = () => {
    const el = ref.current;
    if (!el) return;
    const a = Math.max(0, Math.floor(el.scrollTop / size) - beyond) & ~1, b = Math.ceil((el.scrollTop + el.clientHeight) / size) + beyond;
    set((old) => (old[0] === a && old[1] === b ? old : [a, b]));
  };
  useLayoutEffect(() => {
    const el = ref.current!, seen = new ResizeObserver(look);
    el.addEventListener("scroll", look, { passive: true });
    seen.observe(el);
    return () => { el.removeEventListener("scroll", look); seen.disconnect(); };
  }, [size]);
  useLayoutEffect(look, [keys.length, size]);
  // The row with the focus is brought into sight when a key has moved the focus,
  // and followed where it moves by itself, as long as somebody looks at it.
  const want = wanted.value, at = keys.indexOf(focus.value), last = useRef({ want: 0, at: -1, there: 0 });
  useLayoutEffect(() => {
    const el = ref.current, old = last.current;
    last.current = { ...old, want, at };
    if (!want || !el || at < 0) return;
    const sight = (old.at + 1) * size > el.scrollTop && old.at * size < el.scrollTop + el.clientHeight;
    if (want === old.want && (old.at < 0 || !sight)) return;
    const top = at * size;
    if (top < el.scrollTop) el.scrollTop = top;
    else if (top + size > el.scrollTop + el.clientHeight) el.scrollTop = top + size - el.clientHeight;
    look();
  }, [want, at]);
  useEffect(() => {
    const el = ref.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(focus.value)}"]`);
    if (!want || at < 0 || !el || document.querySelector("dialog[open]") || document.activeElement?.tagName === "INPUT") return;
    el.focus({ preventScroll: true });
    if (last.current.there !== want) el.scrollIntoView({ block: "nearest", inline: "nearest" });
    last.current.there = want;
  }, [want, at, from, to]);
  return { ref, from: Math.min(from, keys.length), to: Math.min(to, keys.length), height: keys.length * size };
}
