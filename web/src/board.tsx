// The board: a column for each status, each windowed by itself.
import { useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Card, cardHeight, type Col, ColHead, columnsOf } from "./card";
import { dragging } from "./drag";
import { lanes } from "./group";
import { Lanes } from "./lanes";
import { NoTasks } from "./parts";
import { loaded, match, shown } from "./replica";
import { parameters } from "./route";
import { useRows } from "./rows";
import { focus, grid, picked } from "./select";

export const Board = () => (lanes.includes(parameters.value.get("lanes") ?? "") && !(loaded.value && !shown.value.length && !match.value) ? <Lanes /> : <Columns />);

function Columns() {
  const before = useRef<Col[]>([]), cols = useComputed(() => (before.current = columnsOf(shown.value, !!match.value?.sorted, before.current))).value;
  grid.value = cols.map((c) => c.keys);
  if (loaded.value && !shown.value.length && !match.value) return <section data-view="board" aria-label="Board"><NoTasks /></section>;
  return (
    <section class="board" data-view="board" aria-label="Board" tabIndex={-1}>
      {cols.map((c) => <Column key={c.id} col={c} />)}
    </section>
  );
}

function Column({ col }: { col: Col }) {
  const { id, word, status, all, keys } = col, w = useRows(keys.length, keys.indexOf(focus.value), cardHeight);
  return (
    <section class={dragging.value?.over === id ? "col target" : "col"} data-column={id} aria-label={word}>
      <ColHead col={col} />
      <div class="cards" ref={w.ref} role="list" aria-label={`${word}, ${all.length} tasks`} tabIndex={-1}>
        <div class="tall" style={{ height: w.height + "px" }} role="presentation">
          {all.slice(w.from, w.to).map((t, i) => <Card key={t.key} task={t} at={w.from + i} of={all.length} on={focus.value === t.key} marked={picked.value.has(t.key)} staged={!status} />)}
        </div>
      </div>
    </section>
  );
}
