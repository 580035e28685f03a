import { routes, type Operations } from "./api.js";
import { errorOf, PMError } from "./error.js";
import { follow, type Change, type EventOptions } from "./events.js";
import { pause } from "./pause.js";

export interface Options {
  /** Where pm serve listens: http://127.0.0.1:7780 unless told otherwise; "" for the page's own server. */
  url?: string;
  /** A token of the server's token file. */
  token?: string;
  /** Who acts. A token with a name says it already. */
  agent?: string;
  /** The session that acts, apart from others of the same agent. */
  session?: string;
  /** How often what had no answer, or may be tried again, is sent once more; 2 unless told otherwise. */
  retries?: number;
  fetch?: typeof fetch;
}

export interface CallOptions {
  /** The ETag or the version of the item: it is changed only if it is still at that version (else status 412). */
  ifMatch?: string | number;
  /** A key of your own. Every change has one, so that sending it again does it once. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** An answer with what its headers say. */
export interface Answer<T> {
  data: T;
  /** The version of the item, for ifMatch. */
  etag: string | undefined;
  /** Where the item that was created is. */
  location: string | undefined;
  /** Whether an earlier request with the same key had this answer. */
  replayed: boolean;
}

export type Name = keyof Operations;

type ItemOf<T> = T extends { items: (infer I)[] } ? I : never;

/**
 * A client of pm's HTTP API. It is safe to use one for many calls at once.
 * Every method throws a PMError where pm says no.
 */
export class PM {
  readonly #options: Required<Pick<Options, "url" | "retries" | "fetch">> & Options;

  constructor(options: Options = {}) {
    const { url = "http://127.0.0.1:7780", retries = 2 } = options;
    this.#options = { ...options, url: url.replace(/\/$/, ""), retries, fetch: options.fetch ?? globalThis.fetch.bind(globalThis) };
  }

  /** Calls an operation and answers its data. */
  async call<N extends Name>(name: N, input: Operations[N]["input"], options?: CallOptions): Promise<Operations[N]["answer"]> {
    return (await this.request(name, input, options)).data;
  }

  /** Calls an operation and answers its data with what the headers say. */
  async request<N extends Name>(name: N, input: Operations[N]["input"], options: CallOptions = {}): Promise<Answer<Operations[N]["answer"]>> {
    const { method, url, body } = target(routes[name], input as Record<string, unknown>);
    const headers = this.#headers();
    if (body !== undefined) headers.set("Content-Type", "application/json");
    if (method !== "GET") headers.set("Idempotency-Key", options.idempotencyKey ?? crypto.randomUUID());
    if (options.ifMatch !== undefined) headers.set("If-Match", typeof options.ifMatch === "number" ? `"${options.ifMatch}"` : options.ifMatch);
    const answer = await this.#send(this.#options.url + url, { method, headers, body: body ?? null, signal: options.signal ?? null });
    const text = await answer.text();
    return {
      data: (text === "" ? undefined : JSON.parse(text)) as Operations[N]["answer"],
      etag: answer.headers.get("ETag") ?? undefined,
      location: answer.headers.get("Location") ?? undefined,
      replayed: answer.headers.get("Idempotency-Replayed") === "true",
    };
  }

  /** Walks through all items of a list, page by page, as far as they are asked for. */
  async *items<N extends Name>(name: N, input: Operations[N]["input"], options?: CallOptions): AsyncGenerator<ItemOf<Operations[N]["answer"]>, void, void> {
    let cursor: string | undefined;
    do {
      const page: { items: ItemOf<Operations[N]["answer"]>[]; next_cursor?: string } =
        await this.call(name, cursor === undefined ? input : { ...input, cursor }, options) as never;
      yield* page.items;
      cursor = page.next_cursor;
    } while (cursor);
  }

  /**
   * The changes as they happen. It connects again by itself and goes on where
   * it was; a change of the type "reset" says that this could not be: read the
   * plan again.
   */
  events(options: EventOptions = {}): AsyncGenerator<Change, void, void> {
    return follow(this.#options.fetch, this.#options.url, () => this.#headers(), options);
  }

  #headers(): Headers {
    const { token, agent, session } = this.#options;
    const headers = new Headers();
    if (token) headers.set("Authorization", `Bearer ${token}`);
    if (agent) headers.set("X-PM-Agent", agent);
    if (session) headers.set("X-PM-Session", session);
    return headers;
  }

  async #send(url: string, init: RequestInit): Promise<Response> {
    for (let tries = 0; ; tries++) {
      const failed = await this.#try(url, init);
      if (failed instanceof Response) return failed;
      const again = failed.status === 0 || failed.retryAfter !== undefined;
      if (!again || tries >= this.#options.retries) throw failed;
      await pause(failed.retryAfter ?? 100 * 2 ** tries, init.signal);
    }
  }

  /** Sends once. What was aborted is thrown; every other failure is answered. */
  async #try(url: string, init: RequestInit): Promise<Response | PMError> {
    try {
      const answer = await this.#options.fetch(url, init);
      return answer.ok ? answer : await errorOf(answer);
    } catch (cause) {
      init.signal?.throwIfAborted();
      return new PMError("the server did not answer", { status: 0, kind: "unavailable", code: "no_answer", hint: "is pm serve running?", cause });
    }
  }
}

/** Where a call goes: names in the path, the rest in the query or the body. */
function target(route: string, input: Record<string, unknown>): { method: string; url: string; body: string | undefined } {
  const [method = "", path = ""] = route.split(" ");
  const rest = Object.entries(input).filter(([name, value]) => value !== undefined && !path.includes(`{${name}}`));
  let url = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(input[name])));
  if (method !== "GET" && method !== "DELETE") {
    return { method, url, body: rest.length > 0 ? JSON.stringify(Object.fromEntries(rest)) : undefined };
  }
  const query = new URLSearchParams(rest.map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : String(value)]));
  if (rest.length > 0) url += `?${query}`;
  return { method, url, body: undefined };
}
