// What a board consists of, with and without lanes: columns and their cards.
import { grab } from "./drag";
import { memo } from "./memo";
import { columns, count, inOrder, titled, type Status, type Task } from "./model";
import { Facts, Holder, Lease, Priority, Ring } from "./parts";
import { loaded, stages } from "./replica";
import { parameters } from "./route";
import { chosen, focus } from "./select";

export const cardHeight = 102; // 96 and a gap

const latest = (a: Task, b: Task) => b.completed_at - a.completed_at || inOrder(a, b);

export type Col = { id: string; word: string; status?: Status; limit?: number; all: Task[]; found: Task[]; keys: string[] };

function same(a: Task[], b: Task[]): boolean {
  let i = a.length === b.length ? 0 : -1;
  while (i >= 0 && i < a.length && a[i] === b[i]) i++;
  return i === a.length;
}

// The columns are the stages where the project has any, else the statuses. Their
// tasks are in the order in which they are found; if that is no query's, what is
// completed is put latest first. A column that is as it was before is that one.
export function columnsOf(all: Task[], sorted: boolean, before: Col[] = []): Col[] {
  const staged = stages.value.length > 0 && parameters.value.get("columns") !== "status";
  const heads: Omit<Col, "all" | "found" | "keys">[] = staged
    ? [...stages.value.map((s) => ({ id: s.name, word: titled(s.name), limit: s.limit ?? 0 })), { id: "completed", word: "Completed", status: "completed" }]
    : columns.map((c) => ({ id: c.status, word: c.word, status: c.status }));
  const by = new Map(heads.map((h) => [h.id, [] as Task[]])), first = by.get(heads[0]!.id)!;
  for (const t of all) if (t.status !== "archived") (staged && t.status !== "completed" ? by.get(t.stage) ?? first : by.get(t.status))?.push(t);
  return heads.map((h, i) => {
    const found = by.get(h.id)!, late = !sorted && h.id === "completed", old = before[i];
    if (old && old.id === h.id && old.limit === h.limit && late === (old.all !== old.found) && same(old.found, found)) return old;
    const all = late ? found.toSorted(latest) : found;
    return { ...h, all, found, keys: all.map((t) => t.key) };
  });
}

// ColHead says what a column is, how many tasks it has, and its limit.
export function ColHead({ col: { word, status, limit, all } }: { col: Col }) {
  const held = limit ? all.filter((t) => t.status === "in_progress").length : 0;
  return (
    <h2>{status && <Ring status={status} />}<span dir="auto">{word}</span><span class="num faint">{loaded.value && count(all.length)}</span>
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
