// The views for leads: the inbox, the agents, the activity.
import { computed, signal, useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import { act, reasonFor, send } from "./act";
import { type Entry, History } from "./history";
import { useRead } from "./load";
import { ago, count, dueOf, leaseOf, isOverdue, type Operation, since, type Task, wordOf } from "./model";
import { Do, Empty, Face, Lease, Ring } from "./parts";
import { clock, loaded, match, rowOf, shown } from "./replica";
import { query, then, withParameters } from "./route";
import { useFocused } from "./rows";
import { chosen, focus, grid } from "./select";
import { Asked, type Question } from "./task";

const Item = ({ task: t, aside, when, late, children }: { task: Task; aside?: string; when: string; late?: boolean; children?: preact.ComponentChildren }) => (
  <div class={"row item" + (focus.value === t.key ? " on" : "")} data-key={t.key} role="listitem" tabIndex={focus.value === t.key ? 0 : -1} aria-label={`${t.key}, ${t.title}`}
    onFocus={() => (focus.value = t.key)} onClick={(e) => chosen(e as unknown as MouseEvent, t.key)}>
    <Ring status={t.status} label /><span class="key">{t.key}</span><span class="title" dir="auto">{t.title}</span><span class={(t.status === "blocked" ? "late" : "soft") + " cutoff aside"} dir="auto" title={aside}>{aside}</span>
    <span class={(late ? "late" : "faint") + " num when"}>{when}</span><span class="do" onClick={(e) => e.stopPropagation()}>{children}</span>
  </div>
);

const most = 30, mostHeld = 60; // rows of a group of the inbox, and of the agents

type GroupProps<T> = { title: string; all: T[]; most?: number; found?: string; children: (one: T) => preact.ComponentChildren };

// Group is a head and rows, the first of them if there are many: the list, with the
// query that found them, has the rest.
function Group<T>({ title, all, most = all.length, found = "", children: row }: GroupProps<T>) {
  const more = all.length - most;
  return all.length ? (
    <section><h2 class="group">{title} <span class="faint num">{count(all.length)}</span></h2><div role="list" aria-label={title}>{all.slice(0, most).map(row)}</div>
      {more > 0 && <p class="more"><a class="under" href={withParameters({ q: `${query.value} ${found}`.trim() }, "/list")}>{count(more)} more</a></p>}</section>
  ) : null;
}

const waiting = computed(() => {
  const review: Task[] = [], blocked: Task[] = [], expired: Task[] = [], overdue: Task[] = [], now = clock.value;
  for (const t of shown.value) {
    if (t.status === "ready_for_review") review.push(t);
    else if (t.status === "blocked") blocked.push(t);
    else if (t.status === "in_progress" && t.lease_until && t.lease_until <= now) expired.push(t);
    if (t.due && t.status !== "completed" && t.status !== "archived" && isOverdue(t.due, now)) overdue.push(t);
  }
  return { review, blocked, expired, overdue };
});

// useInbox is all that waits for a person, and how much it is. Questions, and what
// was rejected twice, the tab has no copy of: they are read again when they may be
// others.
export function useInbox() {
  const last = useRef<string[]>([]), again = ["inbox", ...last.current];
  const questions = useRead<{ items: Question[]; more?: number }>(then("/v1/questions?limit=50"), again);
  const back = useRead<{ keys: string[] }>(then("/v1/replica/keys?query=is:rejected"), again).data?.keys ?? [], found = back.length > 0 && match.value ? new Set(match.value.order) : undefined;
  const rejected = back.filter((k) => found?.has(k) ?? true).map(rowOf).filter((t) => !!t && t.status !== "archived") as Task[];
  const tasks = { ...waiting.value, rejected }, asked = questions.data?.items ?? [];
  last.current = [...asked.map((q) => q.key), ...back];
  return { ...questions, tasks, asked, total: asked.length + (questions.data?.more ?? 0) + new Set(Object.values(tasks).flat()).size };
}

const oldest = (all: Task[], at: "updated_at" | "blocked_at" | "lease_until") => all.toSorted((a, b) => a[at] - b[at]);

// inbox is what the sidebar read last, which is there beside every view: so it is
// asked for once.
export const inbox = signal<ReturnType<typeof useInbox> | undefined>(undefined);

export function Inbox() { return inbox.value ? <Waiting {...inbox.value} /> : null; }

function Waiting({ tasks, asked, total, data, again }: ReturnType<typeof useInbox>) {
  const now = clock.value;
  const review = oldest(tasks.review, "updated_at"), blocked = oldest(tasks.blocked, "blocked_at"), expired = oldest(tasks.expired, "lease_until"), rejected = oldest(tasks.rejected, "updated_at");
  const overdue = tasks.overdue.toSorted((a, b) => (a.due < b.due ? -1 : 1));
  grid.value = [[...new Set([review, blocked, expired, rejected, overdue].flatMap((g) => g.slice(0, most).map((t) => t.key)))]];
  const ref = useRef<HTMLElement>(null);
  useFocused(ref);
  const none = loaded.value && data && !total;
  return (
    <section class="rows flow" data-view="inbox" aria-label="Inbox" ref={ref}>
      {none && <Empty title="Nothing is waiting for you"><p>Reviews, questions, blocked tasks, expired leases, tasks rejected at least twice and overdue tasks appear here.</p></Empty>}
      <Group title="Questions" all={asked}>{(q) => <div key={q.key + q.n} class="asked" role="listitem"><a class="about" href={then(q.key?.startsWith("T-") ? "/task/" + q.key : "/activity")}><span class="key">{q.key || "the plan"}</span><span class="cutoff" dir="auto">{rowOf(q.key)?.title}</span></a><Asked q={q} again={again} /></div>}</Group>
      <Group title="Waiting for review" all={review} most={most} found="is:review sort:updated">{(t) => (
        <Item key={t.key} task={t} aside={(t.assigned_agent || "nobody") + (t.checks ? `, ${t.checks_done}/${t.checks}` : "")} when={since(t.updated_at, now)}>
          <Do class="btn small" run={() => void act("approve", [t.key])}>Approve</Do><Do class="btn small" run={() => void act("reject", [t.key])}>Reject</Do>
        </Item>)}</Group>
      <Group title="Blocked" all={blocked} most={most} found="is:blocked sort:updated">{(t) => (
        <Item key={t.key} task={t} aside={t.blocked_reason} when={since(t.blocked_at, now)}><Do class="btn small" run={() => void act("unblock", [t.key])}>Unblock</Do></Item>)}</Group>
      <Group title="Expired leases" all={expired} most={most} found="is:expired sort:updated">{(t) => (
        <Item key={t.key} task={t} aside={t.assigned_agent} when={since(t.lease_until, now)}><Do class="btn small" run={() => void release(t)}>Release</Do></Item>)}</Group>
      <Group title="Rejected twice or more" all={rejected} most={most} found="is:rejected sort:updated">{(t) => (
        <Item key={t.key} task={t} aside={t.assigned_agent || "nobody holds it"} when={since(t.updated_at, now)} />)}</Group>
      <Group title="Overdue" all={overdue} most={most} found="is:overdue sort:due">{(t) => (
        <Item key={t.key} task={t} aside={t.assigned_agent || "nobody holds it"} late when={dueOf(t.due, now)!.text.replace(/^due | ago$/g, "")} />)}</Group>
    </section>
  );
}

// release takes a task back from who holds it, with the reason that this needs.
async function release(t: Task) {
  const reason = await reasonFor("release", [t.key], "todo");
  if (reason) await send("/v1/tasks/release", "POST", { keys: [t.key], force: true, reason }, `released ${t.key}`);
}

export function Agents() {
  const { data } = useRead<{ items: Entry[] }>(then("/v1/history?limit=200"));
  const last = new Map<string, Entry>();
  for (const e of data?.items ?? []) if (e.agent && !last.has(e.agent)) last.set(e.agent, e);
  const groups = useComputed(() => {
    const now = clock.value, work: Task[] = [], silent: Task[] = [];
    for (const t of shown.value) if (t.status === "in_progress" && t.assigned_agent) (leaseOf(t, now)?.text === "lease expired" ? silent : work).push(t);
    const by = (a: Task, b: Task) => a.assigned_agent.localeCompare(b.assigned_agent) || a.started_at - b.started_at;
    return [work.sort(by), silent.sort(by)] as const;
  });
  const [work, silent] = groups.value;
  grid.value = [[work, silent].flatMap((g) => g.slice(0, mostHeld).map((t) => t.key))];
  const row = (t: Task) => <Held key={t.key} task={t} last={last.get(t.assigned_agent)} more={!!data} />;
  const lost = (data?.items ?? []).filter(isLoss);
  const ref = useRef<HTMLElement>(null);
  useFocused(ref);
  return (
    <section class="rows flow" data-view="agents" aria-label="Agents" ref={ref}>
      {loaded.value && !work.length && !silent.length && !lost.length && <Empty title={match.value ? "Nothing matches" : "Nobody holds a task"}><p>An agent takes the next one with:</p><pre>pm next --claim --agent NAME</pre></Empty>}
      <Group title="Working" all={work} most={mostHeld} found="status:in_progress -is:expired has:agent">{row}</Group>
      <Group title="Silent" all={silent} most={mostHeld} found="is:expired">{row}</Group>
      <Group title="Claims lost" all={lost} most={most}>{(e) => <Lost key={e.hash} e={e} />}</Group>
    </section>
  );
}

// did says in a few words what somebody did last.
const did = (e: Entry) => {
  const note = (e.change?.note?.[1] ?? null) as { kind?: string; body?: string } | null;
  if (note?.body) return `${note.kind ?? "note"}: ${note.body}`;
  if (e.old_status !== e.new_status) return `${e.key}: ${wordOf(e.new_status ?? "deleted").toLowerCase()}`;
  return `${e.key}: ${Object.keys(e.change ?? {})[0]?.replace(/_/g, " ") ?? "changed"}`;
};

// isLoss tells of a claim that somebody else has ended, who took it over or released it.
const isLoss = (e: Entry) => {
  const from = e.change?.assigned_agent?.[0];
  return e.old_status === "in_progress" && (e.new_status === "in_progress" || e.new_status === "todo") && !!from && from !== e.agent;
};

const Lost = ({ e }: { e: Entry }) => {
  const name = String(e.change!.assigned_agent![0]), key = e.key!;
  return (
    <div class="row held" role="listitem"><Face name={name} /><b class="cutoff">{name}</b><a class="key" href={then("/task/" + key)}>{key}</a><span class="title" dir="auto">{rowOf(key)?.title}</span>
      <span class="soft cutoff last" dir="auto" title={e.notes}>{e.new_status === "todo" ? "released" : "taken over"} by {e.agent}, {ago(e.timestamp, clock.value)}</span></div>
  );
};

const Last = ({ e }: { e: Entry }) => <>{did(e)}, {ago(e.timestamp, clock.value)}</>;

// LastOf reads what an agent did last, where it was longer ago than what was read for all.
function LastOf({ agent }: { agent: string }) {
  const { data } = useRead<{ items: Entry[] }>(then("/v1/history?limit=1&agent=" + encodeURIComponent(agent)), []);
  return data?.items[0] ? <Last e={data.items[0]} /> : null;
}

const Held = ({ task: t, last, more }: { task: Task; last: Entry | undefined; more: boolean }) => (
  <div class={"row held" + (focus.value === t.key ? " on" : "")} data-key={t.key} role="listitem" tabIndex={focus.value === t.key ? 0 : -1} aria-label={`${t.assigned_agent} holds ${t.key}, ${t.title}`}
    onFocus={() => (focus.value = t.key)} onClick={(e) => chosen(e as unknown as MouseEvent, t.key)}>
    <Face name={t.assigned_agent} agent={t.lease_until > 0} /><b class="cutoff">{t.assigned_agent}</b><span class="key">{t.key}</span><span class="title" dir="auto">{t.title}</span>
    <span class="soft cutoff last" dir="auto">{last ? <Last e={last} /> : more && <LastOf agent={t.assigned_agent} />}</span>
    <span class="soft num" title="how long it has been held">held {since(t.started_at, clock.value).replace("now", "1 min")}</span><span class="left"><Lease task={t} more=" left" /></span>
    <span class="do" onClick={(e) => e.stopPropagation()}><Do class="btn small" run={() => void release(t)}>Release</Do></span>
  </div>
);

export function Activity() {
  const { data } = useRead<{ items: Entry[] }>(then("/v1/history?limit=100")), { data: ops } = useRead<{ items: Operation[] }>("/v1/operations?limit=200");
  grid.value = [[]];
  return (
    <section class="rows flow" data-view="activity" aria-label="Activity">
      {data && (data.items.length ? <History all={data.items} undo={new Map((ops?.items ?? []).map((o) => [o.id, o]))} /> : <Empty title="Nothing has happened yet"><p>Every change to the plan appears here, with who made it.</p></Empty>)}
    </section>
  );
}
