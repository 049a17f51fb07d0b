import { join } from "node:path/posix";
import { type Bench, type Case, enginesOf } from "./case.ts";
import { type Engine, inNewStore } from "./engine.ts";
import { largeArchive, largeImage } from "./image.ts";
import { alternate, peakMemory, run, time } from "./measure.ts";
import type { Row } from "./row.ts";

const megabyte = 1e6;
const shape = { count: 8, size: 62.5 * megabyte };

async function measurePull(bench: Bench): Promise<readonly Row[]> {
  const archive = await largeArchive(bench.folder, shape);
  await using registry = await startRegistry(bench.folder);
  const target = `${registry.address}/${largeImage}`;
  const flags = ["--dest-tls-verify=false", "--insecure-policy"];
  await run({ argv: ["skopeo", "copy", ...flags, `docker-archive:${archive}`, `docker://${target}`] });
  const pull = (engine: Engine) => engine.command("pull", "-q", "--tls-verify=false", target);
  const subjects = enginesOf(bench).map((engine) => () => inNewStore(engine, (fresh) => time(pull(fresh))));
  const [subject = Number.NaN, peer] = await alternate(bench.runs, subjects, { cold: true });
  const memory = await inNewStore(bench.beluga, (fresh) => peakMemory(pull(fresh)));
  return [
    { name: "pull of 8 layers, 500 MB", unit: "ms", subject, peer, peerName: "podman", budget: { atMost: 0.6 } },
    { name: "pull, peak memory", unit: "MB", subject: memory / megabyte, budget: { atMost: 300 } },
  ];
}

type Registry = AsyncDisposable & { readonly address: string };

/** A docker-registry on a free port of loopback, with its files below `folder`. */
async function startRegistry(folder: string): Promise<Registry> {
  const address = `127.0.0.1:${freePort()}`;
  const config = join(folder, "registry.yml");
  const storage = `storage: {filesystem: {rootdirectory: ${join(folder, "registry")}}}`;
  Deno.writeTextFileSync(config, `version: 0.1\nlog: {level: error}\n${storage}\nhttp: {addr: "${address}"}\n`);
  const args = ["serve", config];
  const child = new Deno.Command("docker-registry", { args, stdout: "null", stderr: "null" }).spawn();
  await answers(`http://${address}/v2/`);
  const stop = async () => {
    child.kill();
    await child.status;
  };
  return { address, [Symbol.asyncDispose]: stop };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waiting for "${url}": no answer`);
}

async function measureExtract(bench: Bench): Promise<readonly Row[]> {
  const archive = await largeArchive(bench.folder, { count: 1, size: shape.count * shape.size });
  const layer = join(bench.folder, "layer-0.tar");
  const [subject = Number.NaN, peer = Number.NaN] = await alternate(bench.runs, [
    () => inNewStore(bench.beluga, (fresh) => time(fresh.command("load", "-q", "-i", archive))),
    () => extractWithTar(bench.folder, layer),
  ]);
  const name = "load of one plain layer, 500 MB";
  return [{ name, unit: "ms", subject, peer, peerName: "tar -x", budget: { atMost: 1 } }];
}

async function extractWithTar(folder: string, layer: string): Promise<number> {
  const target = Deno.makeTempDirSync({ dir: folder });
  const words = ["tar", "-xf", layer, "--numeric-owner", "--xattrs", "-C", target];
  const taken = await time({ argv: words });
  await Deno.remove(target, { recursive: true });
  return taken;
}

/** From a registry to a store that can run. */
export const pullCase: Case = { name: "pull", measure: measurePull };
/** One layer from a tar, with reading, hashing and extracting in it, beside GNU tar, which only extracts. */
export const extractCase: Case = { name: "extract", measure: measureExtract };
