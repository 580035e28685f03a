// Records of history as a person reads them: who, what, from what to what.
import { ago, moment, type Operation, wordOf } from "./model";
import { Face } from "./parts";
import { clock } from "./replica";
import { then } from "./route";
import { UndoButton } from "./undo";
import { Arrow, clip, fieldWord, From, shortText } from "./values";

export type Entry = { key?: string; old_status?: string; new_status?: string; agent?: string; surface?: string; notes?: string; timestamp: string; change?: Record<string, [unknown, unknown]>; operation: string; hash: string };

const quiet = new Set(["blocked_at", "blocked_from", "blocked_reason", "started_at", "completed_at", "lease_until", "fence", "session", "not_before", "checks_done", "resolution", "deleted"]);

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
