import { EngineError, messageOf } from "../errors.ts";
import { AT_FDCWD } from "../sys/fd.ts";
import { access, fsMagic, statfs, tryStatAt } from "../sys/file.ts";
import { type FileLock, lockFile } from "../sys/lock.ts";
import { createNetns, deleteNetns } from "./netns.ts";
import { findHelper, type NetavarkCall, type NetavarkInput, parseStatus, runNetavark } from "./netavark.ts";
import type {
  NetworkMode,
  NetworkStatus,
  ResolvedPort,
  SetupNetworkInput,
  StatusBlock,
  TeardownNetworkInput,
} from "./types.ts";

type Bridge = Extract<NetworkMode, { tag: "bridge" }>;

/**
 * Connects a namespace. What was set up comes back and is kept by the engine: `teardownNetwork` needs it. After a failure
 * nothing of it is left, save the namespace, which the caller made. Errors: `helperMissing`, `portInUse`, `internal`.
 */
export async function setupNetwork(input: SetupNetworkInput, signal?: AbortSignal): Promise<NetworkStatus> {
  const { mode } = input;
  switch (mode.tag) {
    case "bridge":
      return await setupBridge(input, mode, signal);
    case "slirp4netns":
      return await setupSlirp(input, mode.options, signal);
    case "pasta":
      return await setupPasta(input, mode.options);
    default:
      return mode satisfies never;
  }
}

/** What `teardownNetwork` needs after a crash in the middle of `setupNetwork`: to be kept before that is called. */
export function plannedStatus(input: Pick<SetupNetworkInput, "mode" | "netnsPath" | "ports">): NetworkStatus {
  return {
    mode: input.mode,
    netnsPath: input.netnsPath,
    ports: input.ports,
    networks: {},
    helper: null,
    nameservers: [],
    searchDomains: [],
    hostAddress: null,
    addresses: [],
  };
}

/**
 * One netavark at a time: two would race for bridges, rules and aardvark's files. The rules are the host's, so root's
 * engines share one lock whatever their run directories are.
 */
async function networksLock(
  input: Pick<SetupNetworkInput, "runRoot" | "rootless">,
  signal?: AbortSignal,
): Promise<FileLock> {
  const directory = `${input.runRoot}/networks`;
  Deno.mkdirSync(directory, { recursive: true, mode: 0o755 });
  const path = input.rootless || !access("/run", 2) ? `${directory}/lock` : "/run/beluga-networks.lock";
  return await lockFile(path, { signal, command: "network" });
}

function netavarkCall(
  verb: NetavarkCall["verb"],
  input: Pick<SetupNetworkInput, "runRoot" | "netnsPath" | "rootless" | "helperDirs">,
): NetavarkCall {
  const netavark = findHelper("netavark", input.helperDirs);
  if (netavark === undefined) {
    throw new EngineError(
      "helperMissing",
      'connect container: "netavark" is not installed; networks need it (Debian: netavark)',
    );
  }
  const aardvark = findHelper("aardvark-dns", input.helperDirs);
  const configDir = `${input.runRoot}/networks`;
  return { verb, netavark, aardvark, configDir, netnsPath: input.netnsPath, rootless: input.rootless };
}

function netavarkInput(input: Pick<SetupNetworkInput, "id" | "name" | "ports">, mode: Bridge): NetavarkInput {
  return { id: input.id, name: input.name, ports: input.ports, ...mode };
}

async function setupBridge(input: SetupNetworkInput, mode: Bridge, signal?: AbortSignal): Promise<NetworkStatus> {
  if (mode.attachments.length === 0) return plannedStatus(input);
  if (input.rootless) {
    throw new EngineError("unsupported", "bridge networks of a user are not supported yet: use pasta or slirp4netns");
  }
  const call = netavarkCall("setup", input);
  using _lock = await networksLock(input, signal);
  const wanted = netavarkInput(input, mode);
  try {
    return bridgeStatus(input, parseStatus(await runNetavark(call, wanted, input)));
  } catch (error) {
    // netavark leaves half of its work behind.
    await runNetavark({ ...call, verb: "teardown" }, wanted, input).catch(() => {});
    throw error;
  }
}

function bridgeStatus(input: SetupNetworkInput, networks: Readonly<Record<string, StatusBlock>>): NetworkStatus {
  const blocks = Object.values(networks);
  const interfaces = blocks.flatMap((block) => Object.values(block.interfaces ?? {}));
  const subnets = interfaces.map((each) => each.subnets?.[0]).filter((subnet) => subnet !== undefined);
  return {
    ...plannedStatus(input),
    networks,
    nameservers: blocks.flatMap((block) => block.dns_server_ips ?? []),
    searchDomains: [...new Set(blocks.flatMap((block) => block.dns_search_domains ?? []))],
    hostAddress: subnets.find((subnet) => subnet.gateway)?.gateway ?? null,
    addresses: subnets.map((subnet) => subnet.ipnet.split("/")[0] ?? ""),
  };
}

/** Takes the host's ports and lets go of them: the helpers do not tell which one they could not have, or why. */
async function tryPorts(ports: readonly ResolvedPort[]): Promise<void> {
  if (ports.length === 0) return;
  const { reservePorts } = await import("./ports.ts");
  for (const socket of reservePorts(ports)) socket[Symbol.dispose]();
}

async function setupSlirp(
  input: SetupNetworkInput,
  words: readonly string[],
  signal?: AbortSignal,
): Promise<NetworkStatus> {
  const { parseSlirpOptions, slirpAddresses, startSlirp } = await import("./slirp4netns.ts");
  const options = parseSlirpOptions(words);
  const { netnsPath, ports, helperDirs = [], containerRunDir: directory, slirp4netns: program } = input;
  await tryPorts(ports);
  const helper = await startSlirp({ options, netnsPath, directory, ports, helperDirs, program }, signal);
  const inside = slirpAddresses(options);
  return {
    ...plannedStatus(input),
    helper,
    nameservers: [inside.dns],
    hostAddress: options.hostLoopback ? inside.gateway : null,
    addresses: [inside.container],
  };
}

async function setupPasta(input: SetupNetworkInput, options: readonly string[]): Promise<NetworkStatus> {
  // pasta gives up root's rights before it opens the namespace.
  if (!input.rootless) throw new EngineError("invalidArgument", "pasta networking is only supported for rootless mode");
  const { pastaDns, pastaHost, startPasta } = await import("./pasta.ts");
  const { netnsPath, ports, helperDirs = [], containerRunDir: directory } = input;
  await tryPorts(ports);
  const { helper, features } = await startPasta({ options, netnsPath, directory, ports, helperDirs });
  return {
    ...plannedStatus(input),
    helper,
    nameservers: features.dnsForward ? [pastaDns] : [],
    hostAddress: features.mapGuestAddress ? pastaHost : null,
  };
}

/**
 * Takes everything back: addresses, rules, names, helper processes and the namespace. Every step is tried; failures are
 * reported together. May be called again.
 */
export async function teardownNetwork(input: TeardownNetworkInput): Promise<void> {
  const { status } = input;
  const failures: string[] = [];
  const attempt = async (step: () => Promise<void> | void) => {
    try {
      await step();
    } catch (error) {
      failures.push(messageOf(error));
    }
  };
  const { mode, helper } = status;
  if (mode.tag === "bridge" && mode.attachments.length > 0) await attempt(() => teardownBridge(input, mode));
  if (helper !== null) await attempt(async () => (await import("./background.ts")).stopHelper(helper));
  await attempt(() => deleteNetns(status.netnsPath));
  if (failures.length > 0) {
    throw new EngineError("internal", `clean up network of container ${input.id}: ${failures.join("; ")}`);
  }
}

async function teardownBridge(input: TeardownNetworkInput, mode: Bridge): Promise<void> {
  const { netnsPath, ports } = input.status;
  const call = netavarkCall("teardown", { ...input, netnsPath });
  using _lock = await networksLock(input);
  const lost = !isNamespace(netnsPath);
  // netavark does nothing without a namespace, but the host's rules have to go even if it was lost.
  if (lost) await replaceNetns(netnsPath);
  const done = runNetavark(call, netavarkInput({ ...input, ports }, mode), input);
  // It tries every step; those inside the namespace must fail in an empty one, or where set-up never came to them.
  const planned = Object.keys(input.status.networks).length === 0;
  await (lost || planned ? done.catch(() => {}) : done);
}

/** False for a file that is there without a namespace, too: what a crash left. */
function isNamespace(path: string): boolean {
  return tryStatAt(AT_FDCWD, path) !== undefined && statfs(path).type === fsMagic.nsfs;
}

async function replaceNetns(path: string): Promise<void> {
  const slash = path.lastIndexOf("/netns/");
  if (slash >= 0) await createNetns({ runRoot: path.slice(0, slash), id: path.slice(slash + 7) });
}

/** Rootless default: `preferred` (containers.conf `default_rootless_network_cmd`) if installed, else the other one. */
export function rootlessNetworkTag(preferred: string, helperDirs: readonly string[] = []): "pasta" | "slirp4netns" {
  const order = preferred === "slirp4netns" ? ["slirp4netns", "pasta"] as const : ["pasta", "slirp4netns"] as const;
  const found = order.find((name) => findHelper(name, helperDirs) !== undefined);
  if (found !== undefined) return found;
  throw new EngineError(
    "helperMissing",
    'connect container: neither "pasta" nor "slirp4netns" is installed; rootless networks need one (Debian: passt)',
  );
}
