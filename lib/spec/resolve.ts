/**
 * `CreateSpec` + image + containers.conf + host → `Container`. Pure: what has to be looked up is asked of `HostView`.
 * Image content fills gaps (command, environment, user, volumes, …); it never chooses paths of the host, devices,
 * mounts or security settings.
 */

import type { Container, RestartPolicy } from "../engine/container.ts";
import type { LogConfig, Schema2HealthConfig } from "../engine/types/spec.ts";
import { parseLabels } from "./env.ts";
import { cidFileAnnotation, pidFileAnnotation } from "./flags_process.ts";
import { invalid, unsupported } from "./invalid.ts";
import { parseLogDriver } from "./log.ts";
import { refuseUnsupported } from "./refuse.ts";
import { resolveMounts } from "./resolve_mounts.ts";
import { resolveNamespaces } from "./resolve_namespaces.ts";
import { resolveNetwork } from "./resolve_network.ts";
import { resolveProcess } from "./resolve_process.ts";
import { resolveDevices, resolveResources } from "./resolve_resources.ts";
import { resolveSecurity, resolveSysctl } from "./resolve_security.ts";
import type { ResolveInput } from "./resolve_input.ts";
import { checkRestartPolicy } from "./restart.ts";
import { parseSignal } from "./signals.ts";

const terminate = 15;

/** What we can log to. */
const drivers = ["k8s-file", "none", "passthrough"];

/** Throws `EngineError("invalidArgument")` for conflicts, in Podman's words, and `unsupported` for what we cannot do. */
export function resolveContainer(input: ResolveInput): Container {
  const { spec, config, id, name, created, image } = input;
  refuseUnsupported(spec);
  const namespaces = resolveNamespaces(input);
  const security = resolveSecurity(input);
  const network = resolveNetwork(input, namespaces);
  const { mounts, volumes } = resolveMounts(input, { readOnlyTmpfs: security.readOnly && security.readWriteTmpfs });
  const { devices, rules } = resolveDevices(input);
  const annotations = { ...parseLabels(config.containers.annotations, "annotation"), ...spec.annotations };
  return {
    id,
    name,
    created,
    image: image && { id: image.id, name: image.name, digest: image.digest, diffIds: image.diffIds },
    rootfs: spec.rootfs ? { path: spec.rootfs, overlay: spec.rootfs_overlay ?? false } : null,
    process: resolveProcess(input, namespaces.namespaces.user),
    security,
    network,
    ...namespaces,
    mounts,
    volumes,
    devices,
    deviceCgroupRules: rules,
    resources: resolveResources(input),
    cgroupParent: spec.cgroup_parent ?? "",
    cgroupsMode: resolveCgroups(spec.cgroups_mode || config.containers.cgroups),
    sysctl: resolveSysctl(input, namespaces.namespaces),
    labels: { ...image?.config.Labels, ...spec.labels },
    annotations,
    log: resolveLog(input),
    restart: resolveRestart(input),
    stopSignal: spec.stop_signal || imageSignal(image?.config.StopSignal),
    stopTimeout: spec.stop_timeout ?? config.engine.stop_timeout,
    timeout: spec.timeout ?? 0,
    ...resolveInit(input, namespaces.namespaces.pid.nsmode ?? ""),
    autoRemove: spec.remove ?? false,
    timezone: spec.timezone || config.containers.tz,
    health: resolveHealth(input),
    chrootDirectories: spec.chroot_directories ?? [],
    rootfsPropagation: spec.rootfs_propagation ?? "",
    runtime: spec.oci_runtime ?? "",
    conmonPidFile: spec.conmon_pid_file ?? "",
    pidFile: annotations[pidFileAnnotation] ?? "",
    cidFile: annotations[cidFileAnnotation] ?? "",
    createCommand: spec.containerCreateCommand ?? [],
  };
}

/** What an image says counts only if it makes sense. */
function imageSignal(text: string | undefined): number {
  if (!text) return terminate;
  try {
    return parseSignal(text);
  } catch {
    return terminate;
  }
}

function resolveLog({ spec, config }: ResolveInput): LogConfig {
  const log = spec.log_configuration ?? {};
  const driver = log.driver ? givenDriver(log.driver) : configuredDriver(config.containers.log_driver);
  const size = log.size ?? Math.max(0, config.containers.log_size_max);
  const tag = log.options?.tag ?? config.containers.log_tag;
  return {
    driver,
    ...(log.path && { path: log.path }),
    ...(size > 0 && { size }),
    ...((tag !== "" || log.options) && { options: { ...log.options, ...(tag !== "" && { tag }) } }),
  };
}

function givenDriver(name: string): string {
  if (drivers.includes(parseLogDriver(name))) return name;
  throw unsupported(`log driver ${JSON.stringify(name)}`);
}

/** Distributions set journald for all: where nobody asked for it by name, a file does as well. */
function configuredDriver(name: string): string {
  return drivers.includes(parseLogDriver(name)) ? name : "k8s-file";
}

function resolveRestart({ spec }: ResolveInput): RestartPolicy {
  const name = checkRestartPolicy(spec.restart_policy ?? "");
  if (spec.remove && name !== "" && name !== "no") {
    throw invalid('the --rm option conflicts with --restart, when the restartPolicy is not "" and "no"');
  }
  if (spec.restart_tries && name !== "on-failure") {
    throw invalid("restart policy retries can only be specified with on-failure restart policy");
  }
  return { name, tries: spec.restart_tries ?? 0 };
}

function resolveCgroups(mode: string): string {
  if (mode !== "enabled") throw unsupported(`--cgroups=${mode}`);
  return mode;
}

function resolveInit({ spec, config }: ResolveInput, pid: string): Pick<Container, "init" | "initPath"> {
  const init = spec.init ?? config.containers.init;
  if (init && pid !== "private") throw invalid("cannot add init binary as PID 1 (PID namespace isn't private)");
  return { init, initPath: spec.init_path || config.containers.init_path || config.engine.init_path };
}

/** The image's check with what was said on top. `NONE` takes it away. */
function resolveHealth({ spec, image }: ResolveInput): Schema2HealthConfig | null {
  const inherited = image?.config.Healthcheck;
  const merged = { ...inherited, ...spec.healthconfig };
  const kind = merged.Test?.[0] ?? "";
  return kind === "" || kind === "NONE" ? null : merged;
}
