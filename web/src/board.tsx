// The board: a column for each status, each windowed by itself.
import { useComputed } from "@preact/signals";
import { memo } from "./memo";
import { byKey, byPriority, columns, titled, type Status, type Task } from "./model";
import { dragging, grab } from "./drag";
import { Facts, Holder, Lease, NoTasks, Priority, Ring } from "./parts";
import { lanes } from "./group";
import { Lanes } from "./lanes";
import { loaded, match, shown, stages, tasks } from "./replica";
import { open, parameters, withParameters } from "./route";
import { useRows } from "./rows";
import { focus, grid, go, peek, pick, picked, pickTo } from "./select";

export const cardHeight = 102; // 96 and a gap

const latest = (a: Task, b: Task) => b.completed_at - a.completed_at || byKey(a.key, b.key);

export type Col = { id: string; word: string; status?: Status; limit?: number; all: Task[] };

// The columns are the stages where the project has any, else the statuses.
export function columnsOf(all: Task[], sorted: boolean): Col[] {
  const staged = stages.value.length > 0 && parameters.value.get("columns") !== "status";
  const cols: Col[] = staged
    ? [...stages.value.map((s): Col => ({ id: s.name, word: titled(s.name), limit: s.limit ?? 0, all: [] })), { id: "completed", word: "Completed", status: "completed", all: [] }]
    : columns.map((c): Col => ({ id: c.status, word: c.word, status: c.status, all: [] }));
  const by = new Map(cols.map((c) => [c.id, c]));
  for (const t of all) (staged && t.status !== "completed" ? by.get(t.stage) ?? cols[0] : by.get(t.status))?.all.push(t);
  if (!sorted) for (const c of cols) c.all.sort(c.id === "completed" ? latest : byPriority);
  return cols;
}

export const Board = () => (lanes.includes(parameters.value.get("lanes") ?? "") && !(loaded.value && !tasks.size && !match.value) ? <Lanes /> : <Columns />);

function Columns() {
  const cols = useComputed(() => columnsOf(shown.value, !!match.value?.sorted)).value;
  grid.value = cols.map((c) => c.all.map((t) => t.key));
  if (loaded.value && !tasks.size && !match.value) return <section data-view="board" aria-label="Board"><NoTasks /></section>;
  return (
    <section class="board" data-view="board" aria-label="Board" tabIndex={-1}>
      {cols.map((c) => <Column key={c.id} col={c} />)}
    </section>
  );
}

// ColHead says what a column is, how many tasks it has, and its limit.
export function ColHead({ col: { word, status, limit, all } }: { col: Col }) {
  const held = limit ? all.filter((t) => t.status === "in_progress").length : 0;
  return (
    <h2>{status && <Ring status={status} />}<span dir="auto">{word}</span><span class="num faint">{loaded.value && all.length.toLocaleString()}</span>
      {!!limit && <span class={held >= limit ? "limit full num" : "limit num"}>{held} of {limit} at work</span>}</h2>
  );
}

function Column({ col }: { col: Col }) {
  const { id, word, status, all } = col;
  const keys = all.map((t) => t.key), w = useRows(keys, cardHeight);
  return (
    <section class={dragging.value?.over === id ? "col target" : "col"} data-column={id} aria-label={word}>
      <ColHead col={col} />
      <div class="cards" ref={w.ref} role="list" aria-label={`${word}, ${all.length} tasks`} tabIndex={-1}>
        <div class="tall" style={{ height: w.height + "px" }} role="presentation">
          {all.slice(w.from, w.to).map((t, i) => <Card key={t.key} task={t} at={w.from + i} of={all.length} on={focus.value === t.key} marked={picked.value.has(t.key)} staged={!status} />)}
        </div>
      </div>
    </section>
  );
}

type CardProps = { task: Task; at: number; of: number; on: boolean; marked: boolean; staged: boolean };

export const Card = memo(({ task: t, at, of, on, marked, staged }: CardProps) => (
  <div class={"card" + (on ? " on" : "") + (marked ? " marked" : "") + (t.saving ? " saving" : "")} style={{ top: at * cardHeight + "px" }}
    data-key={t.key} role="listitem" tabIndex={on || (at === 0 && !focus.value) ? 0 : -1} aria-posinset={at + 1} aria-setsize={of}
    aria-label={`${t.key}, ${t.title}, priority ${t.priority}`}
    onPointerDown={(e) => grab(e as unknown as PointerEvent, t.key)} onFocus={() => (focus.value = t.key)} onClick={(e) => chosen(e as unknown as MouseEvent, t.key)}>
    <div class="top">{staged && <Ring status={t.status} label />}<span class="key">{t.key}</span>{t.kind && <span class="kind">{t.kind}</span>}<Priority n={t.priority} /></div>
    <p dir="auto">{t.title}</p>
    <div class="end"><Facts task={t} /><span class="who"><Lease task={t} /><Holder task={t} /></span></div>
  </div>
));

// chosen is what a click on a card or a row does: it is peeked at, or picked.
export function chosen(e: MouseEvent, key: string) {
  if (e.shiftKey) pickTo(key);
  else if (e.ctrlKey || e.metaKey) pick(key);
  else if (innerWidth < 700) open(withParameters({}, "/task/" + key));
  else peek.value = peek.value === key ? "" : key;
  go(key);
}
