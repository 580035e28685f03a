// What was done, command by command: each can be opened, undone, and redone.
import { useRef, useState } from "preact/hooks";
import { type Answer, call } from "./api";
import { useRead } from "./load";
import { ago, count, moment, type Operation } from "./model";
import { Empty, Face } from "./parts";
import { clock, revision } from "./replica";
import { open } from "./route";
import { useFocused } from "./rows";
import { focus, go, grid } from "./select";
import { Changes, UndoButton } from "./undo";

const page = 100;
type Page = Answer<"ops_list">;

export function Ops() {
  const { data } = useRead<Page>("/v1/operations?limit=" + page), [older, add] = useState<Page>();
  const first = data?.items ?? [], there = new Set(first.map((o) => o.id));
  const all = [...first, ...(older?.items.filter((o) => !there.has(o.id)) ?? [])];
  grid.value = [all.map((o) => o.id)];
  const ref = useRef<HTMLElement>(null);
  useFocused(ref);
  const more = async () => { const next = await call<Page>("/v1/operations", { query: { limit: page, before: all.at(-1)!.id } }); add({ items: [...all, ...next.items], more: !!next.more }); };
  return (
    <section class="rows flow" data-view="ops" aria-label="Operations" ref={ref}>
      {data && !all.length && <Empty title="No operations yet"><p>Every command that changes the plan shows up here and can be undone. Start with one:</p><pre>pm epic create "Payments"</pre></Empty>}
      <div role="list" aria-label="Operations">{all.map((o) => <Row key={o.id} o={o} />)}</div>
      {(older?.more ?? data?.more) && <p class="tools"><button class="btn" onClick={more}>Show earlier</button></p>}
    </section>
  );
}

const State = ({ o }: { o: Operation }) => (o.undone_by ? <span class="kind">undone</span> : o.undoes ? <span class="kind">undo</span> : null);

function Row({ o }: { o: Operation }) {
  const on = focus.value === o.id;
  return (
    <div class={"row op" + (on ? " on" : "") + (o.undone_by ? " gone" : "")} data-key={o.id} role="listitem" tabIndex={on ? 0 : -1} aria-label={`${o.command}, by ${o.agent}${o.undone_by ? ", undone" : ""}`}
      onFocus={() => (focus.value = o.id)} onClick={() => { go(o.id); open("/ops/" + o.id); }}>
      <Face name={o.agent} agent={o.surface === "mcp"} /><b class="cutoff">{o.agent}</b><span class="title">{o.command}</span><State o={o} />
      <span class="soft num items">{o.items === 1 ? "1 item" : `${count(o.items)} items`}</span><span class="soft where">{o.surface}</span>
      <time class="faint num when" dateTime={o.at} title={moment(o.at)}>{ago(o.at, clock.value)}</time>
      <span class="do" onClick={(e) => e.stopPropagation()}><UndoButton o={o} /></span>
    </div>
  );
}

// OpPage is one operation with each field that it changed.
export function OpPage({ id }: { id: string }) {
  revision.value;
  const { data: o, error } = useRead<Answer<"ops_show">>(`/v1/operations/${encodeURIComponent(id)}`);
  grid.value = [[]];
  if (error) return <section data-view="op" aria-label="Operation"><Empty title={error.message}><p>{error.hint}</p></Empty></section>;
  if (!o) return <section data-view="op" aria-label="Operation" aria-busy="true" />;
  const undoes = o.undoes?.split(",") ?? [];
  return (
    <section class="page" data-view="op" aria-label="Operation">
      <article class="task" data-operation={o.id}>
        <div class="path key cutoff"><a href="/ops">Operations</a> / <span>{o.id}</span></div>
        <h2 dir="auto">{o.command}</h2>
        <dl class="facts">
          <dt>By</dt><dd><Face name={o.agent} agent={o.surface === "mcp"} /> {o.agent}{o.surface && <span class="faint">over {o.surface}</span>}</dd>
          <dt>When</dt><dd><time dateTime={o.at}>{moment(o.at)}</time> <span class="faint">{ago(o.at, clock.value)}</span></dd>
          <dt>Items</dt><dd class="num">{count(o.items)}</dd>
          {undoes.length > 0 && <><dt>Undoes</dt><dd>{undoes.map((u) => <a key={u} class="under key" href={"/ops/" + u}>{u.slice(0, 18)}…</a>)}</dd></>}
          {o.undone_by && <><dt>Undone by</dt><dd><a class="under key" href={"/ops/" + o.undone_by}>{o.undone_by.slice(0, 18)}…</a></dd></>}
        </dl>
        <p class="actions"><UndoButton o={o} /> <a class="btn small" href={"/board?as_of=" + o.id}>See the plan right after it</a></p>
        <section><h3>What it changed</h3>{o.changes.length ? <Changes all={o.changes} more={o.more ?? 0} /> : <p class="faint">no fields</p>}</section>
      </article>
    </section>
  );
}
