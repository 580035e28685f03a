// Dragging by pointer events: a mouse after a few pixels, a finger after a
// long press. Keys and the menu of a card do the same.
import { signal } from "@preact/signals";
import { moveTo, say, whyNot } from "./act";
import { picked } from "./select";

export const dragging = signal<{ keys: string[]; over?: string; lane?: string | undefined } | undefined>();

const far = 6, long = 350, edge = 48; // pixels, milliseconds, and how near the edge of the board a card has it scroll

export function grab(e: PointerEvent, key: string) {
  if (e.button !== 0) return;
  const card = e.currentTarget as HTMLElement, touch = e.pointerType === "touch";
  const lane = card.closest<HTMLElement>("[data-lane]")?.dataset.lane; // cards stay in their lane
  const x0 = e.clientX, y0 = e.clientY, box = card.getBoundingClientRect();
  const board = card.closest<HTMLElement>(".board")!;
  let ghost: HTMLElement | undefined, timer = 0, last: PointerEvent = e, frame = 0;
  const lift = () => {
    dragging.value = { keys: picked.value.has(key) ? [...picked.value] : [key] };
    ghost = card.cloneNode(true) as HTMLElement;
    ghost.className += " ghost";
    for (const name of ["data-key", "role", "tabindex", "id"]) ghost.removeAttribute(name);
    ghost.setAttribute("aria-hidden", "true");
    ghost.style.width = box.width + "px";
    document.body.append(ghost);
    if (dragging.value.keys.length > 1) ghost.dataset.count = String(dragging.value.keys.length);
    board.style.scrollSnapType = "none";
    frame = requestAnimationFrame(scroll);
  };
  const scroll = () => {
    const at = board.getBoundingClientRect(), before = board.scrollLeft;
    const by = last.clientX > at.right - edge ? 12 : last.clientX < at.left + edge ? -12 : 0;
    if (by && Math.abs(last.clientX - x0) > edge) board.scrollLeft += by;
    if (board.scrollLeft !== before) moved(last);
    frame = requestAnimationFrame(scroll);
  };
  const moved = (m: PointerEvent) => {
    last = m;
    const d = Math.hypot(m.clientX - x0, m.clientY - y0);
    if (!ghost && touch && d > far) return end();
    const why = !ghost && d > far && whyNot();
    if (why) { end(); return say(why, "", true); }
    if (!ghost && d > far) lift();
    if (!ghost) return;
    ghost.style.transform = `translate(${box.left + m.clientX - x0}px, ${box.top + m.clientY - y0}px) rotate(1deg)`;
    const cell = document.elementFromPoint(m.clientX, m.clientY)?.closest<HTMLElement>("[data-column]");
    const over = cell?.closest<HTMLElement>("[data-lane]")?.dataset.lane === lane ? cell?.dataset.column : undefined;
    if (over !== dragging.value?.over) dragging.value = { keys: dragging.value!.keys, lane, ...(over ? { over } : {}) };
  };
  const still = (t: TouchEvent) => { if (ghost) t.preventDefault(); };
  const up = () => {
    const d = dragging.value, was = !!ghost;
    end();
    if (was) { // the click that ends the drag, where there is one, opens nothing
      const still = (c: MouseEvent) => c.stopPropagation();
      addEventListener("click", still, { capture: true, once: true });
      setTimeout(() => removeEventListener("click", still, true));
    }
    if (d?.over) void moveTo(d.keys, d.over);
  };
  const key_ = (k: KeyboardEvent) => { if (k.key === "Escape") end(); };
  const end = () => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    board.style.removeProperty("scroll-snap-type");
    ghost?.remove();
    ghost = undefined;
    dragging.value = undefined;
    removeEventListener("pointermove", moved);
    removeEventListener("pointerup", up);
    removeEventListener("pointercancel", end);
    removeEventListener("keydown", key_);
    removeEventListener("touchmove", still);
  };
  if (touch && !whyNot()) timer = window.setTimeout(() => { lift(); moved(e); }, long);
  addEventListener("pointermove", moved);
  addEventListener("pointerup", up);
  addEventListener("pointercancel", end);
  addEventListener("keydown", key_);
  addEventListener("touchmove", still, { passive: false });
}
