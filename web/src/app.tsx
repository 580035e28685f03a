// The page of pm: it draws what the replica holds, in the view of the address.
import { useEffect } from "preact/hooks";
import { effect } from "@preact/signals";
import { render } from "preact";
import { Board } from "./board";
import { Chooser, Create, creating, Reason } from "./choose";
import { readMe } from "./act";
import { onKey, onKeyUp, onPress, setTheme } from "./keys";
import { featureOf } from "./model";
import { List } from "./list";
import { OpPage, Ops } from "./ops";
import { Empty } from "./parts";
import { Past } from "./past";
import { ask, failed, features, loaded, lost, start } from "./replica";
import { asOf, open, query, subject, view } from "./route";
import { focus, peek } from "./select";
import { Banner, Bottom, Bulk, Head, Help, names, project, Side, Spoken, Toasts } from "./shell";
import { GraphView, InsightsView } from "./pictures";
import { SignIn } from "./signin";
import { Peek, TaskPage } from "./task";
import { TrashPage, TrashView } from "./trash";
import { showWhole } from "./whole";
import { Tree } from "./tree";
import { Undoing } from "./undo";
import { Activity, Agents, Inbox } from "./views";

setTheme(localStorage.getItem("theme"));

function View() {
  if (failed.value && !loaded.value) return <Empty title={failed.value.message}><p>{failed.value.hint}</p></Empty>;
  if (asOf.value && lost.value) return <section><Empty title={lost.value.message}><p>{lost.value.hint}</p></Empty></section>;
  switch (view.value) {
    case "ops": return subject.value ? <OpPage key={subject.value} id={subject.value} /> : <Ops />;
    case "trash": return subject.value ? <TrashPage key={subject.value} name={subject.value} /> : <TrashView />;
    case "task": return <TaskPage key={subject.value} name={subject.value} />;
    case "list": return <List />;
    case "tree": return <Tree />;
    case "agents": return <Agents />;
    case "inbox": return <Inbox />;
    case "graph": return <GraphView />;
    case "insights": return <InsightsView />;
    case "activity": return <Activity />;
  }
  return <Board />;
}

function App() {
  if (failed.value?.status === 401) return <main class="alone"><SignIn project={project} /></main>;
  const title = view.value === "task" ? subject.value : names[view.value] ?? "Board";
  useEffect(() => { document.title = `${title}, ${project}`; }, [title]);
  const near = focus.value.startsWith("T-") ? featureOf(focus.value) : [...features.keys()][0] ?? "inbox";
  return (
    <>
      <Side />
      <main><Head title={title} /><Banner /><Past /><View /><Bulk /></main>
      <Bottom /><Peek /><Help /><Chooser /><Reason /><Undoing />{creating.value && <Create near={near} />}
      <Toasts /><Spoken />
    </>
  );
}

// Links within the page change the address, and nothing is loaded.
function onClick(e: MouseEvent) {
  const a = (e.target as Element).closest("a");
  if (!a || e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || a.target || a.origin !== location.origin || a.pathname.startsWith("/print")) return;
  e.preventDefault();
  peek.value = "";
  open(a.pathname + a.search);
}

let before = "";
effect(() => { if (query.value !== before) { before = query.value; if (loaded.value) ask(); } });
document.addEventListener("keydown", onKey);
document.addEventListener("keypress", onPress, true);
document.addEventListener("keyup", onKeyUp, true);
document.addEventListener("click", onClick);
document.addEventListener("pointerover", showWhole);
void readMe();
void start();
render(<App />, document.getElementById("app")!);
