// What the page knows of a plan, and the words it has for it.

import type { Answer } from "./api";

export type Status = "todo" | "in_progress" | "ready_for_review" | "blocked" | "completed" | "archived";

export type Task = {
  key: string; title: string; status: Status; stage: string; kind: string; agent_type: string; priority: number; position: string; assignee: string;
  assigned_agent: string; labels: string[] | null; due: string; not_before: string; estimate: number; checks: number; checks_done: number;
  blocked_reason: string; open_dependencies: number; ready: boolean; lease_until: number; version: number;
  created_at: number; updated_at: number; started_at: number; completed_at: number; blocked_at: number;
  part: number; nth: number; // the key as numbers: where its feature stands among all, and the task in it
  saving?: boolean;
};

export type Level = {
  key: string; title: string; status: string; tasks_total: number; tasks_completed: number; open_dependencies?: number; labels?: string[]; version: number;
};

export type Stage = { name: string; agent_type?: string; limit?: number };

export type Verb = { verb: string; from: Status[]; to: Status | ""; reason?: boolean };

// An Operation is one command that changed something.
export type Operation = Answer<"ops_list">["items"][number];

export type Columns = { [K in keyof Omit<Task, "part" | "nth" | "saving">]: Task[K][] };

export type Replica = {
  place: string; now: string; live: number; paged?: boolean; levels?: boolean; tasks: Columns; epics: Level[]; features: Level[]; verbs: Verb[]; stages?: Stage[];
};

// Work goes from left to right; what is archived is on no board.
export const columns: { status: Status; word: string }[] = [
  { status: "todo", word: "Todo" }, { status: "in_progress", word: "In progress" }, { status: "ready_for_review", word: "Review" },
  { status: "blocked", word: "Blocked" }, { status: "completed", word: "Completed" },
];
const statuses = Object.fromEntries([...columns.map((c) => c.status), "archived"].map((s) => [s, s])) as { [S in Status]: S };
export const titled = (s: string) => s.slice(0, 1).toUpperCase() + s.slice(1);
export const wordOf = (s: string) => columns.find((c) => c.status === s)?.word ?? titled(s);

export function rowsOf(c: Columns): Task[] {
  const names = Object.keys(c) as (keyof Columns)[];
  return (c.key ?? []).map((key, i) => {
    const row: Record<string, unknown> = {}, [e = 0, f = 0] = parts(key);
    for (const n of names) row[n] = c[n]![i];
    row.part = e * 1e6 + f; row.nth = nthOf(key);
    row.status = statuses[row.status as Status]; // one text of each: they are compared quicker
    return row as unknown as Task;
  });
}

// The keys of what a task lies in: T-E01-F02-003 lies in E01-F02.
export const featureOf = (key: string) => key.slice(2, key.lastIndexOf("-"));
export const epicOf = (key: string) => key.replace(/^T-/, "").split("-")[0]!;

export const nthOf = (key: string) => Number(key.slice(key.lastIndexOf("-") + 1));

const parts = (key: string) => key.match(/\d+/g)?.map(Number) ?? [];
export function byKey(a: string, b: string): number {
  const x = parts(a), y = parts(b);
  for (let i = 0; i < 3; i++) if (x[i] !== y[i]) return (x[i] ?? 0) - (y[i] ?? 0);
  return 0;
}

// placeOf is where a task stands in the order of the plan, as a text to compare: its
// position or, if it was never moved, its creation time and the number of its key.
const placeOf = (t: Task) => t.position || new Date(t.created_at).toISOString() + "1" + parts(t.key).map((n, i) => String(n).padStart(5 + i, "0")).join("");

// byPlace is the order of the plan.
export function byPlace(a: Task, b: Task): number {
  if (!a.position && !b.position) return a.created_at - b.created_at || inOrder(a, b);
  const x = placeOf(a), y = placeOf(b);
  return x < y ? -1 : x > y ? 1 : inOrder(a, b);
}

// inOrder is the order of keys, of tasks.
export const inOrder = (a: Task, b: Task) => a.part - b.part || a.nth - b.nth;

// byPriority is the order of tasks where the query asks for none, as in pm list.
export const byPriority = (a: Task, b: Task) => a.priority - b.priority || inOrder(a, b);

// Forms of numbers and dates: toLocaleString would make one each time.
const format = new Intl.NumberFormat(), weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" }), date = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
export const count = (n: number) => format.format(n);

const minute = 60_000, hour = 60 * minute, day = 24 * hour;

// span says how long a time is, in one unit.
export function span(ms: number): string {
  if (ms < minute) return "now";
  if (ms < hour) return Math.floor(ms / minute) + " min";
  if (ms < day) return Math.floor(ms / hour) + " h";
  return Math.floor(ms / day) + " d";
}
export const since = (at: number | string, now: number) => span(now - (typeof at === "string" ? Date.parse(at) : at));
export const moment = (at: number | string) => new Date(at).toLocaleString(undefined, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });
export const ago = (at: number | string, now: number) => { const s = since(at, now); return s === "now" ? "just now" : s + " ago"; };

export type Left = { text: string; low: boolean };
export function leaseOf(t: Task, now: number): Left | undefined {
  if (t.status !== "in_progress" || !t.lease_until) return;
  const left = t.lease_until - now;
  if (left <= 0) return { text: "lease expired", low: true };
  return { text: left < minute ? "under 1 min" : span(left), low: left < 5 * minute };
}

const ends = new Map<string, number>(); // when a due date is past: a day at its end
const endOf = (due: string) => { const at = new Date(due); return due.length > 10 ? at.getTime() : new Date(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + 1).getTime(); };

// isOverdue tells whether a due date is past.
export function isOverdue(due: string, now: number): boolean {
  let end = ends.get(due);
  if (end === undefined) ends.set(due, (end = endOf(due)));
  return due.length > 10 ? end < now : end <= now;
}

// dueOf says when a task is due, from today.
export function dueOf(due: string, now: number): Left | undefined {
  if (!due) return;
  const at = new Date(due.length > 10 ? due : due + "T12:00:00"), today = new Date(now);
  const days = Math.round((new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime() - new Date(today.getFullYear(), today.getMonth(), today.getDate()).getTime()) / day);
  const low = isOverdue(due, now);
  if (days < -1) return { text: `due ${-days} d ago`, low };
  if (days < 2) return { text: ["due yesterday", "due today", "due tomorrow"][days + 1]!, low };
  return { text: "due " + (days < 7 ? weekday : date).format(at), low };
}
