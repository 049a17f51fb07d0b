import { EngineError } from "../errors.ts";
import { findProgram } from "../sys/program.ts";
import { cgroupMode } from "./cgroup_layout.ts";
import { type RuntimeHost, usualDirs } from "./_programs.ts";
import type { OciRuntime, RuntimeFamily } from "./types.ts";

export { findConmon } from "./find_conmon.ts";

export type FindRuntimeInput = {
  /** Name or path asked for (`--runtime`, containers.conf `runtime`); empty: crun first, runc second. */
  readonly requested: string;
  /** containers.conf `[engine.runtimes]`: name → candidate paths. */
  readonly paths: Readonly<Record<string, readonly string[]>>;
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
