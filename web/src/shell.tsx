// What is around every view: the side, the query, what is being saved.
import { useComputed } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { dismiss, me, spoken, state, toasts, turn } from "./act";
import { choose, creating } from "./choose";
import { commands, helping, palette, shownKey } from "./keys";
import { byKey, count } from "./model";
import { Bar, Do, Titled } from "./parts";
import { openPast } from "./past";
import { epics, match, mistake, online, paged, revision, shown, stages, tasks } from "./replica";
import { asOf, linkTo, open, parameters, query, view, withParameters } from "./route";
import { groupings, lanes } from "./group";
import { picked } from "./select";
import { inbox, useInbox } from "./views";

export const project = document.body.dataset.project ?? "pm";
export const names: Record<string, string> = { inbox: "Inbox", board: "Board", list: "List", tree: "Tree", agents: "Agents", graph: "Graph", insights: "Insights", activity: "Activity", ops: "Operations", trash: "Trash" };

const unfiltered = new Set(["activity", "ops", "trash", "task"]); // views that no query narrows

const saved = [["Ready", "@ready"], ["Stuck", "@stuck"], ["Overdue", "@overdue"], ["Mine", "@mine"]];

const counts = () => {
  let held = 0;
  for (const t of tasks.values()) if (t.status === "in_progress" && t.assigned_agent) held++;
  return held;
};

export function Side() {
  const held = useComputed(() => { revision.value; return counts(); }), open_ = useComputed(() => { revision.value; return [...epics.values()].filter((e) => e.status === "active").sort((a, b) => byKey(a.key, b.key)).slice(0, 30); });
  const all = useInbox(), waits = all.total;
  useEffect(() => { inbox.value = all; });
  const at = view.value, q = parameters.value.get("q") ?? "";
  return (
    <nav aria-label="Views">
      <a class="plan" href="/board"><i aria-hidden="true">p</i><span class="cutoff">{project}</span></a>
      {Object.entries(names).map(([name, word]) => (
        <a key={name} href={linkTo(name)} {...(at === name ? { "aria-current": "page" as const } : {})}>{word}
          {name === "inbox" && waits > 0 && !query.value && <b class="hot num">{count(waits)}</b>}{name === "agents" && held.value > 0 && <b class="num">{count(held.value)}</b>}</a>
      ))}
      <h2>Views</h2>
      {saved.map(([word, v]) => <a key={v} href={withParameters({ q: q === v ? "" : v! }, "/" + (at in names && !unfiltered.has(at) ? at : "list"))} {...(q === v ? { "aria-current": "true" as const } : {})}>{word}</a>)}
      {open_.value.length > 0 && <h2>Epics</h2>}
      {open_.value.map((e) => { const v = "epic:" + e.key; return <a key={e.key} href={withParameters({ q: q === v ? "" : v }, "/" + (at in names && !unfiltered.has(at) ? at : "board"))} {...(q === v ? { "aria-current": "true" as const } : {})} title={e.title}><Titled word={`${e.key} ${e.title}`} /><Bar done={e.tasks_completed} of={e.tasks_total} /></a>; })}
      <div class="foot"><div class="me cutoff" title={`You are ${me.value.agent}`}>{me.value.agent}{me.value.role === "read" ? ", read-only" : me.value.role === "work" ? ", role work" : ""}</div><Live /></div>
    </nav>
  );
}

// Live says if all is saved: in words, or on a phone by its shape and colour.
const Live = () => <div class={"live " + (online.value ? (/ing$/.test(state.value) ? "busy" : "") : "down")} title={state.value}><span>{state.value}</span></div>;

// Filter is the query, with its terms marked as they are typed.
function Filter() {
  const [text, set] = useState(query.value), [last, remember] = useState(query.value);
  if (query.value !== last) { remember(query.value); if (query.value !== text.trim()) set(query.value); }
  const [typing, type] = useState(0); // counts, until nothing more is typed: half a word is no mistake
  useEffect(() => { if (typing) { const late = setTimeout(() => type(0), 800); return () => clearTimeout(late); } }, [typing]);
  const change = (v: string) => {
    set(v); type(typing + 1); remember(v.trim());
    if (v.trim() && unfiltered.has(view.value)) open(withParameters({ q: v.trim() }, "/list")); // which shows what is found
    else open(withParameters({ q: v.trim() }), true);
  };
  const wrong = typing ? undefined : mistake.value;
  return (
    <div class={wrong ? "filter wrong" : "filter"}>
      <div class="mirror" aria-hidden="true">{text.split(/(\s+)/).map((w, i) => (/^-?([\w-]+:|@)\S/.test(w) ? <span key={i} class="term">{w}</span> : w))}</div>
      <input id="filter" type="search" aria-label="Filter" placeholder="Filter: is:ready label:ui receipt" autocomplete="off" spellcheck={false} value={text}
        aria-invalid={!!wrong} aria-describedby="mistake" onInput={(e) => change(e.currentTarget.value)}
        onScroll={(e) => { (e.currentTarget.previousElementSibling as HTMLElement).scrollLeft = e.currentTarget.scrollLeft; }}
        onKeyDown={(e) => { if (e.key === "Escape") { e.stopPropagation(); if (text) change(""); else e.currentTarget.blur(); } if (e.key === "Enter" || e.key === "ArrowDown") { e.preventDefault(); type(0); e.currentTarget.blur(); commands[0]!.run(); } }} />
      {!text && <kbd aria-hidden="true">/</kbd>}
      <div id="mistake" class="mistake" role={wrong ? "alert" : undefined}>{wrong && <>{wrong.message}<span class="soft">{wrong.hint}</span></>}</div>
    </div>
  );
}

export function Head({ title }: { title: string }) {
  const by = parameters.value.get("group") ?? "status", unseen = useComputed(() => (view.value === "board" ? shown.value.filter((t) => t.status === "archived").length : 0)); // archived tasks are on no board
  return (
    <header>
      <h1>{title}</h1>
      <Filter />
      {match.value && <span class="soft num hide">{count(match.value.order.length - unseen.value)} found{match.value.cut && `, ${count(shown.value.length)} shown`}</span>}
      <span class="push" />
      {view.value === "board" && stages.value.length > 0 && <button class="btn hide" onClick={() => open(withParameters({ columns: parameters.value.get("columns") ? "" : "status" }))}>Columns: {parameters.value.get("columns") ?? "stages"}</button>}
      {view.value === "board" && <label class="btn hide group-by">Lanes <select aria-label="Lanes by" value={parameters.value.get("lanes") ?? "none"} onChange={(e) => open(withParameters({ lanes: e.currentTarget.value === "none" ? "" : e.currentTarget.value }))}>
        {["none", ...lanes].map((g) => <option key={g}>{g}</option>)}</select></label>}
      {view.value === "list" && <label class="btn hide group-by">Group <select aria-label="Group by" value={by} onChange={(e) => open(withParameters({ group: e.currentTarget.value === "status" ? "" : e.currentTarget.value }))}>
        {[...Object.keys(groupings), "none"].map((g) => <option key={g}>{g}</option>)}</select></label>}
      <button class="btn all" title="All commands" onClick={() => palette()}><span class="hide">Commands <kbd>Ctrl K</kbd></span></button>
      <button class="btn clock" aria-label="Past moment" aria-pressed={!!asOf.value} title="Show a past moment (t)" onClick={openPast}><svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true"><circle cx="7" cy="7" r="5.5" fill="none" stroke="currentColor" stroke-width="1.4" /><path d="M7 4v3.2l2 1.3" fill="none" stroke="currentColor" stroke-width="1.4" /></svg></button>
      <Do class="btn go" run={() => (creating.value = true)}>New <kbd>c</kbd></Do>
    </header>
  );
}

// inSight brings the tab of the present view into sight.
const inSight = (el: HTMLElement | null) => el?.scrollIntoView({ block: "nearest", inline: "center" });

export const Bottom = () => (
  <nav class="tabs" aria-label="Views, below"><Live />
    {Object.entries(names).map(([name, word]) => <a key={name} href={linkTo(name)} {...(view.value === name ? { "aria-current": "page" as const, ref: inSight } : {})}>{word}</a>)}
  </nav>
);

export const Banner = () => (!online.value ? <div class="banner" role="alert">Offline: pm serve does not answer. You see the plan as it was; nothing can be changed until it is back.</div>
  : paged.value ? <div class="banner calm">There are more than 100,000 open tasks: use the filter to see some of them.</div> : null);

// Bulk is what can be done with what is selected.
export const Bulk = () => (picked.value.size ? (
  <div class="bulk" role="toolbar" aria-label="Selected tasks"><b class="num">{picked.value.size} selected</b>
    {(["status", "priority", "assignee", "labels", "due"] as const).map((w) => <Do key={w} run={() => choose(w, [...picked.value])}>{{ status: "Status", priority: "Priority", assignee: "Assigned to", labels: "Labels", due: "Due" }[w]}</Do>)}
    <button class="btn" onClick={() => (picked.value = new Set())}>Clear</button></div>
) : null);

export const Toasts = () => (
  <div class="toasts">{toasts.value.map((t) => <div key={t.id} class={t.bad ? "toast bad" : "toast"}><div><b>{t.text}</b>{t.hint && <p class="soft">{t.hint}</p>}</div>{t.operation && <button class="btn small" onClick={() => { dismiss(t.id); void turn(me.value.role === "lead" ? { what: "undo", id: t.operation! } : { what: t.text.startsWith("undid") ? "redo" : "undo" }); }}>{t.text.startsWith("undid") ? "Redo" : "Undo"} <kbd>{t.text.startsWith("undid") ? "Z" : "z"}</kbd></button>}<button class="btn small" aria-label="Dismiss" onClick={() => dismiss(t.id)}>×</button></div>)}</div>
);
export const Spoken = () => <div role="status" aria-live="polite" class="unseen">{spoken.value}</div>;

export function Help() {
  if (!helping.value) return null;
  const groups = [...new Set(commands.map((c) => c.group))];
  return (
    <aside class="help" aria-label="Keys"><button class="btn close" aria-label="Close" onClick={() => (helping.value = false)}>×</button><h2>Keys</h2>
      {groups.map((g) => <section key={g}><h3>{g}</h3><dl>{commands.filter((c) => c.group === g).map((c, i, all) => <div key={c.word} class={c.why?.() ? "off" : ""}><dt>{c.keys.slice(0, 2).map((k) => <kbd key={k}>{shownKey(k)}</kbd>)}</dt><dd>{c.word}{c.why?.() && c.why() !== all[i - 1]?.why?.() && <span class="faint"> {c.why()}</span>}</dd></div>)}</dl></section>)}
    </aside>
  );
}
