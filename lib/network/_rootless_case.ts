/**
 * Run by `rootless_real_test.ts` inside a user and a mount namespace, where an engine of a user lives. Connects a namespace by
 * the mode in its arguments and prints what it saw.
 */
import { isKind } from "../errors.ts";
import { isAlive } from "../sys/proc.ts";
import { run } from "../sys/run.ts";
import { serve } from "./_serve_fixture.ts";
import { createNetns, deleteNetns } from "./netns.ts";
import { resolvePorts } from "./ports.ts";
import { setupNetwork, teardownNetwork } from "./setup.ts";
import type { NetworkMode } from "./types.ts";

const [tag, runRoot = ""] = Deno.args;
if (tag !== "pasta" && tag !== "slirp4netns") throw new Error(`no such mode: ${tag}`);
const id = "c".repeat(64);
const base = { id, name: "c", runRoot, containerRunDir: runRoot, rootless: true };
const mode: NetworkMode = { tag, options: [] };
const ports = resolvePorts([{ host_ip: "127.0.0.1", host_port: 0, container_port: 8081, protocol: "tcp", range: 1 }]);
const status = await setupNetwork({ ...base, netnsPath: await createNetns({ runRoot, id }), ports, mode });
const links = (await run(["nsenter", `--net=${status.netnsPath}`, "ip", "-o", "-4", "addr"])).stdout;

let page = "";
{
  await Deno.writeTextFile(`${runRoot}/page`, "served");
  await using _server = await serve(status, { port: 8081, files: runRoot });
  page = await (await fetch(`http://127.0.0.1:${ports[0]?.host_port}/page`)).text();
}

const second = await createNetns({ runRoot, id: "second" });
const clash = await setupNetwork({ ...base, id: "second", netnsPath: second, ports, mode }).then(
  () => "connected twice",
  (error) => isKind(error, "portInUse") ? "portInUse" : String(error),
);
deleteNetns(second);
await teardownNetwork({ ...base, status });
await teardownNetwork({ ...base, status });
const left = [...Deno.readDirSync(`${runRoot}/netns`)].map((entry) => entry.name);
const helperLives = status.helper !== null && isAlive(status.helper);
console.log(JSON.stringify({ links, page, clash, left, helperLives, nameservers: status.nameservers }));
