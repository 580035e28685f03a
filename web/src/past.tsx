// A past moment: chosen with a slider over the operations, by its date or by
// keys. The server says what the plan was then; the address names the moment.
import { signal } from "@preact/signals";
import { useRead } from "./load";
import { moment, type Operation } from "./model";
import { clock, lacks, loaded, lost } from "./replica";
import { asOf, open, withParameters } from "./route";

export const choosingPast = signal(false); // the slider is open, though now is shown

// goTo shows the plan as of a moment or an operation; empty: now.
export const goTo = (as_of: string) => open(withParameters({ as_of }), true);
export const toNow = () => { choosingPast.value = false; goTo(""); };

const most = 500; // operations that the slider reaches back
const seen = { value: [] as Operation[] }; // them, the oldest first

// at is how many of the operations the plan that is shown has in it.
const at = () => {
  if (!asOf.value) return seen.value.length;
  const i = seen.value.findIndex((o) => o.id === asOf.value);
  return i >= 0 ? i + 1 : seen.value.filter((o) => Date.parse(o.at) <= clock.value).length;
};
const show = (n: number) => (n >= seen.value.length ? goTo("") : goTo(seen.value[Math.max(0, n - 1)]!.id));

// stepPast goes an operation back or forth.
export function stepPast(by: number) {
  if (!choosingPast.value && !asOf.value) choosingPast.value = true; // the first press shows where one is
  if (seen.value.length) show(Math.max(1, at() + by));
}

export function openPast() {
  choosingPast.value = true;
  requestAnimationFrame(() => document.querySelector<HTMLElement>("#moment")?.focus());
}

const local = (ms: number) => new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

export const Past = () => (asOf.value || choosingPast.value ? <Slider /> : null);

function Slider() {
  const { data } = useRead<{ items: Operation[] }>("/v1/operations?limit=" + most);
  seen.value = [...(data?.items ?? [])].reverse();
  const n = at(), o = seen.value[n - 1];
  const text = !asOf.value ? "Now" : lost.value ? lost.value.message : `As of ${moment(clock.value)}`;
  return (
    <section class={asOf.value ? "past then" + (lacks.value ? " less" : "") : "past"} aria-label="Past moment" onKeyDown={(e) => { if (e.key === "Escape") { e.stopPropagation(); toNow(); } }}>
      <b class="num" role={asOf.value ? "alert" : undefined}>{text}</b>
      <button class="btn small" onClick={toNow}>{asOf.value ? "Back to now" : "Close"} <kbd>Esc</kbd></button>
      <span class="steps"><button class="btn small" aria-label="One operation earlier" title="One operation earlier ([)" onClick={() => stepPast(-1)}>‹</button>
        <input id="moment" type="range" min={1} max={Math.max(1, seen.value.length)} value={n} aria-label="Operation" aria-valuetext={o ? `${text}, after ${o.command} by ${o.agent}` : text}
          onInput={(e) => show(Number(e.currentTarget.value))} />
        <button class="btn small" aria-label="One operation later" title="One operation later (])" onClick={() => stepPast(1)}>›</button></span>
      <input class="btn small num" type="datetime-local" aria-label="Date and time" value={loaded.value ? local(clock.value) : ""} max={local(Date.now())}
        onChange={(e) => { const ms = Date.parse(e.currentTarget.value); if (ms) goTo(new Date(ms).toISOString().replace(".000", "")); }} />
      <span class="soft after cutoff">{asOf.value && (lost.value ? lost.value.hint : <>read-only{o && <>, after <a class="under" href={"/ops/" + o.id}>{o.command}</a> by {o.agent}</>}</>)}</span>
      {asOf.value && lacks.value && <p class="lacks" role="status">{lacks.value}</p>}
    </section>
  );
}
