// Changes: shown at once, sent with the version they were made on and an
// idempotency key, and taken back with pm's own sentence when refused.
import { batch, computed, signal } from "@preact/signals";
import { type Answer, call, newKey, Refusal } from "./api";
import { type Status, type Task, wordOf } from "./model";
import { keep, lay, loaded, online, revision, rowOf, stages, tasks, verbs } from "./replica";
import { asOf } from "./route";

export type Toast = { id: number; text: string; hint?: string; bad?: boolean; operation?: string };
export const toasts = signal<Toast[]>([]);
export const spoken = signal(""); // for the live region
let toastId = 0;

// say tells something. Of what was done the last stays in sight for a while, and
// can be undone there, by a lead the ones before it too; what was refused stays longer.
export function say(text: string, hint = "", bad = false, operation = "") {
  const id = ++toastId;
  batch(() => {
    spoken.value = hint ? `${text}: ${hint}` : text;
    const old = toasts.value.slice(-2);
    toasts.value = [...(operation && me.value.role !== "lead" ? old.map((t) => ({ ...t, operation: "" })) : old), { id, text, hint, bad, operation }];
  });
  setTimeout(() => dismiss(id), bad ? 12_000 : 7_000);
}
export const dismiss = (id: number) => (toasts.value = toasts.value.filter((t) => t.id !== id));

// Who acts in this page, and how much they may do, as the server says.
export const me = signal<{ agent: string; role: "read" | "work" | "lead" }>({ agent: "", role: "lead" });
export const readMe = async () => { try { me.value = await call("/session"); } catch { /* the plan says why */ } };

// whyNot says why nothing can be changed here, or why only a lead may; empty if it can.
export const whyNot = (lead = false) => (!online.value ? "offline: nothing can be changed until pm serve is back" : asOf.value ? "cannot change the past: press Escape to return to now"
  : me.value.role === "read" ? "read-only: your token does not allow changes"
  : lead && me.value.role !== "lead" ? "only a lead may do this" : "");

const sending = signal(0);
export const state = computed(() => (!online.value ? "offline" : !loaded.value ? "loading" : sending.value ? "saving" : "live, saved"));

// send makes a change of the plan, tells what was done, which can be undone then,
// and answers undefined if it is refused.
export async function send<T>(path: string, method: string, body: unknown, done: string | ((answer: T) => string), version?: number, failed?: (r: Refusal) => boolean): Promise<T | undefined> {
  const why = whyNot();
  if (why) {
    say(why, "", true);
    return;
  }
  sending.value++;
  try {
    const answer = await call<T & { operation?: string }>(path, { method, body, key: newKey(), ...(version ? { version } : {}) });
    say(typeof done === "string" ? done : done(answer), "", false, path.startsWith("/v1/trash?") || path === "/v1/trash" ? "" : answer?.operation);
    return answer;
  } catch (e) {
    if (e instanceof Refusal && failed?.(e)) return;
    const r = e as Refusal;
    say(r.message, r.hint, true);
    return;
  } finally {
    sending.value--;
  }
}

// optimistic shows a change of tasks while it is sent.
async function optimistic<T>(keys: string[], change: Partial<Task>, run: () => Promise<T | undefined>): Promise<T | undefined> {
  lay(keys, change);
  const answer = await run();
  batch(() => {
    if (answer) for (const t of itemsOf(answer)) settle(t);
    lay(keys);
    revision.value++;
  });
  return answer;
}

// What an undo did, or would do.
export type Undone = Answer<"plan_undo">;
export type FieldChange = Undone["changes"][number];
// A Turn is an undo or a redo: of an operation, or of what was done last.
export type Turn = { what: "undo" | "redo"; id?: string; skip_conflicts?: boolean };
export const turning = signal<Turn | undefined>(); // what is being looked at before it is done

// turn undoes an operation, by default the last of whoever is signed in, or
// redoes what was undone last. What stands in the way is shown.
export async function turn({ what, ...body }: Turn) {
  const done = await send<Undone>("/v1/" + what, "POST", body, (a) => `${a.redo || what === "redo" ? "redid" : "undid"} ${a.undone.map((o) => `${o.command}, by ${o.agent}`).join("; ")}`, undefined,
    (r) => { if (r.conflicts.length) turning.value = { what, ...body }; return r.conflicts.length > 0; });
  for (const w of done?.warnings ?? []) say(w.message, w.hint ?? "", true);
  return !!done;
}

const itemsOf = (answer: unknown) => ((answer as { items?: object[] }).items ?? [answer]) as Record<string, unknown>[];
const ms = (at: unknown) => (typeof at === "string" ? Date.parse(at) : 0);

// settle takes a task as an answer has it; the feed brings the rest.
function settle(t: Record<string, unknown>) {
  const old = tasks.get(t.key as string);
  if (!old || !t.version || (t.version as number) < old.version) return;
  keep({
    ...old, title: t.title as string, status: t.status as Status, priority: t.priority as number, version: t.version as number,
    kind: (t.kind as string) ?? "", agent_type: (t.agent_type as string) ?? "", assignee: (t.assignee as string) ?? "",
    assigned_agent: (t.assigned_agent as string) ?? "", labels: (t.labels as string[]) ?? null, due: (t.due as string) ?? "",
    estimate: (t.estimate as number) ?? 0, blocked_reason: (t.blocked_reason as string) ?? "", open_dependencies: (t.open_dependencies as number) ?? 0,
    lease_until: ms(t.lease_until), stage: (t.stage as string) ?? "", updated_at: ms(t.updated_at), completed_at: ms(t.completed_at), position: (t.position as string) ?? "",
  });
}

const versionOf = (keys: string[]) => (keys.length === 1 ? tasks.get(keys[0]!)?.version : undefined);

// update changes fields of tasks, all of them or none.
export const update = (keys: string[], change: Partial<Task>) =>
  optimistic(keys, change, () => send("/v1/tasks", "PATCH", { keys, ...change }, `${some(keys)}: ${fieldsOf(change)}`, versionOf(keys)));

// some names tasks in few words, and fieldsOf what was set of them.
export const some = (keys: string[]) => (keys.length === 1 ? keys[0]! : `${keys.length} tasks`);
const fieldsOf = (change: object) => Object.entries(change).map(([name, v]) => (name === "title" ? "new title" : `${name === "assignee" ? "assigned to" : name} ${v || (name === "assignee" ? "anyone" : "none")}`)).join(", ");

// verbTo is the verb that leads from one status to another, as the status table
// has it: a person starts a task where an agent claims it.
export const verbTo = (from: Status, to: Status) =>
  verbs.value.find((v) => v.verb !== "claim" && v.from.includes(from) && v.to === to && from !== to) ??
  (from === "blocked" && to !== "archived" && to !== "blocked" ? verbs.value.find((v) => v.to === "" && v.from.includes(from)) : undefined);

export const asking = signal<{ verb: string; keys: string[]; to: Status; done: (reason?: string) => void } | undefined>();
export const reasonFor = (verb: string, keys: string[], to: Status) =>
  new Promise<string | undefined>((done) => (asking.value = { verb, keys, to, done: (r) => { asking.value = undefined; done(r); } }));

// move brings tasks to a status by the verbs that lead there.
export async function move(keys: string[], to: Status) {
  const groups = new Map<string, string[]>();
  for (const k of keys) {
    const t = rowOf(k);
    const v = t && t.status !== to ? verbTo(t.status, to) : undefined;
    if (t && t.status !== to && !v) say(`cannot move ${k} from ${wordOf(t.status)} to ${wordOf(to)}`, "reopen or unblock it first", true);
    if (v) groups.set(v.verb, [...(groups.get(v.verb) ?? []), k]);
  }
  for (const [verb, some] of groups) await act(verb, some, to);
}

// moveTo brings tasks to a column of the board: a status, or a stage.
export const moveTo = (keys: string[], column: string) => (stages.value.some((s) => s.name === column) ? pass(keys, column) : move(keys, column as Status));

// pass moves tasks along the line of stages: forward by submitting them, back by
// sending them back to an earlier stage.
export async function pass(keys: string[], stage: string) {
  const at = (s: string) => stages.value.findIndex((x) => x.name === s), to = at(stage);
  const on = keys.filter((k) => at(rowOf(k)?.stage ?? "") < to), back = keys.filter((k) => at(rowOf(k)?.stage ?? "") > to);
  const far = on.find((k) => at(rowOf(k)!.stage) < to - 1);
  if (far) return say(`cannot move ${far} to ${stage}: a task passes one stage at a time`, "move it to the next stage", true);
  const word = () => stage;
  if (on.length) await change("submit", on, { stage, status: "todo" }, word);
  if (!back.length) return;
  const reason = await reasonFor("reject", back, "todo");
  if (reason) await change("reject", back, { stage, status: "todo" }, word, { to: stage, reason });
}

const change = (verb: string, keys: string[], shown: Partial<Task>, word: (answer: object) => string, more = {}) =>
  optimistic(keys, shown, () => send<object>("/v1/tasks/" + verb, "POST", { keys, ...more }, (a) => `${some(keys)}: ${word(a)}`, versionOf(keys)));

// act runs a verb, after asking why where a reason is required.
export async function act(verb: string, keys: string[], to?: Status): Promise<boolean> {
  const row = verbs.value.find((v) => v.verb === verb), target = to ?? (row?.to || undefined);
  let reason: string | undefined;
  if (row?.reason) {
    reason = await reasonFor(verb, keys, target ?? "todo");
    if (!reason) return false;
  }
  const shown: Partial<Task> = target ? { status: target, ...(target === "blocked" ? { blocked_reason: reason ?? "" } : {}) } : {};
  return !!(await change(verb, keys, shown, (a) => (target ? wordOf((itemsOf(a)[0]?.status as string | undefined) ?? target) : verb), reason ? { reason } : {}));
}
