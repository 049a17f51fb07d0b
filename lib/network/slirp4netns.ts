import { EngineError } from "../errors.ts";
import type { ProcessIdentity } from "../engine/container.ts";
import { setNonblock } from "../sys/fd.ts";
import { O, open, pipe } from "../sys/fd.ts";
import { connectUnix, sendAll, SHUT, shutdown } from "../sys/socket.ts";
import { readSome } from "../sys/stream.ts";
import { formatAddress, parseAddress, parseCidr } from "./_address.ts";
import { isReady, startInBackground, stopHelper } from "./background.ts";
import { findHelper } from "./netavark.ts";
import { findProgram } from "../sys/program.ts";
import type { ResolvedPort } from "./types.ts";

/** What `--network slirp4netns:OPTION,…` and containers.conf say. */
export type SlirpOptions = {
  readonly cidr: string;
  readonly mtu: number;
  readonly ipv6: boolean;
  readonly hostLoopback: boolean;
  readonly outboundAddress: string;
  readonly outboundAddress6: string;
};

const defaults: SlirpOptions = {
  cidr: "10.0.2.0/24",
  mtu: 65520,
  ipv6: true,
  hostLoopback: false,
  outboundAddress: "",
  outboundAddress6: "",
};

/** Reads the options in Podman's words; later ones win. Error: `invalidArgument`. */
export function parseSlirpOptions(options: readonly string[]): SlirpOptions {
  let parsed = defaults;
  for (const option of options) {
    const equals = option.indexOf("=");
    if (equals < 0) throw new EngineError("invalidArgument", `unknown option for slirp4netns: "${option}"`);
    parsed = { ...parsed, ...parseOption(option.slice(0, equals), option.slice(equals + 1)) };
  }
  return parsed;
}

function parseOption(name: string, value: string): Partial<SlirpOptions> {
  switch (name) {
    case "cidr":
      if (parseCidr(value)?.family !== 4) throw new EngineError("invalidArgument", `invalid cidr "${value}"`);
      return { cidr: value };
    case "mtu":
      if (!/^\d+$/.test(value)) throw new EngineError("invalidArgument", `invalid mtu "${value}"`);
      return { mtu: Number(value) };
    case "enable_ipv6":
      return { ipv6: parseBoolean(name, value) };
    case "allow_host_loopback":
      return { hostLoopback: parseBoolean(name, value) };
    case "outbound_addr":
      return { outboundAddress: value };
    case "outbound_addr6":
      return { outboundAddress6: value, ipv6: true };
    case "port_handler":
      // Both names mean the forwarder inside slirp4netns: the program rootlessport is Podman's own.
      if (value === "slirp4netns" || value === "rootlesskit") return {};
      throw new EngineError("invalidArgument", `unknown port_handler for slirp4netns: "${value}"`);
    default:
      throw new EngineError("invalidArgument", `unknown option for slirp4netns: "${name}=${value}"`);
  }
}

function parseBoolean(name: string, value: string): boolean {
  if (value === "true") return true;
  if (value === "false") return false;
  throw new EngineError("invalidArgument", `invalid value of ${name} for slirp4netns: "${value}"`);
}

/** Addresses inside, as slirp4netns counts them from its CIDR: gateway 2, DNS 3, container 100. */
export function slirpAddresses(options: SlirpOptions): Readonly<Record<"gateway" | "dns" | "container", string>> {
  const base = parseCidr(options.cidr)?.base ?? 0n;
  const at = (offset: bigint) => formatAddress({ family: 4, value: base + offset });
  return { gateway: at(2n), dns: at(3n), container: at(100n) };
}

export type SlirpCall = {
  readonly program: string;
  readonly options: SlirpOptions;
  readonly netnsPath: string;
  readonly apiSocket: string;
  readonly readyFd: number;
};

/** argv of slirp4netns. */
export function slirpArgv(call: SlirpCall): readonly string[] {
  const { options } = call;
  return [
    call.program,
    ...(options.hostLoopback ? [] : ["--disable-host-loopback"]),
    `--mtu=${options.mtu}`,
    ...["--enable-sandbox", "--enable-seccomp"],
    ...(options.ipv6 ? ["--enable-ipv6"] : []),
    `--cidr=${options.cidr}`,
    ...(options.outboundAddress === "" ? [] : [`--outbound-addr=${options.outboundAddress}`]),
    ...(options.outboundAddress6 === "" ? [] : [`--outbound-addr6=${options.outboundAddress6}`]),
    `--api-socket=${call.apiSocket}`,
    ...["-c", "-r", String(call.readyFd), "--netns-type=path", call.netnsPath, "tap0"],
  ];
}

/** The request that forwards a port of the host. */
export function hostForwardRequest(port: ResolvedPort, container: string): unknown {
  const address = parseAddress(port.host_ip);
  return {
    execute: "add_hostfwd",
    arguments: {
      proto: port.protocol,
      host_addr: address?.family === 4 ? port.host_ip : "0.0.0.0",
      host_port: port.host_port,
      guest_addr: container,
      guest_port: port.container_port,
    },
  };
}

export type StartSlirp = {
  readonly options: SlirpOptions;
  readonly netnsPath: string;
  /** For the log and the socket of its interface. */
  readonly directory: string;
  readonly ports: readonly ResolvedPort[];
  readonly helperDirs: readonly string[];
  /** Its path, where one is configured. */
  readonly program?: string;
};

function findSlirp({ program: configured, helperDirs }: StartSlirp): string {
  const found = configured ? findProgram(configured) : findHelper("slirp4netns", helperDirs);
  if (found !== undefined) return found;
  const reason = configured ? "it cannot be executed" : "it is not installed (Debian: slirp4netns)";
  throw new EngineError("helperMissing", `connect container with "${configured || "slirp4netns"}": ${reason}`);
}

/** Starts slirp4netns on a namespace and forwards the ports. After a failure it does not run. */
export async function startSlirp(input: StartSlirp, signal?: AbortSignal): Promise<ProcessIdentity> {
  const program = findSlirp(input);
  const apiSocket = `${input.directory}/slirp4netns.sock`;
  const logPath = `${input.directory}/slirp4netns.log`;
  using log = open(logPath, O.WRONLY | O.CREAT | O.TRUNC, { mode: 0o600 });
  const ends = pipe();
  using ready = ends.read;
  const readyFd = 3;
  // slirp4netns takes no more than 107 bytes for the socket's path, so it gets the name within its working directory.
  const argv = slirpArgv({ ...input, program, apiSocket: "slirp4netns.sock", readyFd });
  const fds = new Map([[readyFd, ends.write]]);
  const helper = await startInBackground({ argv, log, fds, env: environment(), cwd: input.directory })
    .finally(() => ends.write[Symbol.dispose]());
  try {
    if (!await isReady(ready, signal)) throw await startError(logPath);
    for (const port of input.ports) {
      await forward(apiSocket, hostForwardRequest(port, slirpAddresses(input.options).container));
    }
    return helper;
  } catch (error) {
    await stopHelper(helper);
    throw error;
  }
}

function environment(): Readonly<Record<string, string>> {
  return { PATH: Deno.env.get("PATH") ?? "/usr/sbin:/usr/bin:/sbin:/bin" };
}

async function startError(logPath: string): Promise<EngineError> {
  const lines = (await Deno.readTextFile(logPath)).split("\n").filter((line) =>
    line !== "" && !line.startsWith("WARNING")
  );
  return new EngineError("internal", `slirp4netns failed: ${lines.join("; ") || "it ended without a message"}`);
}

/** One request per connection; the answer is read until the other side closes. */
async function forward(apiSocket: string, request: unknown): Promise<void> {
  using socket = await connectUnix(apiSocket);
  await sendAll(socket, new TextEncoder().encode(JSON.stringify(request)));
  shutdown(socket, SHUT.WR);
  setNonblock(socket, true);
  const buffer = new Uint8Array(8192);
  const answer = new TextDecoder().decode(buffer.subarray(0, await readSome(socket, buffer)));
  checkForward(answer, request);
}

/** `{"return":{"id":1}}` or `{"error":{"desc":"…"}}`. */
export function checkForward(answer: string, request: unknown): void {
  const value: unknown = JSON.parse(answer === "" ? "{}" : answer);
  if (typeof value === "object" && value !== null && "return" in value) return;
  const kind = /add_hostfwd|address/i.test(answer) ? "portInUse" : "internal";
  throw new EngineError(
    kind,
    `error from slirp4netns while setting up port redirection ${JSON.stringify(request)}: ${answer.trim()}`,
  );
}
