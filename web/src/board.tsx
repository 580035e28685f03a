// The board: a column for each status, each windowed by itself.
import { useComputed } from "@preact/signals";
import { memo } from "./memo";
import { columns, byKey, type Status, type Task } from "./model";
import { dragging, grab } from "./drag";
import { Empty, Facts, Holder, Lease, Priority, Ring } from "./parts";
import { loaded, match, shown, tasks } from "./replica";
import { open, withParameters } from "./route";
import { useRows } from "./rows";
import { focus, grid, go, peek, pick, picked, pickTo } from "./select";

const cardHeight = 102; // 96 and a gap

const order = (a: Task, b: Task) => a.priority - b.priority || byKey(a.key, b.key);
const latest = (a: Task, b: Task) => b.completed_at - a.completed_at || byKey(a.key, b.key);

export function Board() {
  const sorted = useComputed(() => {
    const by = new Map<Status, Task[]>(columns.map((c) => [c.status, []]));
    for (const t of shown.value) by.get(t.status)?.push(t);
    if (!match.value?.sorted) for (const [s, list] of by) list.sort(s === "completed" ? latest : order);
    return by;
  });
  grid.value = columns.map((c) => sorted.value.get(c.status)!.map((t) => t.key));
  if (loaded.value && !tasks.size && !match.value) return <NoTasks />;
  return (
    <section class="board" data-view="board" aria-label="Board">
      {columns.map((c) => <Column key={c.status} status={c.status} word={c.word} all={sorted.value.get(c.status)!} />)}
    </section>
  );
}

const NoTasks = () => (
  <section data-view="board" aria-label="Board">
    <Empty title="No tasks yet">
      <p>A plan has epics, features and tasks. Create the first ones in a terminal:</p>
      <pre>pm epic create "Payments"{"\n"}pm feature create E01 "Card payments"{"\n"}pm task create E01-F01 "Validate card numbers"</pre>
      <p>They show here at once.</p>
    </Empty>
  </section>
);

function Column({ status, word, all }: { status: Status; word: string; all: Task[] }) {
  const keys = all.map((t) => t.key), w = useRows(keys, cardHeight);
  const target = dragging.value?.over === status;
  return (
    <section class={target ? "col target" : "col"} data-column={status} aria-label={word}>
      <h2><Ring status={status} />{word}<span class="num faint">{all.length.toLocaleString()}</span></h2>
      <div class="cards" ref={w.ref} role="list" aria-label={`${word}, ${all.length} tasks`}>
        <div class="tall" style={{ height: w.height + "px" }} role="presentation">
          {all.slice(w.from, w.to).map((t, i) => <Card key={t.key} task={t} at={w.from + i} of={all.length} on={focus.value === t.key} marked={picked.value.has(t.key)} />)}
        </div>
      </div>
    </section>
  );
}

type CardProps = { task: Task; at: number; of: number; on: boolean; marked: boolean };

const Card = memo(({ task: t, at, of, on, marked }: CardProps) => (
  <div class={"card" + (on ? " on" : "") + (marked ? " marked" : "") + (t.saving ? " saving" : "")} style={{ top: at * cardHeight + "px" }}
    data-key={t.key} role="listitem" tabIndex={on || (at === 0 && !focus.value) ? 0 : -1} aria-posinset={at + 1} aria-setsize={of}
    aria-label={`${t.key}, ${t.title}, priority ${t.priority}`}
    onPointerDown={(e) => grab(e as unknown as PointerEvent, t.key)} onFocus={() => (focus.value = t.key)} onClick={(e) => chosen(e as unknown as MouseEvent, t.key)}>
    <div class="top"><span class="key">{t.key}</span>{t.kind && <span class="kind">{t.kind}</span>}<Priority n={t.priority} /></div>
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
