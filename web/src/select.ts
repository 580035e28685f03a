// What is focused, what is picked for a change of many, what is peeked at.
import { computed, signal } from "@preact/signals";
import { rowOf } from "./replica";

export const focus = signal("");
export const wanted = signal(0); // grows when the focus was moved by a key, and the element is to have it
export const picked = signal<Set<string>>(new Set());
export const peek = signal("");
export const grid = signal<string[][]>([[]]); // the keys of the present view, by columns

export const targets = computed(() => (picked.value.size ? [...picked.value] : focus.value && rowOf(focus.value) ? [focus.value] : []));

export function go(key: string) { focus.value = key; wanted.value++; }

// step moves the focus by columns and rows, and with extend picks on the way.
export function step(dx: number, dy: number) {
  const columns = grid.value.filter((c) => c.length);
  if (!columns.length) return;
  let x = columns.findIndex((c) => c.includes(focus.value));
  if (x < 0) return go(columns[0]![0]!);
  const y = columns[x]!.indexOf(focus.value);
  x = Math.max(0, Math.min(columns.length - 1, x + dx));
  go(columns[x]![Math.max(0, Math.min(columns[x]!.length - 1, y + dy))]!);
  if (peek.value) peek.value = focus.value;
}

export function pick(key: string) {
  const next = new Set(picked.value);
  next.has(key) ? next.delete(key) : next.add(key);
  picked.value = next;
}

// pickTo picks from the focus to a key of the same column.
export function pickTo(key: string) {
  const column = grid.value.find((c) => c.includes(key) && c.includes(focus.value));
  if (!column) return pick(key);
  const [a, b] = [column.indexOf(focus.value), column.indexOf(key)].sort((x, y) => x - y);
  picked.value = new Set([...picked.value, ...column.slice(a, b! + 1)]);
}
