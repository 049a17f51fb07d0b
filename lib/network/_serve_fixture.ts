import assert from "node:assert/strict";
import { start } from "../sys/child.ts";
import { run } from "../sys/run.ts";
import type { NetworkStatus } from "./types.ts";

/** Test support: runs a program in the namespace, with its output. */
export async function inside(status: NetworkStatus, ...argv: readonly string[]): Promise<string> {
  return (await run(["nsenter", `--net=${status.netnsPath}`, ...argv], { timeoutMs: 10_000 })).stdout;
}

/** An HTTP server in the namespace; there as soon as this resolves. */
export async function serve(
  status: NetworkStatus,
  where: { readonly port: number; readonly files: string },
): Promise<AsyncDisposable> {
  const argv = ["nsenter", `--net=${status.netnsPath}`, "busybox", "httpd", "-f"];
  const server = start([...argv, "-p", String(where.port), "-h", where.files]);
  let over = false;
  server.wait().then(() => over = true);
  const listening = `:${where.port.toString(16).toUpperCase().padStart(4, "0")} `;
  for (let text = ""; !text.includes(listening);) {
    assert.ok(!over, "the server ended");
    text = await inside(status, "cat", "/proc/net/tcp", "/proc/net/tcp6");
  }
  return server;
}
