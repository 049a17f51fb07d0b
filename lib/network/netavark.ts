import { EngineError } from "../errors.ts";
import type { Network } from "../engine/types/network.ts";
import { isSysError } from "../sys/errno.ts";
import { findProgram } from "../sys/program.ts";
import { ProcessError, run } from "../sys/run.ts";
import type { Attachment, ResolvedPort, StatusBlock } from "./types.ts";

/** Where distributions keep helpers that are not commands. */
const helperDirs = [
  "/usr/local/libexec/podman",
  "/usr/local/lib/podman",
  "/usr/libexec/podman",
  "/usr/lib/podman",
];

/** A helper program by name: `dirs` (containers.conf `helper_binaries_dir`) first, then the usual places and PATH. */
export function findHelper(name: string, dirs: readonly string[] = []): string | undefined {
  return findProgram(name, [...dirs, ...helperDirs]) ?? findProgram(name);
}

export type NetavarkInput = {
  readonly id: string;
  readonly name: string;
  readonly attachments: readonly Attachment[];
  readonly ports: readonly ResolvedPort[];
  readonly dnsServers: readonly string[];
};

export type NetavarkCall = {
  readonly verb: "setup" | "teardown";
  readonly netavark: string;
  /** Absent where it is not installed: containers then have no names for each other. */
  readonly aardvark: string | undefined;
  /** Directory for aardvark's and netavark's files, RUNROOT/networks. */
  readonly configDir: string;
  readonly netnsPath: string;
  readonly rootless: boolean;
};

/** argv of netavark. */
export function netavarkArgv(call: NetavarkCall): readonly string[] {
  return [
    call.netavark,
    ...["--config", call.configDir, "--rootless", String(call.rootless)],
    ...(call.aardvark === undefined ? [] : ["--aardvark-binary", call.aardvark]),
    ...[call.verb, call.netnsPath],
  ];
}

/** netavark's `NetworkOptions`, for its standard input. */
export function netavarkOptions(input: NetavarkInput): unknown {
  const networks = input.attachments.map(({ network, options }) => [network.name, {
    interface_name: options.interface_name,
    static_ips: options.static_ips ?? null,
    static_mac: options.static_mac ?? null,
    aliases: options.aliases ?? null,
    ...(options.options === undefined ? {} : { options: options.options }),
  }]);
  return {
    container_id: input.id,
    container_name: input.name,
    networks: Object.fromEntries(networks),
    network_info: Object.fromEntries(input.attachments.map(({ network }) => [network.name, networkInfo(network)])),
    port_mappings: input.ports.map(({ host_ip, host_port, container_port, protocol }) => ({
      ...{ host_ip, host_port, container_port, protocol },
      range: 1,
    })),
    ...(input.dnsServers.length === 0 ? {} : { dns_servers: input.dnsServers }),
  };
}

/** netavark wants null or nothing where we have empty. */
function networkInfo(network: Network): unknown {
  const { network_interface, network_dns_servers, ...rest } = network;
  return {
    ...rest,
    ...(network_interface ? { network_interface } : {}),
    ...(network_dns_servers?.length ? { network_dns_servers } : {}),
    ipam_options: network.ipam_options ?? { driver: "host-local" },
  };
}

/** netavark's answer of `setup`: a block per network. */
export function parseStatus(text: string): Readonly<Record<string, StatusBlock>> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) {
    throw new EngineError("internal", `netavark: unexpected answer ${text}`);
  }
  return value as Readonly<Record<string, StatusBlock>>;
}

/** netavark writes `{"error": "…"}` to standard output, other words to standard error. */
export function netavarkError(error: ProcessError): EngineError {
  const text = errorText(error.stdout) || error.stderr.trim() || error.message;
  const kind = /address already in use/i.test(text) ? "portInUse" : "internal";
  return new EngineError(kind, `netavark: ${text}`, { cause: error });
}

function errorText(stdout: string): string {
  try {
    const value: unknown = JSON.parse(stdout);
    if (typeof value === "object" && value !== null && "error" in value) return String(value.error);
  } catch {
    // No JSON: the program died before it could answer.
  }
  return "";
}

export type NetavarkEnvironment = { readonly firewallDriver?: string; readonly dnsPort?: number };

function environment(wanted: NetavarkEnvironment): Readonly<Record<string, string>> {
  return {
    PATH: Deno.env.get("PATH") ?? "/usr/sbin:/usr/bin:/sbin:/bin",
    ...(wanted.firewallDriver ? { NETAVARK_FW: wanted.firewallDriver } : {}),
    ...(wanted.dnsPort ? { NETAVARK_DNS_PORT: String(wanted.dnsPort) } : {}),
    // aardvark-dns becomes a scope of the user's systemd through these.
    ...pick(["XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "container"]),
  };
}

function pick(names: readonly string[]): Readonly<Record<string, string>> {
  const found = names.map((name) => [name, Deno.env.get(name)] as const);
  return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Runs netavark. Callers hold the lock of the networks: two at once would race for bridges and aardvark's files. */
export async function runNetavark(
  call: NetavarkCall,
  input: NetavarkInput,
  wanted: NetavarkEnvironment = {},
): Promise<string> {
  try {
    const json = JSON.stringify(netavarkOptions(input));
    const { stdout } = await run(netavarkArgv(call), { input: json, env: environment(wanted) });
    return stdout;
  } catch (error) {
    if (error instanceof ProcessError) throw netavarkError(error);
    if (isSysError(error)) throw new EngineError("helperMissing", `start netavark: ${error.message}`, { cause: error });
    throw error;
  }
}
