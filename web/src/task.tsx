// One task, beside a view or as a page of its own: every field with the key
// that changes it, what it waits for, what was said and what happened.
import { useState } from "preact/hooks";
import { say, send, update, whyNot } from "./act";
import { History, type Entry } from "./history";
import { useRead } from "./load";
import { Markdown } from "./markdown";
import { ago, dueOf, type Status, type Task, wordOf } from "./model";
import { choose } from "./choose";
import { Do, Empty, Face, Priority, Ring, Tag, Lease } from "./parts";
import { clock, rowOf, revision } from "./replica";
import { then, withParameters } from "./route";
import { peek } from "./select";

type Linked = { key: string; title: string; status: Status };
type Note = { n: number; agent: string; kind: string; body: string; created_at: string };
export type Question = { key: string; n: number; text: string; by: string; at: string; to?: string; choices?: string[]; answer?: string; answered_by?: string };
type Full = Omit<Task, "checks"> & { description?: string; file_path?: string; refs?: string[]; links?: { as: string; to: string }[]; repeat?: string; fields?: Record<string, unknown>; checks?: { n: number; text: string; done: boolean; by?: string }[] };
type Context = {
  task: Full; epic: string; feature: string;
  depends_on?: Linked[]; dependants?: Linked[]; notes?: Note[]; questions?: Question[]; siblings?: Linked[];
};

export const Peek = () => (peek.value.startsWith("T-") ? (
  <aside class="peek" aria-label={peek.value}>
    <button class="btn close" onClick={() => (peek.value = "")} aria-label="Close">×</button>
    <TaskView name={peek.value} beside />
  </aside>
) : null);

export const TaskPage = ({ name }: { name: string }) => <section class="page" data-view="task" aria-label={name}><TaskView name={name} /></section>;

function TaskView({ name, beside }: { name: string; beside?: boolean }) {
  revision.value;
  const { data: c, error, again } = useRead<Context>(then(`/v1/tasks/${name}/context`), [name]);
  const { data: past } = useRead<{ items: Entry[] }>(then(`/v1/history?key=${name}&limit=40`), [name]);
  if (error && (!c || error.status === 404)) return <Empty title={error.message}><p>{error.hint}</p></Empty>;
  if (!c) return <div class="task" aria-busy="true" />;
  const t = { ...c.task, ...rowOf(name), checks: c.task.checks } as Context["task"];
  return (
    <article class="task" data-key={beside ? undefined : name}>
      <div class="path key">
        <a href={withParameters({ q: "epic:" + c.task.key.slice(2, 5) }, "/list")}><bdi>{c.epic}</bdi></a> / <bdi>{c.feature}</bdi> / {beside ? <a href={then("/task/" + name)}>{name}</a> : <span>{name}</span>}
      </div>
      <Title task={t as unknown as Task} />
      <Props task={t as unknown as Task} full={c.task} waits={c.depends_on ?? []} />
      <Description name={name} text={c.task.description ?? ""} version={t.version} />
      {t.checks && <Checks name={name} checks={t.checks} again={again} />}
      {c.questions?.filter((q) => !q.answer).map((q) => <Asked key={q.n} q={{ ...q, key: name }} again={again} />)}
      <Links title="Depends on" all={c.depends_on} /><Links title="Needed by" all={c.dependants} />
      <Notes name={name} notes={c.notes ?? []} answered={c.questions?.filter((q) => q.answer) ?? []} again={again} />
      <section><h3>What happened</h3>{past && <History all={past.items} of={name} />}</section>
      <p class="actions"><button class="btn" onClick={() => copy(name)}>Copy context for an agent</button> {(c.depends_on ?? c.dependants)?.length ? <a class="btn" href={withParameters({ key: name, q: "" }, "/graph")}>Graph</a> : null} <a class="btn" href={then("/print/task/" + name)}>Print</a></p>
    </article>
  );
}

// What is being written stays until it is saved or dropped, also while another
// task is looked at, and with it the text that it began with.
type Draft = { text: string; base: string };
const drafts = new Map<string, Draft>();

// begin opens a draft, which has the focus then; one that was left open does not
// take it from whoever only comes by.
let begun = false;
const begin = (set: (text?: string, base?: string) => void, text: string) => { begun = true; set(text, text); };
const focusBegun = (el: HTMLElement | null) => { if (el && begun) { begun = false; el.focus(); } };

function useDraft(id: string): [Draft | undefined, (text?: string, base?: string) => void] {
  const [, again] = useState(0), now = drafts.get(id);
  return [now, (text, base = now?.base ?? "") => { text === undefined ? drafts.delete(id) : drafts.set(id, { text, base }); again((n) => n + 1); }];
}

// changed tells if somebody else has changed what a draft began with, and says so.
function changed(what: string, d: Draft, now: string): boolean {
  const is = d.base !== now && d.text !== now;
  if (is) say(`cannot save the ${what}: it was changed while you edited it`, "copy your text, cancel, and edit again", true);
  return is;
}

function Title({ task }: { task: Task }) {
  const [draft, set] = useDraft(task.key + " title"), text = draft?.text;
  const save = () => {
    const d = drafts.get(task.key + " title"), v = d?.text.trim();
    if (!d || changed("title", d, task.title)) return;
    set();
    if (v && v !== task.title) void update([task.key], { title: v });
  };
  return text === undefined
    ? <h2 dir="auto"><Do class="edit" run={() => begin(set, task.title)} title="Change the title">{task.title}</Do></h2>
    : <input class="titlebox" aria-label="Title" value={text} onInput={(e) => set(e.currentTarget.value)} onBlur={save} ref={focusBegun}
        onKeyDown={(e) => { if (e.key === "Enter") save(); if (e.key === "Escape") { e.stopPropagation(); set(); } }} />;
}

function Props({ task: t, full, waits }: { task: Task; full: Context["task"]; waits: Linked[] }) {
  const due = dueOf(t.due, clock.value), undone = waits.filter((w) => w.status !== "completed" && w.status !== "archived").length;
  const row = (word: string, value: unknown, change?: () => void) => (
    <><dt>{word}</dt><dd>{change ? <Do class="edit" run={change} title={"Change: " + word.toLowerCase()}>{value as string}</Do> : (value as string)}</dd></>
  );
  return (
    <dl class="facts">
      {row("Status", <><Ring status={t.status} /> {wordOf(t.status).toLowerCase()}{t.ready && t.status === "todo" ? ", ready" : ""}</>, () => choose("status", [t.key]))}
      {t.status === "blocked" && t.blocked_reason && row("Reason", <span class="late" dir="auto">{t.blocked_reason}</span>)}
      {row("Priority", <><Priority n={t.priority} /> {t.priority}</>, () => choose("priority", [t.key]))}
      {row("Held by", t.assigned_agent ? <><Face name={t.assigned_agent} agent={t.lease_until > 0} /> {t.assigned_agent} <Lease task={t} /></> : <span class="faint">nobody</span>)}
      {row("Assigned to", t.assignee || <span class="faint">anyone</span>, () => choose("assignee", [t.key]))}
      {row("Labels", t.labels?.length ? t.labels.map((l) => <Tag key={l} word={l} />) : <span class="faint">none</span>, () => choose("labels", [t.key]))}
      {t.agent_type && row("Agent type", t.agent_type)}
      {row("Due", due ? <span class={due.low ? "late" : ""} title={t.due}>{due.text.replace(/^due /, "")} <span class="faint num">{t.due}</span></span> : <span class="faint">none</span>, () => choose("due", [t.key]))}
      {t.estimate > 0 && row("Estimate", String(t.estimate))}
      {row("Waits for", undone ? <span class="wait">{undone} of {waits.length}</span> : <>nothing{waits.length > 0 && <span class="faint"> ({waits.length} done)</span>}</>)}
      {full.repeat && row("Repeats", full.repeat)}
      {full.file_path && row("File", <code>{full.file_path}</code>)}
      {full.refs?.length && row("References", full.refs.join(", "))}
      {full.links?.map((l) => row(l.as.replace(/_/g, " "), /^https?:/.test(l.to) ? <a href={l.to} rel="noreferrer noopener" target="_blank">{l.to}</a> : l.to))}
      {Object.entries(full.fields ?? {}).map(([k, v]) => row(k, String(v)))}
    </dl>
  );
}

function Description({ name, text, version }: { name: string; text: string; version: number }) {
  const [draft, set] = useDraft(name + " description");
  const save = async () => {
    if (draft && (changed("description", draft, text) || (draft.text !== text && !(await send("/v1/tasks/" + name, "PATCH", { description: draft.text }, `${name}: new description`, version))))) return;
    set();
  };
  if (!draft) return text
    ? <div class="text"><Markdown text={text} /><Do class="btn small" run={() => begin(set, text)}>Edit</Do></div>
    : <Do class="edit faint" run={() => begin(set, "")}>Add a description</Do>;
  return (
    <div class="text"><textarea aria-label="Description" rows={8} value={draft.text} onInput={(e) => set(e.currentTarget.value)} ref={focusBegun} />
      <p><button class="btn go" onClick={save}>Save</button> <button class="btn" onClick={() => set()}>Cancel</button> <span class="faint">Markdown</span></p></div>
  );
}

function Checks({ name, checks, again }: { name: string; checks: { n: number; text: string; done: boolean }[]; again: () => void }) {
  const flip = async (n: number, done: boolean) => { if (await send(`/v1/tasks/${name}/checks/${done ? "untick" : "tick"}`, "POST", { n: [n] }, `${name}: ${done ? "unticked" : "ticked"} line ${n}`)) again(); };
  return (
    <section><h3>Done when <span class="num">{checks.filter((c) => c.done).length}/{checks.length}</span></h3>
      {checks.map((c) => <label key={c.n} class={c.done ? "check on" : "check"}><input type="checkbox" checked={c.done} disabled={!!whyNot()} title={whyNot()} onChange={() => flip(c.n, c.done)} /><span dir="auto">{c.text}</span></label>)}
    </section>
  );
}

// Asked is an open question, which can be answered where it is read.
export function Asked({ q, again }: { q: Question; again: () => void }) {
  const [text, set] = useState<string | undefined>(q.choices?.length ? undefined : "");
  const answer = async (a: string) => { if (a.trim() && (await send(`/v1/items/${q.key || "plan"}/questions/${q.n}/answer`, "POST", { answer: a }, `answered ${q.by}`))) again(); };
  return (
    <div class="ask"><div><b>{q.by} asks</b>{q.to && <span class="soft"> {q.to}</span>} <span class="faint">{ago(q.at, clock.value)}</span></div>
      <p dir="auto">{q.text}</p>
      <p class="answers">{q.choices?.map((c) => <Do key={c} run={() => void answer(c)}>{c}</Do>)}
        {text !== undefined && <><input aria-label="Answer" placeholder={whyNot() || "Answer"} disabled={!!whyNot()} value={text} onInput={(e) => set(e.currentTarget.value)} onKeyDown={(e) => e.key === "Enter" && answer(text)} /><Do class="btn go" run={() => void answer(text)}>Answer</Do></>}
      </p></div>
  );
}

const Links = ({ title, all }: { title: string; all?: Linked[] | undefined }) => (all?.length ? (
  <section><h3>{title}</h3>{all.map((l) => <a key={l.key} class="linked" href={then("/task/" + l.key)}><Ring status={l.status} label /><span class="key">{l.key}</span><span dir="auto">{l.title}</span></a>)}</section>
) : null);

function Notes({ name, notes, answered, again }: { name: string; notes: Note[]; answered: Question[]; again: () => void }) {
  const [draft, set] = useDraft(name + " note"), text = draft?.text ?? "";
  const add = async () => { if (text.trim() && (await send(`/v1/items/${name}/notes`, "POST", { body: text }, `${name}: note added`))) { set(); again(); } };
  return (
    <section><h3>Notes</h3>
      {answered.map((q) => <div key={"q" + q.n} class="note"><Face name={q.by} /><div><span class="soft">{q.by} asked: </span><span dir="auto">{q.text}</span><p dir="auto"><b>{q.answered_by}:</b> {q.answer}</p></div></div>)}
      {notes.map((n) => <div key={n.n} class="note"><Face name={n.agent} /><div><b>{n.agent}</b> {n.kind !== "comment" && <span class="kind">{n.kind}</span>} <span class="faint">{ago(n.created_at, clock.value)}</span><Markdown text={n.body} /></div></div>)}
      <textarea rows={2} aria-label="New note" placeholder={whyNot() || "Add a note (Ctrl+Enter)"} disabled={!!whyNot()} value={text} onInput={(e) => set(e.currentTarget.value)} onKeyDown={(e) => e.key === "Enter" && (e.ctrlKey || e.metaKey) && add()} />
      {text && <button class="btn go" onClick={add}>Add note</button>}
    </section>
  );
}

async function copy(name: string) {
  try {
    const r = await fetch(`/v1/tasks/${name}/context`);
    await navigator.clipboard.writeText(`Work on ${name}. Its context from pm:\n\n` + JSON.stringify(await r.json(), null, 1) + `\n\nClaim it first: pm claim ${name}\n`);
    say(`copied the context of ${name}`);
  } catch { say("cannot copy: the browser does not allow access to the clipboard", "", true); }
}
