// Records of history as a person reads them: who, what, from what to what.
import { ago, moment, type Operation, wordOf } from "./model";
import { Face } from "./parts";
import { clock } from "./replica";
import { then } from "./route";
import { UndoButton } from "./undo";

export type Entry = { key?: string; old_status?: string; new_status?: string; agent?: string; surface?: string; notes?: string; timestamp: string; change?: Record<string, [unknown, unknown]>; operation: string; hash: string };

const quiet = new Set(["blocked_at", "blocked_from", "blocked_reason", "started_at", "completed_at", "lease_until", "fence", "session", "not_before", "checks_done", "resolution", "deleted"]);

const words: Record<string, string> = { assigned_agent: "held by", assignee: "assigned to", agent_type: "agent type" };

export const fieldWord = (name: string) => words[name] ?? name.replace(/_/g, " ").replace(/\./g, " ");

export const shortText = (v: unknown, clipped = false): string => {
  if (clipped) return clip(shortText(v));
  if (v === null || v === undefined || v === "") return "none";
  if (Array.isArray(v)) return v.map((one) => (typeof one === "object" && one ? checkText(one as Check) : String(one))).join(", ");
  if (typeof v === "object") {
    const o = v as Record<string, unknown>;
    if (o.body) return String(o.body).replace(/\*\*|`/g, "");
    return String(o.text ?? o.to ?? o.digest ?? JSON.stringify(v));
  }
  return String(v);
};
export const Arrow = () => <span aria-label="to" role="img" class="faint">→</span>;

// From is a value that something no longer has.
export const From = ({ v }: { v: unknown }) => (v === null || v === undefined || v === "" ? <span class="faint">none</span> : <span class="from" dir="auto">{clip(shortText(v))}</span>);
type Check = { n?: number; text?: string; done?: boolean };
const checkText = (c: Check) => `${c.text ?? "line " + c.n}${c.done ? " (done)" : ""}`;
const clip = (s: string) => (s.length > 120 ? s.slice(0, 117) + "…" : s);

function What({ e, key_ }: { e: Entry; key_: boolean }) {
  const moved = e.old_status !== e.new_status;
  const fields = Object.entries(e.change ?? {}).filter(([name, v]) => !quiet.has(name) && !(name === "assigned_agent" && v[1] === e.agent));
  return (
    <span class="what">
      {key_ && e.key && <a class="key" href={then((e.key.startsWith("T-") ? "/task/" : "/list?q=epic:") + e.key)}>{e.key}</a>}{" "}
      {!e.old_status && e.new_status ? "created" : !e.new_status ? (e.old_status ? "deleted" : "") : moved ? <><span class="from">{wordOf(e.old_status!).toLowerCase()}</span> <Arrow /> {wordOf(e.new_status).toLowerCase()}</> : null}
      {e.notes && <>{moved ? ": " : ""}<span dir="auto">{clip(e.notes)}</span></>}
      {e.old_status && fields.map(([name, [from, to]], i) => (
        <span key={name} class="field">{(i > 0 || moved || e.notes) && ","} <span class="soft">{fieldWord(name)}</span> {from !== null && name !== "checks" && <><From v={from} /> <Arrow /></>} <span dir="auto">{clip(shortText(to))}</span></span>
      ))}
    </span>
  );
}

const When = ({ e, linked }: { e: Entry; linked: boolean }) => {
  const text = ago(e.timestamp, clock.value);
  return <time class="faint num" dateTime={e.timestamp} title={`${moment(e.timestamp)}, by ${e.surface ?? "pm"}`}>{linked ? <a class="under" href={"/ops/" + e.operation} aria-label={text + ": the operation"}>{text}</a> : text}</time>;
};

export const History = ({ all, of, undo }: { all: Entry[]; of?: string; undo?: Map<string, Operation> }) => (
  <div class="log" role="list">
    {all.map((e) => (
      <div key={e.hash} role="listitem"><Face name={e.agent ?? "?"} agent={e.surface === "mcp"} />
        <span class="cell"><b>{e.agent}</b> <What e={e} key_={e.key !== of} /></span><When e={e} linked={!!undo} />
        {undo && <span class="do"><UndoButton o={undo.get(e.operation) ?? { id: e.operation }} /></span>}</div>
    ))}
  </div>
);
