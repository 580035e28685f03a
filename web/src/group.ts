// Groups of tasks: of the list, and the lanes of the board.
import { byKey, columns, epicOf, featureOf, type Task } from "./model";
import { epics, features } from "./replica";

export type Grouping = { word: string; of: (t: Task) => string; name?: (v: string) => string };
export type Group = { name: string; word: string; tasks: Task[] };

export const groupings: Record<string, Grouping> = {
  status: { word: "status", of: (t) => t.status, name: (v) => columns.find((c) => c.status === v)?.word ?? v },
  epic: { word: "epic", of: (t) => epicOf(t.key), name: (v) => `${v} ${epics.get(v)?.title ?? ""}` },
  feature: { word: "feature", of: (t) => featureOf(t.key), name: (v) => `${v} ${features.get(v)?.title ?? ""}` },
  agent: { word: "agent", of: (t) => t.assigned_agent },
  label: { word: "label", of: (t) => t.labels?.[0] ?? "" },
};

// lanes are the groupings that the board has: its columns are the statuses.
export const lanes = Object.keys(groupings).filter((g) => g !== "status");

// groupsOf puts tasks into groups, in their order; none is empty.
export function groupsOf(list: Task[], by: string): Group[] {
  const g = groupings[by]!, groups = new Map<string, Task[]>();
  if (by === "status") for (const c of columns) groups.set(c.status, []);
  for (const t of list) {
    const v = g.of(t), some = groups.get(v);
    if (some) some.push(t); else groups.set(v, [t]);
  }
  const names = [...groups.keys()];
  if (by === "epic" || by === "feature") names.sort(byKey);
  else if (by !== "status") names.sort((a, b) => (a === "" ? 1 : b === "" ? -1 : a.localeCompare(b)));
  return names.filter((n) => groups.get(n)!.length).map((name) => ({ name, word: name === "" ? `no ${g.word}` : g.name?.(name) ?? name, tasks: groups.get(name)! }));
}
