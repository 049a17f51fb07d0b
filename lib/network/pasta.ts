import { EngineError } from "../errors.ts";
import type { ProcessIdentity } from "../engine/container.ts";
import { readSmallFile } from "../sys/fd.ts";
import { startTime } from "../sys/proc.ts";
import { ProcessError, run } from "../sys/run.ts";
import { findHelper } from "./netavark.ts";
import type { ResolvedPort } from "./types.ts";

/** What this pasta knows; older ones lack the addresses that stand for the host. */
export type PastaFeatures = {
  readonly dnsForward: boolean;
  readonly mapGuestAddress: boolean;
  readonly mapGateway: boolean;
};

/** Link-local addresses that Podman gives to the host's resolver and to the host itself. */
export const pastaDns = "169.254.1.1";
export const pastaHost = "169.254.1.2";

/** Features out of `pasta --help`. */
export function pastaFeatures(help: string): PastaFeatures {
  return {
    dnsForward: help.includes("--dns-forward"),
    mapGuestAddress: help.includes("--map-guest-addr"),
    mapGateway: help.includes("--no-map-gw"),
  };
}

export type PastaCall = {
  readonly program: string;
  readonly features: PastaFeatures;
  /** As given by the user; they win over ours. */
  readonly options: readonly string[];
  readonly ports: readonly ResolvedPort[];
  readonly netnsPath: string;
  readonly pidFile: string;
  readonly logFile: string;
};

/** argv of pasta. Options of the user come first; ours are added only where they say nothing. */
export function pastaArgv(call: PastaCall): readonly string[] {
  const { options, features } = call;
  const has = (...names: readonly string[]) =>
    options.some((option) => names.some((name) => option === name || option.startsWith(`${name}=`)));
  const forwards = call.ports.flatMap((port) => [port.protocol === "udp" ? "-u" : "-t", portSpec(port)]);
  const mapsGateway = options.includes("--map-gw");
  return [
    call.program,
    "--config-net",
    ...options.filter((option) => option !== "--map-gw"),
    ...forwards,
    ...(forwards.includes("-t") || has("-t", "--tcp-ports") ? [] : ["-t", "none"]),
    ...(forwards.includes("-u") || has("-u", "--udp-ports") ? [] : ["-u", "none"]),
    ...(has("-T", "--tcp-ns") ? [] : ["-T", "none"]),
    ...(has("-U", "--udp-ns") ? [] : ["-U", "none"]),
    ...(features.dnsForward && !has("--dns-forward") ? ["--dns-forward", pastaDns] : []),
    ...(mapsGateway || !features.mapGateway || has("--no-map-gw") ? [] : ["--no-map-gw"]),
    ...(features.mapGuestAddress && !has("--map-guest-addr") ? ["--map-guest-addr", pastaHost] : []),
    ...["--pid", call.pidFile, "--log-file", call.logFile, "--netns", call.netnsPath],
  ];
}

/** `ADDRESS/HOST:CONTAINER`. */
function portSpec(port: ResolvedPort): string {
  const address = port.host_ip === "" ? "" : `${port.host_ip}/`;
  return `${address}${port.host_port}:${port.container_port}`;
}

export type StartPasta = {
  readonly options: readonly string[];
  readonly netnsPath: string;
  /** For its pid file and log. */
  readonly directory: string;
  readonly ports: readonly ResolvedPort[];
  readonly helperDirs: readonly string[];
};

export type StartedPasta = { readonly helper: ProcessIdentity; readonly features: PastaFeatures };

/** Starts pasta on a namespace; it puts itself into the background when the network is ready. */
export async function startPasta(input: StartPasta): Promise<StartedPasta> {
  const program = findHelper("pasta", input.helperDirs);
  if (program === undefined) {
    throw new EngineError("helperMissing", 'connect container: "pasta" is not installed (Debian: passt)');
  }
  const unsupported = input.ports.find((port) => port.protocol === "sctp");
  if (unsupported !== undefined) {
    throw new EngineError("invalidArgument", `pasta cannot forward sctp port ${unsupported.host_port}`);
  }
  const features = pastaFeatures(await helpOf(program));
  const pidFile = `${input.directory}/pasta.pid`;
  const logFile = `${input.directory}/pasta.log`;
  try {
    await run(pastaArgv({ ...input, program, features, pidFile, logFile }), { newSession: true });
  } catch (error) {
    if (error instanceof ProcessError) throw pastaError(error);
    throw error;
  }
  const pid = Number(readSmallFile(pidFile).trim());
  return { helper: { pid, startTime: startTime(pid) ?? 0 }, features };
}

async function helpOf(program: string): Promise<string> {
  try {
    const { stdout, stderr } = await run([program, "--help"]);
    return stdout + stderr;
  } catch (error) {
    // Old ones call their own help a failure.
    if (error instanceof ProcessError) return error.stdout + error.stderr;
    throw error;
  }
}

/** pasta without a system log complains about that between the lines that matter. */
export function pastaError(error: ProcessError): EngineError {
  const lines = error.stderr.split("\n").filter((line) => line !== "" && !line.startsWith("Failed to send"));
  const text = lines.join("; ") || error.message;
  const kind = /address already in use|failed to bind/i.test(text) ? "portInUse" : "internal";
  return new EngineError(kind, `pasta failed: ${text}`, { cause: error });
}
