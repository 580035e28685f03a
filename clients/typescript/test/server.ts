import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

/** A pm serve of the test's own, on a new plan. */
export interface Server { url: string; port: number; restart(): Promise<void>; kill(): Promise<void>; close(): Promise<void> }

const root = resolve(import.meta.dirname, "../../../..");
const folder = mkdtempSync(join(tmpdir(), "pm-client-"));
const pm = process.env.PM_BINARY ?? join(folder, process.platform === "win32" ? "pm.exe" : "pm");
if (!process.env.PM_BINARY) execFileSync("go", ["build", "-o", pm, "./cmd/pm"], { cwd: root, stdio: "inherit" });
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Starts a server; its plan is empty. */
export async function serve(): Promise<Server> {
  const home = mkdtempSync(join(folder, "plan-"));
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, PM_AGENT: "tester" };
  execFileSync(pm, ["init"], { cwd: home, env, stdio: "ignore" });
  let child: ChildProcess;
  const start = async (port: number): Promise<number> => {
    child = spawn(pm, ["serve", "--listen", `127.0.0.1:${port}`], { cwd: home, env, stdio: ["ignore", "ignore", "pipe"] });
    for await (const line of createInterface({ input: child.stderr! })) {
      const found = /url=http:\/\/127\.0\.0\.1:(\d+)/.exec(line);
      if (found) { child.stderr!.resume(); return Number(found[1]); }
    }
    throw new Error("pm serve did not start");
  };
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    await ended;
  };
  const port = await start(0);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    restart: async () => { await end("SIGKILL"); await start(port); },
    kill: () => end("SIGKILL"),
    close: () => end("SIGTERM"),
  };
}
