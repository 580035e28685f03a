// Keys as data: a key, a sentence, what it does. The help and the list of
// commands are loops over this table.
import { signal } from "@preact/signals";
import { chooser, choose, chooseGroups, creating, type Option } from "./choose";
import { moveTo, say, turn, whyNot } from "./act";
import { columnsOf } from "./card";
import { rowOf } from "./replica";
import { choosingPast, openPast, stepPast, toNow } from "./past";
import { asOf, linkTo, open, subject, then, view, withParameters } from "./route";
import { flipFocused } from "./lanes";
import { bands, focus, go, peek, pick, picked, step, targets } from "./select";
import { emptying, restore } from "./trash";
import { fold, toggle } from "./tree";

export type Command = { keys: string[]; word: string; group: string; run: () => void; why?: () => string };
export const helping = signal(false);

const needsTask = () => (targets.value.length ? "" : "no task is focused: press j first");
const changes = () => whyNot() || needsTask();
const one = () => (["ops", "trash"].includes(view.value) ? subject.value || focus.value : ""); // the operation, or what is in the trash
const needsOne = (of: string) => () => whyNot(true) || (view.value === of && one() ? "" : of === "ops" ? "no operation is focused: press g o, then j" : "nothing in the trash is focused: press g x, then j");
const beside = (by: number) => {
  const t = rowOf(targets.value[0] ?? ""), cols = t ? columnsOf([t], true) : [];
  const to = cols[cols.findIndex((c) => c.all.length) + by];
  if (to) void moveTo(targets.value, to.id);
};
const extend = (by: number) => { if (!picked.value.has(focus.value)) pick(focus.value); step(0, by); if (!picked.value.has(focus.value)) pick(focus.value); };
const side = (by: number) => { if (view.value === "tree") fold(by > 0); else step(by, 0); };
const edge = (by: number) => step(0, by * 1e9);
const enter = () => { if (focus.value.startsWith("lane:")) flipFocused(); else if (view.value === "tree" && focus.value && !focus.value.startsWith("T-")) toggle(); else if (view.value === "graph" && !focus.value.startsWith("T-")) open(withParameters({ key: focus.value })); else if (focus.value) { peek.value = ""; open(withParameters({}, (one() ? `/${view.value}/` : "/task/") + focus.value)); } };
const back = () => {
  if (helping.value) helping.value = false;
  else if (peek.value) { const k = peek.value; peek.value = ""; go(k); }
  else if (picked.value.size) picked.value = new Set();
  else if (asOf.value || choosingPast.value) toNow();
  else if (subject.value) history.back();
};
const to = (name: string) => () => open(linkTo(name));
const theme = () => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches, now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  setTheme(now === "dark" ? "light" : "dark");
};
export function setTheme(name: string | null) {
  if (name) { document.documentElement.dataset.theme = name; localStorage.setItem("theme", name); }
}
const filter = () => document.querySelector<HTMLInputElement>("#filter")?.focus();

export const commands: Command[] = [
  { keys: ["j", "ArrowDown"], word: "Next", group: "Move", run: () => step(0, 1) },
  { keys: ["k", "ArrowUp"], word: "Previous", group: "Move", run: () => step(0, -1) },
  { keys: ["l", "ArrowRight"], word: "Right, or unfold", group: "Move", run: () => side(1) },
  { keys: ["h", "ArrowLeft"], word: "Left, or fold", group: "Move", run: () => side(-1) },
  { keys: ["Home"], word: "First", group: "Move", run: () => edge(-1) },
  { keys: ["End"], word: "Last", group: "Move", run: () => edge(1) },
  { keys: ["Enter"], word: "Open the task", group: "Task", run: enter, why: () => (focus.value ? "" : needsTask()) },
  { keys: [" "], word: "Peek at the task", group: "Task", run: () => (peek.value = peek.value ? "" : focus.value), why: needsTask },
  { keys: ["x"], word: "Select the task", group: "Task", run: () => pick(focus.value), why: needsTask },
  { keys: ["s"], word: "Change the status", group: "Task", run: () => choose("status", targets.value), why: changes },
  { keys: ["p"], word: "Change the priority", group: "Task", run: () => choose("priority", targets.value), why: changes },
  { keys: ["a"], word: "Change the assignee", group: "Task", run: () => choose("assignee", targets.value), why: changes },
  { keys: ["L"], word: "Change the labels (in lists also l)", group: "Task", run: () => choose("labels", targets.value), why: changes },
  { keys: ["d"], word: "Change the due date", group: "Task", run: () => choose("due", targets.value), why: changes },
  { keys: ["Shift+ArrowRight"], word: "Move to the next column", group: "Task", run: () => beside(1), why: changes },
  { keys: ["Shift+ArrowLeft"], word: "Move to the column before", group: "Task", run: () => beside(-1), why: changes },
  { keys: ["Shift+ArrowDown"], word: "Select downwards", group: "Task", run: () => extend(1), why: needsTask },
  { keys: ["Shift+ArrowUp"], word: "Select upwards", group: "Task", run: () => extend(-1), why: needsTask },
  { keys: ["c"], word: "New task", group: "Plan", run: () => (creating.value = true), why: () => whyNot() },
  { keys: ["z"], word: "Undo your last change", group: "Plan", run: () => void turn({ what: "undo" }), why: () => whyNot() },
  { keys: ["Z"], word: "Redo what you undid", group: "Plan", run: () => void turn({ what: "redo" }), why: () => whyNot() },
  { keys: ["/"], word: "Filter by a query", group: "Plan", run: filter },
  { keys: ["Ctrl+k", "Meta+k"], word: "All commands", group: "Plan", run: () => palette() },
  { keys: ["g b"], word: "Board", group: "Views", run: to("board") },
  { keys: ["g l"], word: "List", group: "Views", run: to("list") },
  { keys: ["g t"], word: "Tree", group: "Views", run: to("tree") },
  { keys: ["g a"], word: "Agents", group: "Views", run: to("agents") },
  { keys: ["g i"], word: "Inbox", group: "Views", run: to("inbox") },
  { keys: ["g g"], word: "Graph", group: "Views", run: to("graph") },
  { keys: ["g n"], word: "Insights", group: "Views", run: to("insights") },
  { keys: ["g h"], word: "Activity", group: "Views", run: to("activity") },
  { keys: ["g o"], word: "Operations", group: "Views", run: to("ops") },
  { keys: ["g x"], word: "Trash", group: "Views", run: to("trash") },
  { keys: ["u"], word: "Undo or redo the focused operation", group: "Operations and trash", run: () => void document.querySelector<HTMLElement>(subject.value ? ".actions button" : ".row.on .do button")?.click(), why: needsOne("ops") },
  { keys: ["r"], word: "Restore the focused item", group: "Operations and trash", run: () => void restore(one()), why: needsOne("trash") },
  { keys: ["E"], word: "Empty the trash", group: "Operations and trash", run: () => (emptying.value = true), why: () => whyNot(true) || (view.value === "trash" ? "" : "press g x first") },
  { keys: ["v"], word: "Lanes of the board, groups of the list", group: "Plan", run: chooseGroups, why: () => (view.value === "board" || view.value === "list" ? "" : "press g b or g l first") },
  { keys: ["e"], word: "Fold or unfold the lane", group: "Plan", run: flipFocused, why: () => (bands.value ? "" : "the board has no lanes: press v") },
  { keys: ["t"], word: "Show a past moment", group: "Past", run: openPast },
  { keys: ["["], word: "One operation earlier", group: "Past", run: () => stepPast(-1) },
  { keys: ["]"], word: "One operation later", group: "Past", run: () => stepPast(1) },
  { keys: ["P"], word: "Print this view", group: "Plan", run: () => { location.href = view.value === "task" ? then("/print/task/" + subject.value) : withParameters({}, "/print/" + (["board", "ops", "trash"].includes(view.value) ? view.value : "list")); } },
  { keys: ["?"], word: "These keys", group: "More", run: () => (helping.value = !helping.value) },
  { keys: ["T"], word: "Light or dark", group: "More", run: theme },
  { keys: ["Escape"], word: "Close, or clear the selection", group: "More", run: back },
];

export const shownKey = (k: string) => k.replace("ArrowDown", "↓").replace("ArrowUp", "↑").replace("ArrowRight", "→").replace("ArrowLeft", "←").replace("Meta", "⌘").replace("Shift+", "⇧").replace(/^ $/, "Space");

// palette lists what can be done, and last what only moves.
export function palette() {
  const all = commands.filter((c) => c.word !== "All commands");
  chooser.value = { title: "Commands", options: [...all.filter((c) => c.group !== "Move"), ...all.filter((c) => c.group === "Move")].map((c): Option => ({ word: c.word, hint: c.group, keys: shownKey(c.keys[0]!), why: c.why?.() ?? "", run: c.run })) };
}

let first = "", late = 0, done = ""; // the first of two keys, and what forgets it

// onPress keeps the key of a command out of the box that the command opened.
export function onPress(e: KeyboardEvent) { if (e.key === done) e.preventDefault(); }
export function onKeyUp() { done = ""; }

export function onKey(e: KeyboardEvent) {
  const el = e.target as HTMLElement;
  if (document.querySelector("dialog[open]") || e.isComposing) return;
  const kind = (el as HTMLInputElement).type, typing = /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && kind !== "checkbox" && kind !== "range";
  const name = (e.ctrlKey ? "Ctrl+" : e.metaKey ? "Meta+" : e.altKey ? "Alt+" : e.shiftKey && e.key.length > 1 ? "Shift+" : "") + e.key;
  if (kind === "range" && /^(Arrow|Home|End|Page)/.test(e.key)) return; // the slider's own
  if (typing && name !== "Ctrl+k" && name !== "Meta+k") return;
  if ((name === "Enter" || name === " ") && /^(BUTTON|A|SUMMARY)$/.test(el.tagName)) return;
  const full = first ? first + " " + name : name;
  first = name === "g" && !first ? "g" : "";
  clearTimeout(late);
  if (first) { e.preventDefault(); late = window.setTimeout(() => (first = ""), 1500); return; }
  const flat = full === "l" && !["board", "tree"].includes(view.value); // where nothing lies to the right
  const c = commands.find((x) => x.keys.includes(flat ? "L" : full));
  if (!c) return;
  e.preventDefault();
  done = e.key;
  const why = c.why?.();
  if (why) say(why, "", true); else c.run();
}
