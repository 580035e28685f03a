// The trash: what was deleted, what lies in it, and how it comes back.
import { signal } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import { send } from "./act";
import type { Answer } from "./api";
import { Modal } from "./choose";
import { useRead } from "./load";
import { ago, count, moment } from "./model";
import { Do, Empty, Face, Ring } from "./parts";
import { clock } from "./replica";
import { open } from "./route";
import { useFocused } from "./rows";
import { focus, go, grid } from "./select";

type Trashed = Answer<"trash_list">["items"][number];

const counted = (n: number | undefined, word: string) => (n ? `${count(n)} ${word}${n === 1 ? "" : "s"}` : "");
const within = (t: Trashed) => [counted(t.features, "feature"), counted(t.tasks, "task"), counted(t.notes, "note")].filter(Boolean).join(", ");

export const restore = async (key: string) => {
  const back = await send<{ key: string; warnings?: { message: string }[] }>(`/v1/trash/${key}/restore`, "POST", {}, `restored ${key}`);
  if (back && location.pathname === "/trash/" + key) open("/trash");
};

export const emptying = signal(false);

export function TrashView() {
  const { data, again } = useRead<{ items: Trashed[] }>("/v1/trash"), all = data?.items ?? [];
  grid.value = [all.map((t) => t.key)];
  const ref = useRef<HTMLElement>(null);
  useFocused(ref);
  return (
    <section class="rows flow" data-view="trash" aria-label="Trash" ref={ref}>
      {data && !all.length && <Empty title="The trash is empty"><p>Deleted items stay here for 30 days unless the project says otherwise, and can be restored under their keys:</p><pre>pm delete T-E01-F01-002{"\n"}pm restore T-E01-F01-002</pre></Empty>}
      {all.length > 0 && <p class="tools"><span class="soft num">{counted(all.length, "deleted item")}</span><span class="push" /><Do class="btn small risky" lead run={() => (emptying.value = true)}>Empty the trash…</Do></p>}
      <div role="list" aria-label="Trash">{all.map((t) => (
        <div key={t.key} class={"row op" + (focus.value === t.key ? " on" : "")} data-key={t.key} role="listitem" tabIndex={focus.value === t.key ? 0 : -1} aria-label={`${t.key}, ${t.title}`}
          onFocus={() => (focus.value = t.key)} onClick={() => { go(t.key); open("/trash/" + t.key); }}>
          <span class="key">{t.key}</span><span class="title" dir="auto">{t.title}</span><span class="soft items">{within(t)}</span>
          <Face name={t.agent} /><span class="soft cutoff where">{t.agent}</span><time class="faint num when" dateTime={t.deleted_at} title={moment(t.deleted_at) + (t.leaves_at ? ", leaves " + moment(t.leaves_at) : "")}>{ago(t.deleted_at, clock.value)}</time>
          <span class="do" onClick={(e) => e.stopPropagation()}><Do class="btn small" lead run={() => void restore(t.key)}>Restore</Do></span>
        </div>))}</div>
      {emptying.value && <EmptyIt all={all} again={again} />}
    </section>
  );
}

// EmptyIt asks before anything is deleted for good.
function EmptyIt({ all, again }: { all: Trashed[]; again: () => void }) {
  const [older, set] = useState(""), close = () => (emptying.value = false);
  const old = older ? all.filter((t) => clock.value - Date.parse(t.deleted_at) > 30 * 86_400_000).length : all.length;
  const run = async () => { if (await send("/v1/trash" + (older && "?older=" + older), "DELETE", undefined, "emptied the trash")) { close(); again(); } };
  return (
    <Modal title="Empty the trash" close={close}>
      <form onSubmit={(e) => { e.preventDefault(); if (old) void run(); }}>
        <h2>Delete {counted(old, "item") || "nothing"} for good?</h2>
        <p>With everything in {old === 1 ? "it" : "them"} and all history. This cannot be undone, and past moments will no longer show {old === 1 ? "it" : "them"}.</p>
        <select aria-label="Which" value={older} onChange={(e) => set(e.currentTarget.value)}><option value="">everything in the trash</option><option value="30d">what was deleted more than 30 days ago</option></select>
        <p class="answers"><button class="btn danger" disabled={!old}>Delete for good</button><button type="button" class="btn" onClick={close} autofocus>Cancel</button></p>
      </form>
    </Modal>
  );
}

// TrashPage is what one entry would bring back.
export function TrashPage({ name }: { name: string }) {
  const { data: t, error } = useRead<Answer<"trash_show">>("/v1/trash/" + name);
  grid.value = [[]];
  if (error) return <section data-view="trashed" aria-label={name}><Empty title={error.message}><p>{error.hint}</p></Empty></section>;
  if (!t) return <section data-view="trashed" aria-label={name} aria-busy="true" />;
  return (
    <section class="page" data-view="trashed" aria-label={name}>
      <article class="task">
        <div class="path key"><a href="/trash">Trash</a> / <span>{t.key}</span></div>
        <h2 dir="auto">{t.title}</h2>
        <dl class="facts">
          <dt>Deleted by</dt><dd><Face name={t.agent} /> {t.agent} <a class="under faint" href={"/ops/" + t.operation}>{ago(t.deleted_at, clock.value)}</a></dd>
          {t.leaves_at && <><dt>Leaves</dt><dd>{moment(t.leaves_at)}</dd></>}
          {within(t) && <><dt>With it</dt><dd>{within(t)}</dd></>}
        </dl>
        <p class="actions"><Do class="btn small" lead run={() => void restore(t.key)}>Restore</Do></p>
        <section><h3>What would be restored</h3>{t.items.slice(0, 500).map((i) => <div key={i.key} class="linked"><Ring status={i.status} label /><span class="key">{i.key}</span><span dir="auto">{i.title}</span></div>)}
          {t.items.length > 500 && <p class="faint">and {count(t.items.length - 500)} more</p>}</section>
      </article>
    </section>
  );
}
