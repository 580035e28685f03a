// The board in lanes: a band for each epic, feature, agent or label, in which
// the columns go on. All lanes scroll as one, and only what is in sight is there.
import { signal, useComputed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { Card, cardHeight, type Col, ColHead, columnsOf } from "./card";
import { dragging } from "./drag";
import { type Group, groupsOf } from "./group";
import { count, type Task } from "./model";
import { Bar, NoMatch, Titled } from "./parts";
import { loaded, match, shown } from "./replica";
import { parameters } from "./route";
import { beyond, type Seen, useFollow, useSight } from "./rows";
import { bands, focus, go, grid, picked } from "./select";

const headHeight = 36, colsHeight = 40, gap = 8;

const shut = signal<Set<string>>(new Set()); // the lanes that are folded, with what they are lanes of
const by = () => parameters.value.get("lanes") ?? "";
const idOf = (name: string) => by() + ":" + name;

// flip folds or unfolds a lane.
export function flip(name: string) {
  const s = new Set(shut.value), id = idOf(name);
  s.has(id) ? s.delete(id) : s.add(id);
  shut.value = s;
  if (s.has(id)) go("lane:" + name);
  else setTimeout(() => go(bands.value?.find((b) => b.name === name)?.cols.flat()[0] ?? "")); // once its cards are there
}

// flipFocused folds or unfolds the lane of the card that has the focus.
export function flipFocused() {
  const at = bands.value?.find((b) => "lane:" + b.name === focus.value || b.cols.some((c) => c.includes(focus.value)));
  if (at) flip(at.name);
}

type Lane = Group & { cols: Col[]; done: number; closed: boolean; top: number; height: number };

function lay(all: Task[], sorted: boolean): Lane[] {
  let top = 0;
  return groupsOf(all, by()).map((g) => {
    const cols = columnsOf(g.tasks, sorted), closed = shut.value.has(idOf(g.name));
    const rows = closed ? 0 : Math.max(1, ...cols.map((c) => c.all.length)), height = headHeight + (closed ? 0 : rows * cardHeight + gap);
    const lane = { ...g, cols, done: cols.at(-1)!.all.length, closed, top, height };
    top += height;
    return lane;
  });
}

export function Lanes() {
  const lanes = useComputed(() => lay(shown.value.filter((t) => t.status !== "archived"), !!match.value?.sorted)).value, heads = useComputed(() => columnsOf(shown.value, true)).value;
  const ref = useRef<HTMLDivElement>(null), [[from, to], see] = useState<[number, number]>([0, 1200]), seen = useRef<Seen>({ top: 0, tall: innerHeight });
  grid.value = heads.map((_, x) => lanes.flatMap((l) => (l.closed ? [] : l.cols[x]!.keys)));
  bands.value = lanes.map((l) => ({ name: l.name, cols: l.closed ? [["lane:" + l.name]] : l.cols.map((c) => c.keys) }));
  useEffect(() => () => { bands.value = undefined; }, []);
  useSight(ref, seen, ({ top, tall }) => {
    const a = Math.max(0, top - beyond) & ~63, b = top + tall + beyond;
    see((old) => (old[0] === a && old[1] === b ? old : [a, b]));
  });
  useFollow(ref, seen.current, spanOf(lanes, focus.value), colsHeight, [from]);
  const tall = lanes.at(-1);
  return (
    <section class="board lanes" data-view="board" aria-label="Board" ref={ref} tabIndex={-1} style={{ "--n": heads.length }}>
      <div class="heads">{heads.map((c) => <ColHead key={c.id} col={c} />)}</div>
      {loaded.value && !lanes.length && <NoMatch />}
      <div class="tall" style={{ height: (tall ? tall.top + tall.height : 0) + "px" }}>
        {lanes.filter((l) => l.top < to && l.top + l.height > from).map((l) => <Band key={l.name} lane={l} ids={heads} from={from - l.top - headHeight} to={to - l.top - headHeight} />)}
      </div>
    </section>
  );
}

// spanOf is from where to where a card is with the head of its lane, from the top
// of all lanes, or the head of a lane that is folded.
function spanOf(lanes: Lane[], key: string): [number, number] {
  for (const l of key ? lanes : []) {
    if (l.closed) { if (key === "lane:" + l.name) return [l.top, l.top + headHeight]; continue; }
    for (const c of l.cols) { const i = c.keys.indexOf(key), top = l.top + i * cardHeight; if (i >= 0) return [top, top + headHeight + cardHeight]; }
  }
  return [-1, -1];
}

type BandProps = { lane: Lane; ids: { id: string; word: string; status?: string }[]; from: number; to: number };

function Band({ lane: l, ids, from, to }: BandProps) {
  const a = Math.max(0, Math.floor(from / cardHeight)), b = Math.max(0, Math.ceil(to / cardHeight)), over = dragging.value?.lane === l.name ? dragging.value.over : undefined;
  return (
    <section class="lane" data-lane={l.name} style={{ top: l.top + "px", height: l.height + "px" }} aria-label={l.word}>
      <h2><button class="lane-head" data-head={"lane:" + l.name} aria-expanded={!l.closed} title={`${l.closed ? "Unfold" : "Fold"} (e)`} onClick={() => flip(l.name)} onFocus={() => { if (l.closed) focus.value = "lane:" + l.name; }}>
        <span class={l.closed ? "twist" : "twist open"} aria-hidden="true">›</span><Titled word={l.word} /><span class="num faint">{count(l.tasks.length)}</span><Bar done={l.done} of={l.tasks.length} /></button></h2>
      {!l.closed && <div class="cells">{l.cols.map(({ all: c }, x) => (
        <div key={ids[x]!.id} class={over === ids[x]!.id ? "slot target" : "slot"} data-column={ids[x]!.id} role="list" aria-label={`${l.word}, ${ids[x]!.word}, ${c.length} tasks`}>
          {c.slice(a, b).map((t, i) => <Card key={t.key} task={t} at={a + i} of={c.length} on={focus.value === t.key} marked={picked.value.has(t.key)} staged={!ids[x]!.status} />)}
        </div>))}</div>}
    </section>
  );
}
