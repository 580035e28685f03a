// A copy of the live plan in this tab, kept up to date by the feed of changes.
// The server decides what a change means: of each task that changed, and of
// those that depend on it, the columns are read anew.
import { batch, computed, effect, signal } from "@preact/signals";
import { call, Refusal } from "./api";
import { type Change, open } from "./feed";
import { byPriority, type Level, type Replica, type Stage, type Task, type Verb, rowsOf } from "./model";
import { Ordered } from "./order";
import { asOf, query, then } from "./route";

export const tasks = new Map<string, Task>();
export const epics = new Map<string, Level>();
export const features = new Map<string, Level>();
export const verbs = signal<Verb[]>([]);
export const stages = signal<Stage[]>([]);

export const revision = signal(0); // grows with every change of the maps
export const loaded = signal(false);
export const paged = signal(false);
export const failed = signal<Refusal | undefined>();
export const online = signal(true);
export const touched = signal<Set<string>>(new Set()); // keys of the last changes, for what shows one item
export const clock = signal(Date.now()); // the server's time, every few seconds; of a past moment, that moment
export const lost = signal<Refusal | undefined>(); // why there is no plan of that moment
export const lacks = signal(""); // what that plan lacks, in a sentence

let levels = false, ahead = 0, shows = ""; // shows is the moment of which the copy is
let reading: Promise<unknown> = Promise.resolve(); // the plan, whole, the last time that it was
setInterval(() => { if (!shows) clock.value = Date.now() + ahead; }, 10_000);

// The rows in their order; keep and drop say which are to be put in place anew.
const ordered = new Ordered((key) => rowOf(key));
const drop = (key: string) => { tasks.delete(key); ordered.touch(key); };
export const keep = (t: Task) => { tasks.set(t.key, t); ordered.touch(t.key); };

const put = <T extends { key: string }>(into: Map<string, T>, all: T[]) => { for (const one of all) into.set(one.key, one); };

// load reads the whole plan, as it is or as it was.
async function load(): Promise<string> {
  const moment = asOf.value;
  let r: Replica, lacking = "";
  try {
    r = await call<Replica>(then("/v1/replica"), { headers: (h) => { lacking = (h.get("X-PM-Warning") ?? "").replace(/^\w+: /, ""); } });
  } catch (e) {
    if (moment !== asOf.value) return load();
    if (!moment || !((e as Refusal).status >= 400 && (e as Refusal).status < 500) || (e as Refusal).status === 401) throw e;
    batch(() => { shows = moment; lost.value = e as Refusal; lacks.value = ""; tasks.clear(); epics.clear(); features.clear(); loaded.value = true; ordered.clear(); revision.value++; });
    return "";
  }
  if (moment !== asOf.value) return load();
  batch(() => {
    shows = moment;
    lost.value = undefined; lacks.value = lacking;
    if (!moment) ahead = Date.parse(r.now) - Date.now();
    clock.value = Date.parse(r.now);
    tasks.clear(); epics.clear(); features.clear();
    put(tasks, rowsOf(r.tasks)); put(epics, r.epics); put(features, r.features);
    verbs.value = r.verbs; stages.value = r.stages ?? []; paged.value = !!r.paged; levels = !!r.levels;
    loaded.value = true; failed.value = undefined;
    ordered.clear(); revision.value++;
  });
  return r.place;
}

// done reports whether nobody waits for a feature or an epic any more.
const done = (l?: Level) => !l || l.status === "completed" || l.status === "archived" || (l.tasks_total > 0 && l.tasks_completed === l.tasks_total);
const turned = (of: Map<string, Level>, all: Level[]) => all.some((l) => done(of.get(l.key)) !== done(l));

// refresh reads some tasks anew. Those that are not answered are gone. Where a
// feature or an epic that others wait for is over now, or no more, all is read.
async function refresh(keys: string[], signal?: AbortSignal) {
  const as_of = asOf.value;
  if (as_of !== shows) return; // it is about to be read whole
  const r = await call<Replica>("/v1/replica", { query: { keys, as_of }, ...(signal ? { signal } : {}) });
  if (as_of !== shows) return;
  const rows = rowsOf(r.tasks), there = new Set(rows.map((t) => t.key));
  batch(() => {
    for (const k of keys) if (!there.has(k)) drop(k);
    for (const t of rows) keep(t);
    levels ||= !!r.levels;
    if (levels && (turned(epics, r.epics) || turned(features, r.features))) { whole = true; later(pause); }
    put(epics, r.epics); put(features, r.features);
    revision.value++;
  });
}

// What is to be read anew, until the next time that it is: the keys of tasks, and
// "inbox" where a question or a review may stand there or no more.
let changed = new Set<string>(), whole = false, timer = 0, busy = false;
const most = 900, pause = 120; // keys of a request; and beyond four of them all is read

function later(ms: number) { if (!timer && !busy) timer = window.setTimeout(catchUp, ms); }

async function catchUp() {
  timer = 0; busy = true;
  const names = shows && !whole ? [] : [...changed], keys = names.filter((n) => n !== "inbox"), all = whole || keys.length > 4 * most; // the past does not change
  changed = new Set(); whole = false;
  try {
    if (all) await (reading = load());
    else for (let i = 0; i < keys.length; i += most) await refresh(keys.slice(i, i + most));
    touched.value = new Set(all ? [...names, "all"] : names);
  } catch (e) {
    for (const n of names) changed.add(n);
    whole ||= all;
    window.setTimeout(() => later(0), 1000);
  }
  busy = false;
  if (whole || changed.size) later(pause);
  ask();
}

// Another moment is another plan.
effect(() => { if (asOf.value !== shows && loaded.peek()) { whole = true; later(0); } });

const isQuestion = (r: Change) => (r.change?.note as ({ kind?: string } | null)[] | undefined)?.some((n) => n?.kind === "question");

function heard(r: Change) {
  if (shows) return;
  if (r.key?.startsWith("T-")) changed.add(r.key);
  else if (r.key) whole = true;
  if (isQuestion(r) || r.old_status === "ready_for_review" || r.new_status === "ready_for_review") changed.add("inbox");
  if (r.change && ("key" in r.change || "feature" in r.change)) whole = true; // it was moved
  if (!r.key) { touched.value = new Set(["plan"]); whole ||= Object.keys(r.change ?? {}).some((c) => c.startsWith("stage.")); }
  later(25);
}

// The keys that the query finds, in its order; undefined: all. Of very many that
// are not among the live tasks, the first are read: it is cut.
export type Match = { order: string[]; sorted: boolean; cut: boolean };
export const match = signal<Match | undefined>();
export const mistake = signal<Refusal | undefined>();
let asking: AbortController | undefined, asked = "", askTimer = 0, askAgain = false;

async function askNow() {
  askTimer = 0; askAgain = false;
  const q = query.value.trim(), as_of = asOf.value;
  asked = q + as_of;
  asking?.abort();
  asking = undefined;
  if (!q) { batch(() => { match.value = undefined; mistake.value = undefined; }); return; }
  const mine = (asking = new AbortController());
  try {
    const r = await call<{ keys: string[] }>("/v1/replica/keys", { query: { query: q, as_of }, signal: mine.signal });
    await reading.catch(() => {}); // it forgets what is not among the live tasks
    const sorted = /(^|\s)sort:|@/.test(q), missing = r.keys.filter((k) => !tasks.has(k)), first = sorted || missing.length === r.keys.length;
    const read = async () => { if (missing.length) await refresh(missing.slice(0, most), mine.signal); };
    if (first) await read(); // what is here need not wait for the rest, unless that lies between
    if (mine.signal.aborted) return;
    batch(() => { match.value = { order: r.keys, sorted, cut: missing.length > most }; mistake.value = undefined; });
    if (!first) await read();
  } catch (e) {
    if (!mine.signal.aborted && e instanceof Refusal) mistake.value = e;
  }
  if (asking !== mine) return;
  asking = undefined;
  if (askAgain) ask();
}
// ask has the query evaluated anew, at once if its text is another, else not
// too often, and not before the last answer is there.
export function ask() {
  if (query.value.trim() + asOf.value !== asked) { clearTimeout(askTimer); askTimer = 0; void askNow(); }
  else if (asking) askAgain = true;
  else if (asked && !askTimer) askTimer = window.setTimeout(askNow, 200);
}

const follow = open({ heard, reset: () => { whole = true; later(0); }, online: (is) => {
  if (is && !online.value) { whole = true; later(0); }
  online.value = is;
} });

export async function start() {
  try {
    const first = load();
    reading = first;
    ask();
    follow(await first);
  } catch (e) {
    failed.value = e as Refusal;
    if ((e as Refusal).status !== 401) window.setTimeout(start, 1000);
  }
}

// Changes that the server has not answered yet lie over the rows.
const over = signal(new Map<string, Partial<Task>>());
export function lay(keys: string[], change?: Partial<Task>) {
  const next = new Map(over.value);
  for (const k of keys) {
    change ? next.set(k, { ...next.get(k), ...change }) : next.delete(k);
    ordered.touch(k);
  }
  over.value = next;
}
export const rowOf = (key: string): Task | undefined => {
  const base = tasks.get(key), o = over.value.get(key);
  return base && o ? { ...base, ...o, saving: true } : base;
};

// shown are the tasks of the query, in its order or by priority, as the views
// show them.
export const shown = computed<Task[]>(() => {
  revision.value; over.value;
  const m = match.value;
  if (!m) return ordered.all(tasks);
  const found = m.order.map(rowOf).filter((t) => !!t);
  return m.sorted ? found : found.sort(byPriority);
});
