import { join } from "node:path/posix";
import { type Bench, type Case, enginesOf } from "./case.ts";
import { createContainers } from "./case_list.ts";
import type { Engine } from "./engine.ts";
import { busyboxArchive, busyboxImage } from "./image.ts";
import { median, processesWith, run } from "./measure.ts";
import type { Row } from "./row.ts";

const secondsPerRound = 1;

async function measureService(bench: Bench): Promise<readonly Row[]> {
  await createContainers(bench);
  await using stack = new AsyncDisposableStack();
  const sockets: string[] = [];
  for (const engine of enginesOf(bench)) sockets.push(stack.use(await startService(engine, bench.folder)).socket);
  const rows: Row[] = [];
  for (
    const [name, path] of [["_ping", "/_ping"], ["list of 100", "/v4.0.0/libpod/containers/json?all=true"]] as const
  ) {
    const [subject = Number.NaN, peer] = await alternateRates(bench.runs, { sockets, path });
    rows.push({ name: `API ${name}`, unit: "/s", subject, peer, peerName: "podman", budget: { atLeast: 3 } });
  }
  return rows;
}

type Service = AsyncDisposable & { readonly socket: string };

async function startService(engine: Engine, folder: string): Promise<Service> {
  const socket = join(folder, `${engine.name}.sock`);
  const [program = "", ...args] = engine.command("system", "service", "-t", "0", `unix://${socket}`).argv;
  const child = new Deno.Command(program, { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
  for (let tries = 0; tries < 100; tries++) {
    const connection = await Deno.connect({ transport: "unix", path: socket }).catch(() => undefined);
    connection?.close();
    if (connection !== undefined) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const stop = async () => {
    child.kill();
    await child.status;
  };
  return { socket, [Symbol.asyncDispose]: stop };
}

type Rates = { readonly sockets: readonly string[]; readonly path: string };

async function alternateRates(runs: number, { sockets, path }: Rates): Promise<readonly number[]> {
  const rates: number[][] = sockets.map(() => []);
  for (let round = 0; round <= runs; round++) {
    for (const [index, socket] of sockets.entries()) {
      const rate = await rateOf(socket, path);
      if (round > 0) rates[index]?.push(rate); // the first round warms up
    }
  }
  return rates.map(median);
}

/** Requests per second on one connection that is kept open. */
async function rateOf(socket: string, path: string): Promise<number> {
  using connection = await Deno.connect({ transport: "unix", path: socket });
  const request = new TextEncoder().encode(`GET ${path} HTTP/1.1\r\nHost: d\r\n\r\n`);
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < secondsPerRound * 1000) {
    await connection.write(request);
    await readAnswer(connection);
    count++;
  }
  return count / ((performance.now() - start) / 1000);
}

/** Reads one whole answer, of known length or in chunks; throws unless its status is 200. */
async function readAnswer(connection: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(65536);
  let text = "";
  while (!isWhole(text)) {
    const count = await connection.read(buffer);
    if (count === null) throw new Error("reading an answer: the service closed the connection");
    text += new TextDecoder("latin1").decode(buffer.subarray(0, count));
  }
  if (!text.startsWith("HTTP/1.1 200")) throw new Error(`reading an answer: ${text.slice(0, 200)}`);
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = text.slice(0, end).match(/content-length: *(\d+)/i)?.[1];
  return length === undefined ? text.endsWith("0\r\n\r\n") : text.length >= end + 4 + Number(length);
}

async function measureMemory(bench: Bench): Promise<readonly Row[]> {
  const { beluga } = bench;
  await run(beluga.command("load", "-i", await busyboxArchive(bench.folder)));
  await run(beluga.command("run", "-d", "--name", "asleep", "--network", "none", busyboxImage, "sleep", "1000"));
  const processes = processesWith(beluga.command().argv[2] ?? bench.folder);
  await run(beluga.command("rm", "-f", "-t", "0", "asleep"));
  const others = processes.filter(({ name }) => name !== "conmon");
  const bytes = processes.reduce((sum, one) => sum + one.bytes, 0);
  return [
    { name: "detached container, private memory", unit: "MB", subject: bytes / 1e6, budget: { atMost: 3 } },
    {
      name: "detached container, processes beside conmon",
      unit: "runs",
      subject: others.length,
      budget: { atMost: 0 },
    },
  ];
}

/** Requests per second over the socket. */
export const serviceCase: Case = { name: "api", measure: measureService };
/** What stays in memory for a container when no engine runs. */
export const memoryCase: Case = { name: "memory", measure: measureMemory };
