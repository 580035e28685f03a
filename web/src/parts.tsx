// The small shapes: a status, a priority, a person, a label, a moment.
import type { ComponentChildren } from "preact";
import { say, whyNot } from "./act";
import { clock } from "./replica";
import { dueOf, leaseOf, type Task, wordOf } from "./model";

const shapes: Record<string, ComponentChildren> = {
  todo: <circle cx="7" cy="7" r="5.5" fill="none" stroke="currentColor" stroke-width="1.5" />,
  in_progress: <><circle cx="7" cy="7" r="5.5" fill="none" stroke="currentColor" stroke-width="1.5" /><path d="M7 3.5a3.5 3.5 0 0 1 0 7z" fill="currentColor" /></>,
  ready_for_review: <><circle cx="7" cy="7" r="5.5" fill="none" stroke="currentColor" stroke-width="1.5" /><path d="M7 3.5a3.5 3.5 0 1 1-3.5 3.5H7z" fill="currentColor" /></>,
  blocked: <><rect x="1.5" y="1.5" width="11" height="11" rx="3" fill="currentColor" /><path d="M4.5 7h5" class="cut" stroke-width="1.6" /></>,
  completed: <><circle cx="7" cy="7" r="6.2" fill="currentColor" /><path d="M4.3 7.2l1.9 1.9 3.6-4" class="cut" fill="none" stroke-width="1.5" /></>,
  archived: <><circle cx="7" cy="7" r="5.5" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2 2" /></>,
};

export const Ring = ({ status, label }: { status: string; label?: boolean }) => (
  <svg class={"ring s-" + status} viewBox="0 0 14 14" {...(label ? { role: "img", "aria-label": wordOf(status) } : { "aria-hidden": true })}>{shapes[status] ?? shapes.todo}</svg>
);

export const Priority = ({ n }: { n: number }) => {
  const on = n < 3 ? 3 : n < 6 ? 2 : 1;
  return (
    <span class={n === 1 ? "pri first" : "pri"} role="img" aria-label={"priority " + n} title={"priority " + n}>
      {[1, 2, 3].map((i) => <i key={i} class={i <= on ? "on" : ""} />)}
    </span>
  );
};

// initials are two characters of a name: the first two, or of a name in parts the
// first of the first and the last; agent-12 is a2.
const initials = (name: string) => {
  const parts = name.match(/[\p{L}\p{N}]+/gu) ?? [name], end = [...parts.at(-1)!];
  return (parts.length > 1 ? [...parts[0]!][0]! + (/\d/.test(end[0]!) ? end.at(-1) : end[0]) : [...parts[0]!].slice(0, 2).join("")).toLowerCase();
};

export const Face = ({ name, agent }: { name: string; agent?: boolean }) => (
  <span class={(agent ? "face bot c" : "face c") + hueOf(name)} title={name} role="img" aria-label={name}>{initials(name)}</span>
);

export const hueOf = (word: string) => {
  let h = 0;
  for (const c of word.toLowerCase()) h = (h * 31 + c.codePointAt(0)!) >>> 0;
  return h % 6;
};
export const Tag = ({ word }: { word: string }) => <span class={"tag c" + hueOf(word)}>{word}</span>;

export const Lease = ({ task, more = "" }: { task: Task; more?: string }) => {
  const left = leaseOf(task, clock.value);
  return left ? <span class={left.low ? "lease late" : "lease"} title="until the lease expires">{left.text}{task.lease_until > clock.value && more}</span> : null;
};

export const Due = ({ task }: { task: Task }) => {
  const due = task.status !== "completed" && dueOf(task.due, clock.value);
  return due ? <span class={due.low ? "late" : "soft"} title={task.due}>{due.text}</span> : null;
};

export const Bar = ({ done, of }: { done: number; of: number }) => (
  <span class="bar" role="img" aria-label={`${done} of ${of} completed`} title={`${done} of ${of}`}><u style={{ width: `${of ? (100 * done) / of : 0}%` }} /></span>
);

// Do is a button for a change. Where nothing can be changed, or only a lead
// may, it stays in sight and says why.
type DoProps = { run: () => void; lead?: boolean; class?: string; title?: string; more?: string; children?: ComponentChildren };
export const Do = ({ run, lead, class: c = "btn", title, more = "", children }: DoProps) => {
  const why = whyNot(lead) && whyNot(lead) + more;
  return <button type="button" class={c} aria-disabled={!!why} title={why || title} onClick={() => (why ? say(why, "", true) : run())}>{children}</button>;
};

// Titled is the key of an epic or a feature with its title, which is cut off at
// its own end whichever way it is written.
export const Titled = ({ word }: { word: string }) => {
  const key = /^E\d+(-F\d+)? /.exec(word)?.[0] ?? "";
  return <>{key && <span>{key.trim()}</span>}<span class="cutoff" dir="auto">{word.slice(key.length)}</span></>;
};

export const NoTasks = () => (
  <Empty title="No tasks yet">
    <p>A plan has epics, features and tasks. Create the first ones in a terminal:</p>
    <pre>pm epic create "Payments"{"\n"}pm feature create E01 "Card payments"{"\n"}pm task create E01-F01 "Validate card numbers"</pre>
    <p>They appear here at once. Or press <kbd>c</kbd> to add a task to the inbox.</p>
  </Empty>
);

export const NoMatch = () => <Empty title="Nothing matches"><p>Press <kbd>/</kbd> and change the query, or <kbd>Esc</kbd> in it to clear it.</p></Empty>;

export const Empty = ({ title, children }: { title: string; children?: ComponentChildren }) => (
  <div class="empty"><h2>{title}</h2><div>{children}</div></div>
);

// Known is what is to be known of a task at a glance: what it waits for, when it is
// due, its checklist, and the first of its labels. What is cut off for want of room
// are labels.
export function Known({ task, most }: { task: Task; most: number }) {
  const labels = task.labels ?? [], some = labels.slice(0, most);
  return (
    <>
      {task.open_dependencies > 0 && task.status !== "completed" && <span class="wait">waits for {task.open_dependencies}</span>}
      <Due task={task} />
      {task.checks > 0 && <span class="num soft" title="checklist">{task.checks_done}/{task.checks}</span>}
      {some.map((l) => <Tag key={l} word={l} />)}
      {labels.length > some.length && <span class="faint rest" title={labels.join(", ")}>+{labels.length - some.length}</span>}
    </>
  );
}

// Facts are what a card says below its title: what holds it up, or else as much as
// there is room for.
export function Facts({ task: t }: { task: Task }) {
  if (t.status === "blocked" && t.blocked_reason) return <span class="late cutoff" dir="auto">{t.blocked_reason}</span>;
  return <Known task={t} most={2 - Math.min(2, Number(t.open_dependencies > 0) + Number(!!t.due) + Number(t.lease_until > 0))} />;
}

export const Holder = ({ task }: { task: Task }) => {
  const name = task.assigned_agent || task.assignee;
  return name ? <Face name={name} agent={task.lease_until > 0} /> : null;
};
