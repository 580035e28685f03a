// Lists to choose from by typing: a status, a priority, a label, a command.
import { signal } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { act, asking, move, pass, say, send, some, update, verbTo, whyNot } from "./act";
import { columns, titled, wordOf, type Task } from "./model";
import { features, rowOf, stages, tasks, verbs } from "./replica";
import { groupings, lanes } from "./group";
import { hueOf, Priority, Ring } from "./parts";
import { open, parameters, view, withParameters } from "./route";
import { go, wanted } from "./select";
import type { ComponentChildren } from "preact";

export type Option = { word: string; hint?: string; keys?: string; icon?: ComponentChildren; why?: string; on?: boolean; run: () => void };
type Chooser = { title: string; options: Option[]; free?: (text: string) => Option | undefined };
export const chooser = signal<Chooser | undefined>();

const rowsOf = (keys: string[]) => keys.map(rowOf).filter((t): t is Task => !!t);

function statuses(keys: string[]): Option[] {
  const first = rowOf(keys[0]!);
  const to = columns.map((c): Option => ({
    word: c.word, icon: <Ring status={c.status} />, on: first?.status === c.status,
    why: keys.length === 1 && first && first.status !== c.status && !verbTo(first.status, c.status) ? `not possible from ${wordOf(first.status).toLowerCase()}` : "",
    run: () => void move(keys, c.status),
  }));
  const direct = verbs.value.filter((v) => first && v.from.includes(first.status) && ["release", "archive"].includes(v.verb));
  const line = stages.value.filter((s) => s.name !== first?.stage || first.status === "completed").map((s): Option => ({ word: titled(s.name), hint: "stage", run: () => void pass(keys, s.name) }));
  return [...line, ...to, ...direct.map((v): Option => ({ word: titled(v.verb), icon: <Ring status={v.to || "todo"} />, run: () => void act(v.verb, keys) }))];
}

const names = (of: (t: Task) => string) => [...new Set([...tasks.values()].map(of).filter(Boolean))].sort();

export function choose(what: "status" | "priority" | "assignee" | "labels" | "due", keys: string[]) {
  const why = whyNot();
  if (why || !keys.length) return say(why || "no task is focused", why ? "" : "press j or click one", true);
  const first = rowOf(keys[0]!), title = `${{ status: "Status", priority: "Priority", assignee: "Assigned to", labels: "Labels", due: "Due" }[what]} of ${some(keys)}`;
  const set = (change: Partial<Task>) => void update(keys, change);
  if (what === "status") chooser.value = { title, options: statuses(keys) };
  if (what === "priority") chooser.value = { title, options: Array.from({ length: 10 }, (_, i): Option => ({ word: String(i + 1), hint: ["most urgent", "", "", "", "usual", "", "", "", "", "least"][i]!, icon: <Priority n={i + 1} />, on: first?.priority === i + 1, run: () => set({ priority: i + 1 }) })) };
  if (what === "assignee") chooser.value = {
    title, options: [{ word: "anyone", on: !first?.assignee, run: () => set({ assignee: "" }) }, ...[...new Set([...names((t) => t.assignee), ...names((t) => t.assigned_agent)])].map((n): Option => ({ word: n, on: first?.assignee === n, run: () => set({ assignee: n }) }))],
    free: (text) => ({ word: `“${text}”`, run: () => set({ assignee: text }) }),
  };
  if (what === "due") chooser.value = {
    title, options: [["today", "today"], ["tomorrow", "+1d"], ["Friday", "fri"], ["in a week", "+7d"], ["in a month", "+30d"], ["none", ""]].map(([word, v]): Option => ({ word: word!, run: () => void due(keys, v!) })),
    free: (text) => ({ word: `“${text}”`, hint: "a day such as 2026-12-01, fri, +7d", run: () => void due(keys, text) }),
  };
  if (what === "labels") labels(keys, title);
}

// chooseGroups asks for the lanes of the board, or the groups of the list.
export function chooseGroups() {
  const board = view.value === "board", name = board ? "lanes" : "group", usual = board ? "none" : "status", now = parameters.value.get(name) ?? usual;
  chooser.value = { title: board ? "Lanes of the board" : "Groups of the list", options: ["none", ...(board ? lanes : Object.keys(groupings))].map((g): Option => ({ word: g, on: g === now, run: () => open(withParameters({ [name]: g === usual ? "" : g })) })) };
}

const due = (keys: string[], value: string) => send("/v1/tasks", "PATCH", { keys, due: value }, `${some(keys)}: ${value ? "due " + value : "no due date"}`);

function labels(keys: string[], title: string) {
  const rows = rowsOf(keys), known = [...new Set([...tasks.values()].flatMap((t) => t.labels ?? []))].sort();
  const has = (l: string) => rows.every((t) => t.labels?.includes(l));
  const flip = (l: string) => void (has(l) ? send("/v1/items/labels?" + new URLSearchParams([...keys.map((k) => ["keys", k]), ["labels", l]]), "DELETE", undefined, `${some(keys)}: no label ${l}`)
    : send("/v1/items/labels", "POST", { keys, labels: [l] }, `${some(keys)}: label ${l}`));
  chooser.value = { title, options: known.map((l) => ({ word: l, icon: <span class={"tag c" + hueOf(l)} />, on: has(l), run: () => flip(l) })), free: (text) => ({ word: `add “${text}”`, run: () => flip(text) }) };
}

// Modal is a dialog that closes with Escape, and gives the focus back.
export function Modal({ title, close, children }: { title: string; close: () => void; children: ComponentChildren }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const back = document.activeElement as HTMLElement | null, el = ref.current!, want = wanted.peek();
    el.showModal();
    return () => { // the focus goes back, unless it is to go elsewhere
      if (wanted.peek() !== want) return;
      el.close();
      back?.focus?.({ preventScroll: true });
    };
  }, []);
  return (
    <dialog ref={ref} aria-label={title} onCancel={(e) => { e.preventDefault(); close(); }} onClick={(e) => e.target === ref.current && close()}
      onKeyDown={(e) => e.stopPropagation()}><div class="sheet">{children}</div></dialog>
  );
}

export function Chooser() {
  const c = chooser.value;
  return c ? <Choices key={c.title} c={c} /> : null;
}

function Choices({ c }: { c: Chooser }) {
  const [text, set] = useState(""), [at, move_] = useState(Math.max(0, c.options.findIndex((o) => o.on)));
  const found = useMemo(() => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const some = c.options.filter((o) => words.every((w) => (o.word + " " + (o.hint ?? "")).toLowerCase().includes(w)));
    const free = text.trim() && c.free?.(text.trim());
    return free && !some.some((o) => o.word === text.trim()) ? [...some, free] : some;
  }, [text, c]);
  const close = () => (chooser.value = undefined);
  const run = (o?: Option) => { if (!o) return; if (o.why) return say(`${o.word}: ${o.why}`, "", true); close(); o.run(); };
  const now = Math.min(at, found.length - 1);
  return (
    <Modal title={c.title} close={close}>
      <input class="ask-for" aria-label={c.title} placeholder={c.title} value={text} ref={(el) => el?.focus()} role="combobox" aria-expanded="true" aria-controls="choices" aria-activedescendant={"choice" + now}
        onInput={(e) => { set(e.currentTarget.value); move_(0); }}
        onKeyDown={(e) => {
          if (e.key === "ArrowDown" || (e.ctrlKey && e.key === "n")) { e.preventDefault(); move_(Math.min(found.length - 1, now + 1)); }
          if (e.key === "ArrowUp" || (e.ctrlKey && e.key === "p")) { e.preventDefault(); move_(Math.max(0, now - 1)); }
          if (e.key === "Enter") { e.preventDefault(); run(found[now]); }
        }} />
      <div class="choices" id="choices" role="listbox" aria-label={c.title}>
        {found.slice(0, 200).map((o, i) => (
          <div key={o.word} id={"choice" + i} class={(i === now ? "choice on" : "choice") + (o.why ? " off" : "")} role="option" aria-selected={i === now} aria-disabled={!!o.why}
            ref={(el) => { if (i === now) el?.scrollIntoView({ block: "nearest" }); }} onPointerMove={() => move_(i)} onClick={() => run(o)}>
            <span class="mark">{o.on ? "✓" : ""}</span>{o.icon}<span dir="auto">{o.word}</span><span class="soft cutoff">{o.why || o.hint}</span>{o.keys && <kbd>{o.keys}</kbd>}
          </div>
        ))}
        {!found.length && <p class="faint choice">nothing matches</p>}
      </div>
    </Modal>
  );
}

// Reason asks why, where the status table wants to know.
export function Reason() {
  const a = asking.value, [text, set] = useState("");
  if (!a) return null;
  const close = () => { set(""); a.done(); };
  const title = `Why ${a.verb} ${some(a.keys)}?`;
  return (
    <Modal title={title} close={close}>
      <form onSubmit={(e) => { e.preventDefault(); if (text.trim()) { set(""); a.done(text.trim()); } }}>
        <h2>{title}</h2>
        <textarea rows={3} aria-label="Reason" placeholder="The history keeps it" value={text} ref={(el) => { if (el && document.activeElement !== el) el.focus(); }} onInput={(e) => set(e.currentTarget.value)}
          onKeyDown={(e) => { if (e.key === "Enter" && !e.shiftKey) { e.preventDefault(); e.currentTarget.form!.requestSubmit(); } }} />
        <p class="answers"><button class="btn go" disabled={!text.trim()}>{titled(a.verb)}</button><button type="button" class="btn" onClick={close}>Cancel</button></p>
      </form>
    </Modal>
  );
}

export const creating = signal(false);

export function Create({ near }: { near: string }) {
  const [title, set] = useState(""), [feature, into] = useState(near), [busy, wait] = useState(false);
  const close = () => (creating.value = false);
  const save = async () => {
    if (!title.trim() || busy) return;
    wait(true);
    const made = await send<{ key: string }>("/v1/tasks", "POST", { feature: feature || "inbox", title: title.trim() }, (m) => `created ${m.key}`);
    wait(false);
    if (!made) return;
    close();
    go(made.key);
  };
  return (
    <Modal title="New task" close={close}>
      <form onSubmit={(e) => { e.preventDefault(); void save(); }}>
        <h2>New task</h2>
        <input aria-label="Title" placeholder="What needs doing, in one line" value={title} ref={(el) => { if (el && !title && document.activeElement?.tagName !== "SELECT") el.focus(); }} onInput={(e) => set(e.currentTarget.value)} />
        <select aria-label="Feature" value={feature} onChange={(e) => into(e.currentTarget.value)}>
          <option value="inbox">Inbox</option>
          {[...features.values()].filter((f) => f.status === "active" || f.status === "draft").map((f) => <option key={f.key} value={f.key}>{f.key} {f.title}</option>)}
        </select>
        <p class="answers"><button class="btn go" disabled={!title.trim() || busy}>Create</button><button type="button" class="btn" onClick={close}>Cancel</button></p>
      </form>
    </Modal>
  );
}
