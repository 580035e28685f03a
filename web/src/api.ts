// The API of pm, as the page uses it. Of the client of other programs it has the types alone (docs/adr/0017). What is refused is a Refusal with pm's
// own sentence and hint.
import type { Operations } from "../../clients/typescript/src/api";

// Answer is what an operation answers, by its name there.
export type Answer<N extends keyof Operations> = Operations[N]["answer"];

export class Refusal extends Error {
  constructor(message: string, readonly hint = "", readonly code = "", readonly status = 0, readonly conflicts: Conflict[] = []) { super(message); }
}

// A Conflict is a field that cannot be taken back: somebody has changed it since.
export type Conflict = NonNullable<Answer<"plan_undo">["conflicts"]>[number];

type Query = Record<string, string | string[] | number | boolean | undefined>;

export type Call = { method?: string; query?: Query; body?: unknown; version?: number; key?: string; signal?: AbortSignal; headers?: (h: Headers) => void };

const address = (path: string, query?: Query) => {
  const q = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (Array.isArray(value)) for (const v of value) q.append(name, v);
    else if (value !== undefined && value !== "" && value !== false) q.set(name, String(value));
  }
  const text = q.toString();
  return path + (text ? "?" + text : "");
};

// again is after how many milliseconds a change is sent once more whose answer was lost.
const again = [300, 900, 1800];

// call sends a request and returns the JSON of the answer. A change has an
// idempotency key, so that sending it again does it once.
export async function call<T>(path: string, c: Call = {}): Promise<T> {
  const headers: Record<string, string> = { "X-PM-Surface": "web" };
  if (c.body !== undefined) headers["Content-Type"] = "application/json";
  if (c.version) headers["If-Match"] = `"${c.version}"`;
  if (c.key) headers["Idempotency-Key"] = c.key;
  let answer: Response | undefined;
  for (let tries = 0; !answer; tries++) {
    try {
      answer = await fetch(address(path, c.query), {
        method: c.method ?? "GET", headers, signal: c.signal ?? null, body: c.body === undefined ? null : JSON.stringify(c.body),
      });
    } catch (e) {
      if (c.signal?.aborted) throw e;
      if (!c.key || tries >= again.length) throw new Refusal("pm does not answer", "check that pm serve is running", "offline");
      await new Promise((done) => setTimeout(done, again[tries]));
    }
  }
  const text = await answer.text();
  const json = text && answer.headers.get("Content-Type")?.includes("json") ? JSON.parse(text) : undefined;
  if (answer.ok) { c.headers?.(answer.headers); return json as T; }
  throw new Refusal(json?.detail ?? json?.title ?? `pm answered ${answer.status}`, json?.hint ?? "", json?.code ?? "", answer.status, json?.conflicts);
}

export const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
