// One stream of changes for all tabs of a browser: who has the lock listens and
// tells the others. Without locks (they need HTTPS or localhost) each tab has
// its own.

// A Change is what the feed tells of a record of the history.
export type Change = { key?: string; old_status?: string; new_status?: string; change?: Record<string, unknown> };

export type Listener = { heard: (r: Change) => void; reset: () => void; online: (is: boolean) => void };
type Told = { kind: "change"; id: string; record: Change } | { kind: "reset"; id: string } | { kind: "online"; is: boolean } | { kind: "hello" };

// open hears the other tabs at once, and returns what begins to follow from a
// place. What is told before that is kept: it may be newer than the plan that
// is being read meanwhile, and who listens does not tell it twice.
export function open(l: Listener): (place: string) => void {
  const channel = new BroadcastChannel("pm-events");
  let last = "", leading = false, up = true, early: Told[] | undefined = [];
  const take = (t: Told) => {
    if (early) early.push(t);
    else if (t.kind === "change") { last = t.id; l.heard(t.record); }
    else if (t.kind === "reset") { last = t.id; l.reset(); }
    else if (t.kind === "online") l.online(t.is);
    else if (leading) channel.postMessage({ kind: "online", is: up } satisfies Told);
  };
  channel.onmessage = (e) => take(e.data as Told);
  const tell = (t: Told) => { channel.postMessage(t); take(t); };
  const listen = () => new Promise<void>(() => {
    leading = true;
    connect();
  });
  const connect = () => {
    const stream = new EventSource("/v1/events?last_event_id=" + encodeURIComponent(last));
    stream.addEventListener("change", (e) => tell({ kind: "change", id: e.lastEventId, record: JSON.parse(e.data) as Change }));
    stream.addEventListener("reset", (e) => tell({ kind: "reset", id: e.lastEventId }));
    stream.onopen = () => { up = true; tell({ kind: "online", is: true }); };
    stream.onerror = () => {
      up = false;
      tell({ kind: "online", is: false });
      if (stream.readyState === EventSource.CLOSED) { stream.close(); setTimeout(connect, 1000); }
    };
  };
  return (place) => {
    const told = early ?? [];
    last = place;
    early = undefined;
    told.forEach(take);
    if (navigator.locks) void navigator.locks.request("pm-events", listen);
    else void listen();
    channel.postMessage({ kind: "hello" } satisfies Told);
  };
}
