// What a board consists of, with and without lanes: columns and their cards.
import { grab } from "./drag";
import { memo } from "./memo";
import { byKey, byPriority, columns, titled, type Status, type Task } from "./model";
import { Facts, Holder, Lease, Priority, Ring } from "./parts";
import { loaded, stages } from "./replica";
import { parameters } from "./route";
import { chosen, focus } from "./select";

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

// ColHead says what a column is, how many tasks it has, and its limit.
export function ColHead({ col: { word, status, limit, all } }: { col: Col }) {
  const held = limit ? all.filter((t) => t.status === "in_progress").length : 0;
  return (
    <h2>{status && <Ring status={status} />}<span dir="auto">{word}</span><span class="num faint">{loaded.value && all.length.toLocaleString()}</span>
      {!!limit && <span class={held >= limit ? "limit full num" : "limit num"}>{held} of {limit} at work</span>}</h2>
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
