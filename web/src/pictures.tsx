// Charts and graphs: the same pictures as pm insights --svg and pm graph --svg,
// drawn by the server, in the colours of this page.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useRead } from "./load";
import { byKey, count } from "./model";
import { Empty, NoTasks } from "./parts";
import { epics, features, revision } from "./replica";
import { open, parameters, query, then, withParameters } from "./route";
import { useFocused } from "./rows";
import { focus, grid, peek } from "./select";

// useText reads a picture, again when the plan has changed, but not too often.
function useText(path: string): { text?: string; error?: string } {
  const [state, set] = useState<{ path: string; text?: string; error?: string }>({ path }), changed = revision.value;
  useEffect(() => {
    if (!path) return;
    const stop = new AbortController();
    const late = setTimeout(async () => {
      try {
        const r = await fetch(path, { signal: stop.signal }), text = await r.text();
        set(r.ok ? { path, text } : { path, error: (JSON.parse(text) as { detail: string }).detail });
      } catch { /* the banner says so */ }
    }, state.text && state.path === path ? 1500 : 0);
    return () => { clearTimeout(late); stop.abort(); };
  }, [path, changed]);
  return state.path === path ? state : {};
}

// Picture holds an SVG of this server, in which every text is escaped.
function Picture({ svg, keys }: { svg: string; keys?: string[] }) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => { for (const node of ref.current!.querySelectorAll("[data-key]")) { node.setAttribute("tabindex", "-1"); node.setAttribute("role", "img"); node.setAttribute("aria-label", node.textContent!.trim().replace(/\s+/g, " ")); } }, [svg]);
  useFocused(ref, !!keys, [svg]);
  const show = (e: Event) => {
    const key = (e.target as Element).closest<SVGElement>("[data-key]")?.dataset.key;
    if (key?.startsWith("T-")) { focus.value = key; peek.value = key; }
    else if (key) open(withParameters({ key }));
  };
  return <div class="picture" ref={ref} onClick={show} tabIndex={0} role="group" aria-label="Picture" dangerouslySetInnerHTML={{ __html: svg }} />;
}

type Graph = { nodes: { key: string }[]; critical_path: string[]; length: number; unit: string; folded?: string };

export function GraphView() {
  const key = parameters.value.get("key") ?? /^epic:(\S+)$/.exec(query.value)?.[1] ?? "";
  const { data, error } = useRead<Graph>(then("/v1/graph" + (key ? "?key=" + key : "")));
  const { text } = useText(then("/v1/graph.svg?embed=true" + (key ? "&key=" + key : "")));
  const keys = data?.nodes.map((n) => n.key) ?? [];
  grid.value = [keys];
  const under = [...epics.values()].sort((a, b) => byKey(a.key, b.key));
  return (
    <section class="rows flow" data-view="graph" aria-label="Graph">
      <p class="tools"><label class="btn group-by">Of <select value={key} onChange={(e) => open(withParameters({ key: e.currentTarget.value }))} aria-label="Show the graph of">
        <option value="">the whole plan</option>
        {under.map((e) => <optgroup key={e.key} label={`${e.key} ${e.title}`}><option value={e.key}>{e.key} {e.title}</option>
          {[...features.values()].filter((f) => f.key.startsWith(e.key + "-")).map((f) => <option key={f.key} value={f.key}>{f.key} {f.title}</option>)}</optgroup>)}
        {key.startsWith("T-") && <option value={key}>{key}</option>}
      </select></label>
        {data && data.critical_path.length > 1 && <span class="soft">Critical path: {data.critical_path.map((k, i) => <span key={k}>{i > 0 && " → "}<a class="key" href={k.startsWith("T-") ? then("/task/" + k) : withParameters({ key: k })}>{k}</a></span>)}, {data.length} {data.unit}</span>}
        {query.value && !key && <span class="faint">no query narrows a graph: choose an epic or a feature</span>}
        {data?.folded && <span class="faint">more than 500 tasks: {data.folded}s stand for them</span>}</p>
      {error ? <Empty title={error.message}><p>{error.hint}</p></Empty>
        : data && !data.nodes.length ? <Empty title="No dependencies yet"><p>Make a task wait for another one:</p><pre>pm dep add T-E01-F01-002 T-E01-F01-001</pre></Empty>
        : data && text && <Picture svg={text} keys={keys} />}
    </section>
  );
}

type Insights = { tasks: number; finished: number; enough: boolean; reason?: string; cycle?: { count: number; p50_seconds: number; p85_seconds: number }; throughput?: { per_day: number; days: unknown[] }; time?: { held_seconds: number; efficiency_pct: number } };
type Forecast = { remaining: number; enough: boolean; reason?: string; p50: string | null; p85: string | null; backtest: { right: number; of: number } };

const long = (s: number) => (s < 60 ? "under 1 min" : s < 3600 ? `${Math.round(s / 60)} min` : s < 172800 ? `${Math.round(s / 360) / 10} h` : `${Math.round(s / 8640) / 10} d`);
const day = (d: string) => new Date(d + "T12:00:00").toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });

const Tile = ({ word, value, more }: { word: string; value: string; more?: string }) => <div class="tile"><dt>{word}</dt><dd class="num">{value}</dd><dd class="faint">{more}</dd></div>;

export function InsightsView() {
  const q = query.value ? "query=" + encodeURIComponent(query.value) : "";
  const { data: i, error } = useRead<Insights>(then("/v1/insights?" + q));
  const { data: f } = useRead<Forecast>(then("/v1/forecast?" + q));
  const box = useRef<HTMLElement>(null), [width, fit] = useState(0);
  const { text } = useText(width ? then(`/v1/insights.svg?embed=true&width=${width}${q && "&" + q}`) : "");
  grid.value = [[]];
  useLayoutEffect(() => { // in steps, so that dragging a window does not ask for each pixel
    const seen = new ResizeObserver(() => { const w = box.current?.clientWidth ?? 0; fit(w < 640 ? w : w - (w % 40)); });
    if (box.current) seen.observe(box.current);
    return () => seen.disconnect();
  }, [!error]);
  if (error) return <section data-view="insights" aria-label="Insights"><Empty title={error.message}><p>{error.hint}</p></Empty></section>;
  if (i && !i.tasks && !query.value) return <section data-view="insights" aria-label="Insights"><NoTasks /></section>;
  return (
    <section class="rows flow" data-view="insights" aria-label="Insights" ref={box}>
      {i && <dl class="tiles">
        <Tile word="Likely done" value={!f ? "…" : f.p50 ? day(f.p50) : "no forecast"} more={!f ? "looking ahead" : f.p85 ? `85% by ${day(f.p85)}${f.backtest.of ? `, right ${f.backtest.right} of ${f.backtest.of} times` : ""}` : f.reason ?? ""} />
        <Tile word="Left" value={f ? count(f.remaining) : "…"} more={`${count(i.finished)} finished`} />
        {i.throughput && <Tile word="Finished per day" value={i.throughput.per_day.toLocaleString(undefined, { maximumFractionDigits: 2 })} more={i.throughput.days.length > 1 ? `over ${i.throughput.days.length} days` : "today"} />}
        {i.cycle && <Tile word="Cycle time" value={i.cycle.count ? long(i.cycle.p50_seconds) : "–"} more={i.cycle.count ? `85% ${i.cycle.p85_seconds < 60 ? "" : "within "}${long(i.cycle.p85_seconds)}` : "nothing finished yet"} />}
        {i.time && <Tile word="Flow efficiency" value={i.time.held_seconds ? `${Math.round(i.time.efficiency_pct)}%` : "–"} more={i.time.held_seconds ? "share of the time that tasks were held" : "nothing started yet"} />}
      </dl>}
      {text && <Picture svg={text} />}
    </section>
  );
}
