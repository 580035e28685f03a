// Tasks by priority, kept in order while some of them change: a change costs a
// look at each task, and no sorting of those that stay.
import { byPriority, nthOf, type Task } from "./model";

export class Ordered {
  private rows: Task[] = [];
  private stale = new Set<string>();
  private whole = true; // all are to be put in order

  constructor(private readonly row: (key: string) => Task | undefined) {}

  // touch says that a task is new, another or gone, and clear that all are.
  touch(key: string) { this.stale.add(key); }
  clear() { this.whole = true; }

  // all are the tasks with these keys that are not archived, in order.
  all(keys: Map<string, unknown>): Task[] {
    const { stale } = this, rowsOf = (keys: Iterable<string>) => [...keys].map(this.row).filter((t): t is Task => !!t && t.status !== "archived").sort(byPriority);
    if (this.whole || stale.size > keys.size / 8) this.rows = rowsOf(keys.keys());
    else if (stale.size) {
      const nths = new Set([...stale].map(nthOf)); // numbers are found quicker than texts
      this.rows = merged(this.rows.filter((t) => !nths.has(t.nth) || !stale.has(t.key)), rowsOf(stale));
    }
    this.whole = false;
    this.stale = new Set();
    return this.rows;
  }
}

function merged(all: Task[], some: Task[]): Task[] {
  const out: Task[] = [];
  let i = 0;
  for (const t of some) {
    while (i < all.length && byPriority(all[i]!, t) < 0) out.push(all[i++]!);
    out.push(t);
  }
  for (; i < all.length; i++) out.push(all[i]!);
  return out;
}
