// The list: one row a task, grouped if asked for, as the query sorts it.
import { useComputed } from "@preact/signals";
import { memo } from "./memo";
import { groupings, groupsOf } from "./group";
import { count, moment, since, type Task } from "./model";
import { Holder, Known, Lease, NoMatch, NoTasks, Priority, Ring, Titled } from "./parts";
import { clock, loaded, match, revision, shown } from "./replica";
import { parameters } from "./route";
import { narrow, useRows } from "./rows";
import { chosen, focus, grid, pick, picked } from "./select";

const oneLine = 36, twoLines = 56; // the heights of a row, on a screen and on a phone

type Line = { task: Task; at: number } | { head: string; count: number };

// grouped sorts tasks into groups, with a line before each.
function grouped(all: Task[], by: string): Line[] {
  let at = 0;
  const lines = (tasks: Task[]) => tasks.map((task): Line => ({ task, at: ++at }));
  return groupings[by] ? groupsOf(all, by).flatMap((g) => [{ head: g.word, count: g.tasks.length }, ...lines(g.tasks)]) : lines(all);
}

export function List() {
  const lines = useComputed(() => { revision.value; return grouped(shown.value, parameters.value.get("group") ?? "status"); });
  const all = lines.value, size = narrow.value ? twoLines : oneLine;
  const up = all[0] && "head" in all[0] ? size - oneLine : 0, w = useRows(all.length, all.findIndex((l) => "task" in l && l.task.key === focus.value), size, up); // no blank above the first head
  const tasks = all.flatMap((l) => ("task" in l ? l.task.key : []));
  grid.value = [tasks];
  return (
    <section class="rows" data-view="list" aria-label="List" ref={w.ref}>
      {loaded.value && !all.length && (match.value ? <NoMatch /> : <NoTasks />)}
      <div class="tall" style={{ height: w.height + "px" }} role="list" aria-label={`${tasks.length} tasks`}>
        {all.slice(w.from, w.to).map((l, i) => "task" in l
          ? <Row key={l.task.key} task={l.task} top={(w.from + i) * size - up} at={l.at} on={focus.value === l.task.key} marked={picked.value.has(l.task.key)} of={tasks.length} now={Math.floor(clock.value / 60000)} />
          : <div key={"h" + l.head} class="row head" style={{ top: (w.from + i) * size - up + "px" }} role="presentation"><Titled word={l.head} /><span class="faint num">{count(l.count)}</span></div>)}
      </div>
    </section>
  );
}

type RowProps = { task: Task; top: number; at: number; on: boolean; marked: boolean; of: number; now: number };

const Row = memo(({ task: t, top, at, on, marked, of }: RowProps) => (
  <div class={"row line" + (on ? " on" : "") + (marked ? " marked" : "") + (t.saving ? " saving" : "")} style={{ top: top + "px" }} data-key={t.key} role="listitem"
    tabIndex={on ? 0 : -1} aria-setsize={of} aria-posinset={at} aria-label={`${t.key}, ${t.title}`}
    onFocus={() => (focus.value = t.key)} onClick={(e) => chosen(e as unknown as MouseEvent, t.key)}>
    <input type="checkbox" class="pick" checked={marked} tabIndex={-1} aria-label={"select " + t.key} onClick={(e) => { e.stopPropagation(); pick(t.key); }} />
    <Priority n={t.priority} /><Ring status={t.status} label /><span class="key">{t.key}</span>
    <span class="title" dir="auto">{t.title}</span>
    <span class="facts">
      {t.status === "blocked" && <span class="late cutoff" dir="auto">{t.blocked_reason}</span>}
      <Known task={t} most={3} />
    </span>
    <span class="who"><Lease task={t} /><Holder task={t} /></span>
    <span class="faint num when" title={moment(t.updated_at)}>{since(t.updated_at, clock.value)}</span>
  </div>
));
