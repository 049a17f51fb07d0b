/** Which OCI runtime a container has, and how it is called. */

import { existsSync } from "node:fs";
import { EngineError } from "../../errors.ts";
import { cgroupMode } from "../../runtime/cgroup_layout.ts";
import type { Container } from "../../engine/container.ts";
import type { OciRuntime, RuntimeHandle } from "../../runtime/types.ts";
import type { Local } from "../context.ts";

/** The runtime by name or path; the engine's choice when empty. Probed once a process. */
export function ociRuntime(local: Local, requested: string): Promise<OciRuntime> {
  const wanted = requested || local.config.engine.runtime;
  const known = local.runtimes.get(wanted);
  if (known) return known;
  const found = find(local, wanted);
  local.runtimes.set(wanted, found);
  return found;
}

async function find(local: Local, requested: string): Promise<OciRuntime> {
  const { findRuntime } = await import("../../runtime/find_runtime.ts");
  const runtime = findRuntime({ requested, paths: local.config.engine.runtimes });
  if (runtime.note !== "") local.log("debug", runtime.note);
  return runtime;
}

/** The handle for verbs on `container`; `path` is where it was created with, which wins over today's choice. */
export async function runtimeHandle(local: Local, container: Container, path = ""): Promise<RuntimeHandle> {
  const runtime = await ociRuntime(local, path || container.runtime);
  const { engine: { runtimes_flags }, runtimeFlags } = local.config;
  return {
    runtime,
    stateDir: `${local.config.paths.runRoot}/runtime/${runtime.name}`,
    flags: [...(runtimes_flags[runtime.name] ?? []), ...runtimeFlags].map((flag) => `--${flag}`),
    systemdCgroup: cgroupManager(local) === "systemd",
  };
}

/** conmon, as configured. */
export async function conmonPath({ config: { engine, given } }: Local): Promise<string> {
  const { findConmon } = await import("../../runtime/find_conmon.ts");
  return findConmon(engine.conmon_path, { only: given.has("engine.conmon_path") });
}

/** Who makes cgroups: as configured, else systemd where it runs the host. */
export function cgroupManager(local: Local): "cgroupfs" | "systemd" {
  const { cgroup_manager: configured } = local.config.engine;
  if (configured === "cgroupfs" || configured === "systemd") return configured;
  if (configured !== "") {
    throw new EngineError("invalidArgument", `invalid cgroup manager "${configured}": must be cgroupfs or systemd`);
  }
  return existsSync("/run/systemd/system") && cgroupMode() === "v2" ? "systemd" : "cgroupfs";
}
