// A session of the official client for TypeScript, on standard input and output
// or over HTTP: node client.mjs stdio PROGRAM, or node client.mjs http URL.
import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema, ResourceListChangedNotificationSchema, ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";

const [over, where] = process.argv.slice(2);
const transport = over === "stdio"
  ? new StdioClientTransport({ command: where, args: ["mcp"], env: process.env })
  : new StreamableHTTPClientTransport(new URL(where));
const client = new Client({ name: "typescript", version: "1" }, { capabilities: { elicitation: {} } });
client.setRequestHandler(ElicitRequestSchema, async () => ({ action: "accept", content: { reason: "it rains" } }));
const told = { updated: deferred(), listed: deferred() };
client.setNotificationHandler(ResourceUpdatedNotificationSchema, (n) => told.updated.resolve(n.params.uri));
client.setNotificationHandler(ResourceListChangedNotificationSchema, () => told.listed.resolve(true));
await client.connect(transport);

async function call(name, args, options) {
  const answer = await client.callTool({ name, arguments: args }, undefined, options);
  assert.ok(!answer.isError, `${name}: ${answer.content[0].text}`);
  return answer.content[0].text;
}

const { tools } = await client.listTools();
assert.equal(tools.length, 12);
assert.ok(tools.every((t) => t.title && t.inputSchema.type === "object"));
await call("create_parent", { title: "Payments" });
await call("create_parent", { title: "Cards", epic: "E01" });
assert.match(await call("create_task", { feature: "E01-F01", title: "Validate" }), /^T-E01-F01-001 todo/);
await call("create_task", { feature: "E01-F01", title: "Show", depends_on: ["T-E01-F01-001"] });
const keys = await client.complete({ ref: { type: "ref/resource", uri: "pm://item/{key}" }, argument: { name: "key", value: "T-" } });
assert.deepEqual(keys.completion.values, ["T-E01-F01-001", "T-E01-F01-002"]);
assert.ok((await client.listResources()).resources.some((r) => r.uri === "pm://item/E01"));
assert.match((await client.readResource({ uri: "pm://item/T-E01-F01-001" })).contents[0].text, /"title":"Validate"/);
assert.match((await client.getPrompt({ name: "work", arguments: { epic: "E01" } })).messages[0].content.text, /epic "E01"/);
const next = JSON.parse(await call("next", { claim: true }));
assert.equal(next.task.key, "T-E01-F01-001");
const progress = [];
await call("next", { wait: "1s" }, { onprogress: (p) => progress.push(p) });
assert.equal(progress[0]?.total, 1);
if (over === "stdio") {
  await client.subscribeResource({ uri: "pm://item/E01" });
  await call("task_status", { verb: "block", keys: ["T-E01-F01-001"] }); // its reason is asked
  assert.equal(await told.updated.promise, "pm://item/E01");
  await call("create_parent", { title: "Another" });
  assert.equal(await told.listed.promise, true);
} else {
  const refused = await client.callTool({ name: "task_status", arguments: { verb: "block", keys: ["T-E01-F01-001"] } });
  assert.ok(refused.isError && /reason_required/.test(refused.content[0].text));
}
await client.close();
console.log("ok");

function deferred() {
  let resolve;
  const promise = new Promise((r) => (resolve = r));
  return { promise, resolve };
}
