import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { PM, PMError, type Change } from "../src/index.js";
import { serve, type Server } from "./server.js";

let server: Server;
let pm: PM;
before(async () => {
  server = await serve();
  pm = new PM({ url: server.url, agent: "ann", session: "s1" });
  await pm.call("epic_create", { title: "Payments" });
  await pm.call("feature_create", { epic: "E01", title: "Checkout" });
});
after(() => server.close());

async function task(title: string) {
  return pm.call("task_create", { feature: "E01-F01", title });
}

describe("calls", () => {
  test("what was created has a version and a place", async () => {
    const made = await pm.request("task_create", { feature: "E01-F01", title: "Pay by card", labels: ["a", "b"] });
    assert.equal(made.location, `/v1/tasks/${made.data.key}`);
    assert.equal(made.etag, `"${made.data.version}"`);
    const shown = await pm.call("task_show", { key: made.data.key });
    assert.deepEqual(shown.labels, ["a", "b"]);
  });

  test("If-Match refuses what has changed since", async () => {
    const { key, version } = await task("Refund");
    await pm.call("task_update", { key, title: "Refunds" }, { ifMatch: version });
    await assert.rejects(pm.call("task_update", { key, title: "Repay" }, { ifMatch: version }),
      (e: unknown) => e instanceof PMError && e.status === 412 && e.code === "stale_version");
    assert.equal((await pm.call("task_show", { key })).title, "Refunds");
  });

  test("one idempotency key, one task", async () => {
    const idempotencyKey = crypto.randomUUID();
    const first = await pm.request("task_create", { feature: "E01-F01", title: "Once" }, { idempotencyKey });
    const second = await pm.request("task_create", { feature: "E01-F01", title: "Once" }, { idempotencyKey });
    assert.equal(first.replayed, false);
    assert.equal(second.replayed, true);
    assert.equal(second.data.key, first.data.key);
  });

  test("a problem says what to do", async () => {
    await assert.rejects(pm.call("task_show", { key: "T-E01-F01-999" }), (e: unknown) => {
      assert.ok(e instanceof PMError);
      assert.equal(e.status, 404);
      assert.equal(e.kind, "not_found");
      assert.ok(e.hint);
      assert.equal(e.outcomeUnknown, false);
      return true;
    });
  });

  test("a claim belongs to its session", async () => {
    const { key } = await task("Held");
    await pm.call("task_claim", { key });
    const other = new PM({ url: server.url, agent: "ann", session: "s2" });
    await assert.rejects(other.call("task_complete", { key }), (e: unknown) => e instanceof PMError && e.kind === "conflict");
    assert.equal((await pm.call("task_complete", { key })).status, "completed");
  });

  test("all pages of a list", async () => {
    const titles = Array.from({ length: 25 }, (_, i) => `Page ${i}`);
    await pm.call("task_create_many", { tasks: titles.map((title) => ({ feature: "E01-F01", title })) });
    const seen: string[] = [];
    for await (const item of pm.items("task_list", { query: "Page", limit: 4 })) seen.push(item.key);
    assert.equal(seen.length, 25);
    assert.equal(new Set(seen).size, 25);
  });

  test("an aborted call ends at once", async () => {
    const stop = new AbortController();
    stop.abort();
    await assert.rejects(pm.call("plan_status", {}, { signal: stop.signal }), { name: "AbortError" });
  });
});

describe("a server that is killed", () => {
  test("a change is sent again and made once", async () => {
    const own = await serve();
    try {
      const client = new PM({ url: own.url, agent: "ann", retries: 8 });
      await client.call("epic_create", { title: "E" });
      await own.kill();
      const pending = client.call("epic_create", { title: "F" });
      await own.restart();
      await pending;
      const titles: string[] = [];
      for await (const epic of client.items("epic_list", {})) titles.push(epic.title);
      assert.deepEqual(titles.sort(), ["E", "F"]);
    } finally {
      await own.close();
    }
  });

  test("no answer is said to be no answer", async () => {
    const own = await serve();
    await own.kill();
    await assert.rejects(new PM({ url: own.url, retries: 0 }).call("epic_create", { title: "E" }),
      (e: unknown) => e instanceof PMError && e.status === 0 && e.outcomeUnknown);
  });

  test("events go on where they were", async () => {
    const own = await serve();
    const stop = new AbortController();
    try {
      const client = new PM({ url: own.url, agent: "ann", retries: 8 });
      await client.call("epic_create", { title: "E" });
      await client.call("feature_create", { epic: "E01", title: "F" });
      const feed = client.events({ after: "0", signal: stop.signal });
      const until = async (title: string) => {
        for (;;) {
          const change = (await feed.next()).value as Change;
          if (change.type === "change" && change.record.change?.title?.includes(title)) return change.id;
        }
      };
      assert.equal((await feed.next()).value?.type, "reset"); // there is no event 0: the stream begins now
      await client.call("task_create", { feature: "E01-F01", title: "before" });
      const before = await until("before");
      await own.restart();
      await client.call("task_create", { feature: "E01-F01", title: "after" });
      assert.notEqual(await until("after"), before);
    } finally {
      stop.abort();
      await own.close();
    }
  });
});
