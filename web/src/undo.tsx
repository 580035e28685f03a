// Undo, looked at before it is done: what it would change, what stands in its
// way and who did that, and the rest that can be taken back all the same.
import { useEffect, useState } from "preact/hooks";
import { type FieldChange, me, type Turn, turn, turning, type Undone, whyNot } from "./act";
import { call, type Conflict, type Refusal } from "./api";
import { Modal } from "./choose";
import { count, moment, type Operation } from "./model";
import { Do } from "./parts";
import { revision } from "./replica";
import { Arrow, fieldWord, From, shortText } from "./values";

const linkOf = (key: string) => (key.startsWith("T-") ? "/task/" + key : "/list?q=epic:" + key.split("-")[0]);

// Changes lists fields by items, each from what it was to what it is.
export function Changes({ all, more = 0 }: { all: FieldChange[]; more?: number }) {
  const by = new Map<string, FieldChange[]>();
  for (const c of all) by.set(c.key ?? "", [...(by.get(c.key ?? "") ?? []), c]);
  return (
    <div class="changes">
      {[...by].map(([key, some]) => (
        <div key={key}>{key ? <a class="key" href={linkOf(key)}>{key}</a> : <span class="key">the plan</span>}
          <dl>{some.map((c) => <div key={c.field}><dt>{fieldWord(c.field)}</dt><dd><From v={c.from} /> <Arrow /> <span dir="auto">{shortText(c.to, true)}</span></dd></div>)}</dl></div>
      ))}
      {more > 0 && <p class="faint">and {count(more)} more</p>}
    </div>
  );
}

const Conflicts = ({ all }: { all: Conflict[] }) => (
  <ul class="conflicts" aria-label="Conflicts">{all.map((c) => (
    <li key={(c.key ?? "") + c.field}><span class="key">{c.key || "the plan"}</span> {fieldWord(c.field)}{c.operation ? <>: <a class="under" href={"/ops/" + c.operation}>changed again</a>{c.agent && ` by ${c.agent}`}</> : ": cannot be undone"}</li>))}</ul>
);

type Seen = { answer?: Undone; conflicts: Conflict[]; error?: Refusal };

// preview asks what an undo would change, and without what is in its way.
async function preview({ what, ...body }: Turn): Promise<Seen> {
  const dry = (more: object) => call<Undone>("/v1/" + what, { method: "POST", body: { ...body, ...more, dry_run: true } });
  try {
    return { answer: await dry({}), conflicts: [] };
  } catch (e) {
    const conflicts = (e as Refusal).conflicts ?? [];
    if (!conflicts.length) return { conflicts, error: e as Refusal };
    try {
      return { answer: await dry({ skip_conflicts: true }), conflicts };
    } catch (error) { return { conflicts, error: error as Refusal }; }
  }
}

export const Undoing = () => (turning.value ? <Sheet key={turning.value.id ?? "last"} t={turning.value} /> : null);

function Sheet({ t }: { t: Turn }) {
  const [seen, set] = useState<Seen>(), [busy, wait] = useState(false), changed = revision.value;
  useEffect(() => { let gone = false; void preview(t).then((s) => { if (!gone) set(s); }); return () => { gone = true; }; }, [changed]);
  const a = seen?.answer, rest = !!seen?.conflicts.length, word = t.what === "redo" || a?.redo ? "Redo" : "Undo";
  const close = () => (turning.value = undefined);
  const run = async () => { wait(true); if (await turn({ ...t, ...(rest ? { skip_conflicts: true } : {}) })) close(); wait(false); };
  const why = whyNot(!!t.id) || (!seen ? "reading" : !a ? "it cannot be undone" : !a.changes.length ? "nothing would change" : "");
  return (
    <Modal title={word} close={close}>
      <form onSubmit={(e) => { e.preventDefault(); if (!why && !busy) void run(); }}>
        <h2>{word}{a && a.undone.length > 0 && `: ${a.undone.map((o) => o.command).join("; ")}`}</h2>
        {a?.undone.map((o) => <p key={o.id} class="soft">by {o.agent}, {moment(o.at)}{o.items > 1 && `, ${o.items} items`}</p>)}
        {seen?.error && <p class="late" role="alert">{seen.error.message}{seen.error.hint && <span class="soft"> {seen.error.hint}</span>}</p>}
        {rest && <section><h3 class="late">Conflicts: changed since then</h3><Conflicts all={seen.conflicts} /></section>}
        {a && <section><h3>{rest ? "The rest that would change" : "What would change"}</h3>{a.changes.length ? <Changes all={a.changes} more={a.more ?? 0} /> : <p class="faint">nothing</p>}</section>}
        <p class="answers"><button class="btn go" aria-disabled={!!why} title={why} ref={(el) => { if (el && document.activeElement !== el) el.focus(); }}>{word}{rest && " the rest"}</button>
          <button type="button" class="btn" onClick={close}>Cancel</button>{why && seen && <span class="faint">{why}</span>}</p>
      </form>
    </Modal>
  );
}

// UndoButton opens the sheet for an operation. Whoever works may undo the last
// of their own by a key; others' only leads.
export const UndoButton = ({ o }: { o: Pick<Operation, "id" | "undone_by"> }) => (
  <Do class="btn small" lead run={() => (turning.value = { what: "undo", id: o.undone_by || o.id })} more={me.value.role === "work" ? ": z undoes your own last change" : ""}>{o.undone_by ? "Redo" : "Undo"}</Do>
);
