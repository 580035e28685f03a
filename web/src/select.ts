// What is focused, what is picked for a change of many, what is peeked at.
import { computed, effect, signal } from "@preact/signals";
import { rowOf } from "./replica";
import { open, view, withParameters } from "./route";

export const focus = signal("");
export const wanted = signal(0); // grows when the focus was moved by a key, and the element is to have it
export const picked = signal<Set<string>>(new Set());
export const peek = signal("");
export const grid = signal<string[][]>([[]]); // the keys of the present view, by columns

// bands are the lanes of the board, each by columns; undefined where there are none.
export const bands = signal<{ name: string; cols: string[][] }[] | undefined>();

export const targets = computed(() => (picked.value.size ? [...picked.value] : focus.value && rowOf(focus.value) ? [focus.value] : []));

export const awaited = signal(""); // what has the focus and is yet to come, as a task that was just created

export function go(key: string) { awaited.value = rowOf(key) ? "" : key; focus.value = key; wanted.value++; }

// place is where the focus is or was last, and in which view: when what had it is
// gone, as a task that was approved, the focus goes to what has come there.
let place = { view: "", x: 0, y: 0 };
effect(() => {
  const x = grid.value.findIndex((c) => c.includes(focus.value));
  if (x >= 0) place = { view: view.peek(), x, y: grid.value[x]!.indexOf(focus.value) };
});

// step moves the focus by columns and rows, and with extend picks on the way.
export function step(dx: number, dy: number) {
  if (bands.value?.length) stepBands(bands.value, dx, dy);
  else stepColumns(dx, dy);
  if (peek.value && focus.value.startsWith("T-")) peek.value = focus.value;
}

// stepBands moves the focus within a lane, and down or up into the next one.
function stepBands(all: { cols: string[][] }[], dx: number, dy: number) {
  const of = (b: { cols: string[][] }, x: number) => b.cols[Math.min(x, b.cols.length - 1)]!;
  const i = all.findIndex((b) => b.cols.some((c) => c.includes(focus.value)));
  if (i < 0) { const first = all.flatMap((b) => b.cols).find((c) => c.length); return first && go(first[0]!); }
  const x = all[i]!.cols.findIndex((c) => c.includes(focus.value)), y = all[i]!.cols[x]!.indexOf(focus.value);
  for (let to = x + dx; dx && to >= 0 && to < all[i]!.cols.length; to += dx) {
    const c = all[i]!.cols[to]!;
    if (c.length) return go(c[Math.min(y, c.length - 1)]!);
  }
  if (!dy) return;
  const far = Math.abs(dy) > 1e6, next = !far && all[i]!.cols[x]![y + dy];
  if (next) return go(next);
  const way = far ? (dy < 0 ? all : [...all].reverse()) : dy > 0 ? all.slice(i + 1) : all.slice(0, i).reverse();
  const to = way.map((b) => of(b, x)).find((c) => c.length);
  if (to) go(to.at((dy > 0) === far ? -1 : 0)!);
}

function stepColumns(dx: number, dy: number) {
  const columns = grid.value.filter((c) => c.length);
  if (!columns.length) return;
  let x = columns.findIndex((c) => c.includes(focus.value));
  const left = place.view === view.value ? grid.value[place.x] : undefined;
  if (x < 0) return go(left?.length ? left[Math.min(place.y, left.length - 1)]! : columns[0]![0]!);
  const y = columns[x]!.indexOf(focus.value);
  x = Math.max(0, Math.min(columns.length - 1, x + dx));
  go(columns[x]![Math.max(0, Math.min(columns[x]!.length - 1, y + dy))]!);
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

// chosen is what a click on a card or a row does: it is peeked at, or picked.
export function chosen(e: MouseEvent, key: string) {
  if (e.shiftKey) pickTo(key);
  else if (e.ctrlKey || e.metaKey) pick(key);
  else if (innerWidth < 700) open(withParameters({}, "/task/" + key));
  else peek.value = peek.value === key ? "" : key;
  go(key);
}
