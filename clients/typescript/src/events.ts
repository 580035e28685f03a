import type { History } from "./api.js";
import { errorOf, PMError } from "./error.js";
import { pause } from "./pause.js";

/** One event of the plan's feed. */
export type Change =
  | { type: "change"; id: string; record: History }
  | { type: "reset"; id: string };

export interface EventOptions {
  /** Only of this item and what lies under it. */
  key?: string;
  /** Go on behind this event. */
  after?: string;
  /** Ends the stream. */
  signal?: AbortSignal;
}

/** Follows the feed, and connects again where the connection is lost. */
export async function* follow(send: typeof fetch, url: string, headers: () => Headers, options: EventOptions): AsyncGenerator<Change, void, void> {
  const query = options.key === undefined ? "" : `?key=${encodeURIComponent(options.key)}`;
  let place = options.after;
  let wait = 1000;
  while (!options.signal?.aborted) {
    try {
      const all = headers();
      all.set("Accept", "text/event-stream");
      if (place !== undefined) all.set("Last-Event-ID", place);
      const answer = await send(`${url}/v1/events${query}`, { headers: all, signal: options.signal ?? null, cache: "no-store" });
      if (!answer.ok) throw await errorOf(answer);
      for await (const event of parse(answer.body!)) {
        if (event.retry !== undefined) wait = event.retry;
        if (event.id !== undefined) place = event.id;
        if (event.type === "change") yield { type: "change", id: place!, record: JSON.parse(event.data) as History };
        if (event.type === "reset") yield { type: "reset", id: place! };
      }
    } catch (e) {
      if (options.signal?.aborted) return;
      if (e instanceof PMError && e.retryAfter === undefined) throw e;
    }
    await pause(wait, options.signal).catch(() => undefined);
  }
}

interface Event { type: string; id: string | undefined; retry: number | undefined; data: string }

/** Reads server-sent events (HTML Living Standard, 9.2.6), as far as pm sends them. */
async function* parse(body: ReadableStream<Uint8Array>): AsyncGenerator<Event, void, void> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      for (let end; (end = rest.indexOf("\n\n")) >= 0; rest = rest.slice(end + 2)) {
        yield eventOf(rest.slice(0, end));
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function eventOf(text: string): Event {
  const event: Event = { type: "", id: undefined, retry: undefined, data: "" };
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    const value = line.slice(colon + 1).replace(/^ /, "");
    switch (line.slice(0, Math.max(colon, 0))) {
      case "event": event.type = value; break;
      case "id": event.id = value; break;
      case "retry": event.retry = Number(value); break;
      case "data": event.data += value; break;
    }
  }
  return event;
}
