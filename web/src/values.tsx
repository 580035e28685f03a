// Fields and their values, from and to, as a person reads them.

const words: Record<string, string> = { assigned_agent: "held by", assignee: "assigned to", agent_type: "agent type" };

export const fieldWord = (name: string) => words[name] ?? name.replace(/_/g, " ").replace(/\./g, " ");

export const shortText = (v: unknown, clipped = false): string => {
  if (clipped) return clip(shortText(v));
  if (v === null || v === undefined || v === "") return "none";
  if (Array.isArray(v)) return v.map((one) => (typeof one === "object" && one ? checkText(one as Check) : String(one))).join(", ");
  if (typeof v === "object") {
    const o = v as Record<string, unknown>;
    if (o.body) return String(o.body).replace(/\*\*|`/g, "");
    return String(o.text ?? o.to ?? o.digest ?? JSON.stringify(v));
  }
  return String(v);
};

export const Arrow = () => <span aria-label="to" role="img" class="faint">→</span>;

// From is a value that something no longer has.
export const From = ({ v }: { v: unknown }) => (v === null || v === undefined || v === "" ? <span class="faint">none</span> : <span class="from" dir="auto">{clip(shortText(v))}</span>);

type Check = { n?: number; text?: string; done?: boolean };
const checkText = (c: Check) => `${c.text ?? "line " + c.n}${c.done ? " (done)" : ""}`;
export const clip = (s: string) => (s.length > 120 ? s.slice(0, 117) + "…" : s);
