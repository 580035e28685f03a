// The tree: epics, features and tasks with their progress. Only what is open
// is unfolded, and only the rows in sight are there.
import { signal, useComputed } from "@preact/signals";
import { byKey, byPlace, count, epicOf, featureOf, type Level, type Task } from "./model";
import { Bar, Empty, Facts, Holder, NoMatch, Priority, Ring } from "./parts";
import { epics, features, loaded, match, revision, shown, tasks } from "./replica";
import { useRows } from "./rows";
import { chosen, focus, go, grid } from "./select";

const rowHeight = 32, small = 60;
const folded = signal<Set<string>>(new Set()); // epics are open, features are not, until this says otherwise

const flip = (key: string) => { const s = new Set(folded.value); s.has(key) ? s.delete(key) : s.add(key); folded.value = s; };
// A small plan is unfolded whole.
const isOpen = (key: string, searching: boolean) => (searching || !key.includes("-") || tasks.size <= small) !== folded.value.has(key);

// A Line is a row of the tree; it is the nth of those beside it.
type Line = { key: string; depth: number; level?: Level; task?: Task; open?: boolean; at: number; of: number };

function linesOf(all: Task[], searching: boolean): Line[] {
  const under = new Map<string, Task[]>(), byEpic = new Map<string, string[]>();
  const put = <T,>(into: Map<string, T[]>, key: string, one: T) => { const list = into.get(key); list ? list.push(one) : into.set(key, [one]); };
  const there = (l?: Level) => !!l && (searching || l.status !== "archived");
  for (const t of all) put(under, featureOf(t.key), t);
  for (const f of searching ? under.keys() : features.keys()) if (there(features.get(f))) put(byEpic, epicOf(f), f);
  const out: Line[] = [];
  const add = (level: Level, depth: number, at: number, of: number) => { const open = isOpen(level.key, searching); out.push({ key: level.key, depth, level, open, at: at + 1, of }); return open; };
  const wanted = [...(searching ? byEpic : epics).keys()].filter((e) => there(epics.get(e))).sort(byKey);
  wanted.forEach((e, i) => {
    if (!add(epics.get(e)!, 1, i, wanted.length)) return;
    const beside = (byEpic.get(e) ?? []).sort(byKey);
    beside.forEach((f, i) => {
      if (!add(features.get(f)!, 2, i, beside.length)) return;
      const tasks = (under.get(f) ?? []).sort(byPlace);
      tasks.forEach((task, i) => out.push({ key: task.key, depth: 3, task, at: i + 1, of: tasks.length }));
    });
  });
  return out;
}

// fold opens or closes a row of the tree, for the keys; false if it is none.
export function fold(open: boolean): boolean {
  const key = focus.value;
  if (!key || key.startsWith("T-")) { if (!open && key) go(featureOf(key)); return !open; }
  if (isOpen(key, !!match.value) === open) { if (!open && key.includes("-")) go(epicOf(key)); return false; }
  flip(key);
  return true;
}
export const toggle = () => flip(focus.value);

export function Tree() {
  const lines = useComputed(() => { revision.value; folded.value; return linesOf(shown.value, !!match.value); });
  const keys = lines.value.map((l) => l.key), w = useRows(keys.length, keys.indexOf(focus.value), rowHeight);
  grid.value = [keys];
  return (
    <section class="rows" data-view="tree" aria-label="Tree" ref={w.ref}>
      {loaded.value && !keys.length && (match.value ? <NoMatch /> : <Empty title="No epics yet"><p>Create the first one in a terminal:</p><pre>pm epic create "Payments"</pre></Empty>)}
      {keys.length > 0 && <div class="tall" style={{ height: w.height + "px" }} role="tree" aria-label="Plan">
        {lines.value.slice(w.from, w.to).map((l, i) => <TreeRow key={l.key} line={l} top={(w.from + i) * rowHeight} />)}
      </div>}
    </section>
  );
}

function TreeRow({ line: l, top }: { line: Line; top: number }) {
  const on = focus.value === l.key, t = l.task;
  return (
    <div class={`row branch d${l.depth}` + (on ? " on" : "")} style={{ top: top + "px" }} data-key={l.key} role="treeitem" aria-level={l.depth} aria-posinset={l.at} aria-setsize={l.of} tabIndex={on ? 0 : -1}
      {...(t ? {} : { "aria-expanded": !!l.open })} onFocus={() => (focus.value = l.key)}
      onClick={(e) => (t ? chosen(e as unknown as MouseEvent, l.key) : (go(l.key), flip(l.key)))}>
      <span class={"twist" + (l.open ? " open" : "")} aria-hidden="true">{t ? "" : "›"}</span>
      {t && <Ring status={t.status} label />}
      <span class="key">{l.depth > 1 && <span class="stem">{l.key.slice(0, l.key.lastIndexOf("-") + 1)}</span>}{l.depth > 1 ? l.key.slice(l.key.lastIndexOf("-") + 1) : l.key}</span><span class="title" dir="auto">{t?.title ?? l.level!.title}</span>
      {t ? <><span class="facts"><Facts task={t} /></span><Priority n={t.priority} /><span class="who"><Holder task={t} /></span></>
        : <>{l.level!.status !== "active" && <span class="kind">{l.level!.status}</span>}{!!l.level!.open_dependencies && <span class="wait">waits for {l.level!.open_dependencies}</span>}
          <span class="num faint">{count(l.level!.tasks_completed)}/{count(l.level!.tasks_total)}</span><Bar done={l.level!.tasks_completed} of={l.level!.tasks_total} /></>}
    </div>
  );
}
