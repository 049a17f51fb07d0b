import { EngineError } from "../errors.ts";
import { findProgram } from "../sys/program.ts";
import { cgroupMode } from "./cgroup_layout.ts";
import type { OciRuntime, RuntimeFamily } from "./types.ts";

/** Where the distributions put them; containers.conf `[engine.runtimes]` comes first. */
const usualDirs = [
  "/usr/bin",
  "/usr/sbin",
  "/usr/local/bin",
  "/usr/local/sbin",
  "/sbin",
  "/bin",
  "/run/current-system/sw/bin",
];

export type FindRuntimeInput = {
  /** Name or path asked for (`--runtime`, containers.conf `runtime`); empty: crun first, runc second. */
  readonly requested: string;
  /** containers.conf `[engine.runtimes]`: name → candidate paths. */
  readonly paths: Readonly<Record<string, readonly string[]>>;
};

/** What the choice depends on, for tests. */
export type RuntimeHost = {
  readonly find: (name: string, dirs?: readonly string[]) => string | undefined;
  readonly cgroupMode: () => "v1" | "v2" | "hybrid";
};

const thisHost: RuntimeHost = { find: findProgram, cgroupMode };

/**
 * The runtime to use. It is chosen by looking, without running anything: crun refuses every container where cgroups are
 * mounted in hybrid mode, so there runc is taken if it is installed. One that was asked for is never replaced.
 * Errors: `invalidArgument` for an unknown name or path, `helperMissing` if none is installed.
 */
export function findRuntime(input: FindRuntimeInput, host: RuntimeHost = thisHost): OciRuntime {
  if (input.requested !== "") return requestedRuntime(input, host);
  const crun = locate("crun", input, host);
  const runc = locate("runc", input, host);
  if (crun !== undefined && runc !== undefined && host.cgroupMode() === "hybrid") {
    return describe("runc", runc, "crun refuses cgroups in hybrid mode: using runc");
  }
  if (crun !== undefined) return describe("crun", crun);
  if (runc !== undefined) return describe("runc", runc, "crun is not installed: using runc");
  throw new EngineError(
    "helperMissing",
    'find OCI runtime: neither "crun" nor "runc" is installed; containers need one (Debian: apt-get install crun)',
  );
}

function requestedRuntime(input: FindRuntimeInput, host: RuntimeHost): OciRuntime {
  const { requested } = input;
  const path = requested.includes("/") ? host.find(requested) : locate(requested, input, host);
  if (path === undefined) throw new EngineError("invalidArgument", `default OCI runtime "${requested}" not found`);
  return describe(requested.slice(requested.lastIndexOf("/") + 1), path);
}

function locate(name: string, input: FindRuntimeInput, host: RuntimeHost): string | undefined {
  const listed = Object.hasOwn(input.paths, name) ? input.paths[name] ?? [] : [];
  for (const path of listed) {
    if (host.find(path) !== undefined) return path;
  }
  return host.find(name, usualDirs) ?? host.find(name);
}

function describe(name: string, path: string, note = ""): OciRuntime {
  return { name, path, family: familyOf(name), note };
}

function familyOf(name: string): RuntimeFamily {
  if (name.startsWith("crun") || name === "krun") return "crun";
  return name.startsWith("runc") ? "runc" : "other";
}

/** The path of conmon: `paths` (containers.conf `conmon_path`, `--conmon`) in order, then the usual places. */
export function findConmon(paths: readonly string[], host: Pick<RuntimeHost, "find"> = thisHost): string {
  for (const path of paths) {
    if (host.find(path) !== undefined) return path;
  }
  const found =
    host.find("conmon", ["/usr/libexec/podman", "/usr/local/libexec/podman", "/usr/lib/podman", ...usualDirs]) ??
      host.find("conmon");
  if (found !== undefined) return found;
  throw new EngineError(
    "helperMissing",
    'find "conmon": not installed; every container needs it as its monitor (Debian: apt-get install conmon)',
  );
}
