// The tree: epics, features and tasks with their progress. Only what is open
// is unfolded, and only the rows in sight are there.
import { signal, useComputed } from "@preact/signals";
import { chosen } from "./board";
import { byKey, byPlace, epicOf, featureOf, type Level, type Task } from "./model";
import { Bar, Empty, Facts, Holder, NoMatch, Priority, Ring } from "./parts";
import { epics, features, loaded, match, revision, shown, tasks } from "./replica";
import { useRows } from "./rows";
import { focus, go, grid } from "./select";

const rowHeight = 32, small = 60;
const folded = signal<Set<string>>(new Set()); // epics are open, features are not, until this says otherwise

const flip = (key: string) => { const s = new Set(folded.value); s.has(key) ? s.delete(key) : s.add(key); folded.value = s; };
// A small plan is unfolded whole.
const isOpen = (key: string, searching: boolean) => (searching || !key.includes("-") || tasks.size <= small) !== folded.value.has(key);

type Line = { key: string; depth: number; level?: Level; task?: Task; open?: boolean };

function linesOf(all: Task[], searching: boolean): Line[] {
  const under = new Map<string, Task[]>(), byEpic = new Map<string, Set<string>>();
  for (const t of all) { const f = featureOf(t.key); const list = under.get(f); list ? list.push(t) : under.set(f, [t]); }
  for (const f of searching ? under.keys() : features.keys()) {
    const e = epicOf(f), set = byEpic.get(e);
    set ? set.add(f) : byEpic.set(e, new Set([f]));
  }
  const out: Line[] = [];
  const wanted = (searching ? [...byEpic.keys()] : [...epics.keys()]).sort(byKey);
  for (const e of wanted) {
    const epic = epics.get(e);
    if (!epic || (!searching && epic.status === "archived")) continue;
    const open = isOpen(e, searching);
    out.push({ key: e, depth: 1, level: epic, open });
    if (!open) continue;
    for (const f of [...(byEpic.get(e) ?? [])].sort(byKey)) {
      const feature = features.get(f);
      if (!feature || (!searching && feature.status === "archived")) continue;
      const unfolded = isOpen(f, searching);
      out.push({ key: f, depth: 2, level: feature, open: unfolded });
      if (unfolded) for (const task of (under.get(f) ?? []).sort(byPlace)) out.push({ key: task.key, depth: 3, task });
    }
  }
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
  const keys = lines.value.map((l) => l.key), w = useRows(keys, rowHeight);
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
    <div class={`row branch d${l.depth}` + (on ? " on" : "")} style={{ top: top + "px" }} data-key={l.key} role="treeitem" aria-level={l.depth} tabIndex={on ? 0 : -1}
      {...(t ? {} : { "aria-expanded": !!l.open })} onFocus={() => (focus.value = l.key)}
      onClick={(e) => (t ? chosen(e as unknown as MouseEvent, l.key) : (go(l.key), flip(l.key)))}>
      <span class={"twist" + (l.open ? " open" : "")} aria-hidden="true">{t ? "" : "›"}</span>
      {t && <Ring status={t.status} label />}
      <span class="key">{l.depth > 1 && <span class="stem">{l.key.slice(0, l.key.lastIndexOf("-") + 1)}</span>}{l.depth > 1 ? l.key.slice(l.key.lastIndexOf("-") + 1) : l.key}</span><span class="title" dir="auto">{t?.title ?? l.level!.title}</span>
      {t ? <><span class="facts"><Facts task={t} /></span><Priority n={t.priority} /><span class="who"><Holder task={t} /></span></>
        : <>{l.level!.status !== "active" && <span class="kind">{l.level!.status}</span>}{!!l.level!.open_dependencies && <span class="wait">waits for {l.level!.open_dependencies}</span>}
          <span class="num faint">{l.level!.tasks_completed}/{l.level!.tasks_total}</span><Bar done={l.level!.tasks_completed} of={l.level!.tasks_total} /></>}
    </div>
  );
}
