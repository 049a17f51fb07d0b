/** The flags of `run` and `create` → `CreateSpec`. Defaults of containers.conf come later, in `resolveContainer`. */

import type { CreateSpec } from "../engine/types/spec.ts";
import { parseDevice, parseDeviceRule } from "./devices.ts";
import { type FlagReader, flagReader, type Flags } from "./flag_reader.ts";
import { identity, imageAndCommand, processFlags } from "./flags_process.ts";
import { networkFlags } from "./flags_network.ts";
import { namespaceFlags, securityFlags } from "./flags_security.ts";
import { healthFlags } from "./flags_health.ts";
import { parseLog } from "./log.ts";
import { parseMount } from "./mounts.ts";
import { parseResources, parseThrottleDevices, parseWeightDevices } from "./resources.ts";
import { parseRestart } from "./restart.ts";
import { invalid } from "./invalid.ts";
import { parseUlimits } from "./ulimits.ts";
import { parseBytes } from "./units.ts";
import { collectMounts, parseTmpfs, parseVolume } from "./volumes.ts";
import { messageOf } from "../errors.ts";

export type FromFlagsInput = Flags & {
  /** Image (or root file system, with `--rootfs`) and command. */
  readonly args: readonly string[];
  /** The caller's environment: for `-e NAME`, `-e NAME*`, env files and PODMAN_USERNS. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The text of a file that a flag names (env and label files). Throws if it cannot be read. */
  readonly readFile: (path: string) => string;
  /** The whole command line, kept with the container. */
  readonly commandLine?: readonly string[];
};

/** Makes the description of a container out of flags. Throws `EngineError("invalidArgument")` in Podman's words. */
export function specFromFlags(input: FromFlagsInput): CreateSpec {
  const flags = flagReader(input);
  return {
    ...imageAndCommand(flags, input.args),
    ...identity(flags, input),
    ...processFlags(flags, input),
    ...lifeFlags(flags),
    ...mountFlags(flags, input),
    ...limitFlags(flags),
    ...securityFlags(flags),
    ...namespaceFlags(flags, input.env),
    ...networkFlags(flags),
    ...healthFlags(flags),
    ...(input.commandLine && { containerCreateCommand: input.commandLine }),
  };
}

function lifeFlags(flags: FlagReader): Partial<CreateSpec> {
  const restart = flags.has("restart") ? parseRestart(flags.text("restart")) : undefined;
  const remove = flags.flag("rm");
  if (remove && restart !== undefined && restart.policy !== "" && restart.policy !== "no") {
    throw invalid('the --rm option conflicts with --restart, when the restartPolicy is not "" and "no"');
  }
  const log = parseLog(flags.has("log-driver") ? flags.text("log-driver") : "", flags.list("log-opt"));
  return {
    ...(remove && { remove }),
    ...(flags.flag("rmi") && { removeImage: true, remove: true }),
    ...(restart && { restart_policy: restart.policy }),
    ...(restart?.tries !== undefined && { restart_tries: restart.tries }),
    ...(log && { log_configuration: log }),
    ...(flags.has("timeout") && { timeout: flags.number("timeout") }),
    ...(flags.text("conmon-pidfile") !== "" && { conmon_pid_file: flags.text("conmon-pidfile") }),
    ...(flags.list("requires").length > 0 && { dependencyContainers: flags.list("requires") }),
    ...(flags.has("sdnotify") && { sdnotifyMode: flags.text("sdnotify") }),
    ...(flags.has("systemd") && { systemd: flags.text("systemd") }),
    ...(flags.has("init") && { init: flags.flag("init") }),
    ...(flags.text("init-path") !== "" && { init_path: flags.text("init-path") }),
  };
}

function mountFlags(flags: FlagReader, { cwd }: FromFlagsInput): Partial<CreateSpec> {
  const { mounts, volumes, overlays } = collectMounts([
    ...flags.list("mount").map((text) => parseMount(text, cwd)),
    ...flags.list("volume").map((text) => parseVolume(text, cwd)),
    ...flags.list("tmpfs").map((text) => ({ tag: "mount" as const, mount: parseTmpfs(text) })),
  ]);
  const devices = flags.list("device");
  for (const device of devices) parseDevice(device);
  const rules = flags.list("device-cgroup-rule").map(parseDeviceRule);
  return {
    ...(mounts.length > 0 && { mounts }),
    ...(volumes.length > 0 && { volumes }),
    ...(overlays.length > 0 && { overlay_volumes: overlays }),
    ...(flags.list("volumes-from").length > 0 && { volumes_from: flags.list("volumes-from") }),
    // As on Podman's wire: the whole text in `path`, looked up where the container will be.
    ...(devices.length > 0 && { devices: devices.map((path) => ({ path, type: "", major: 0, minor: 0 })) }),
    ...(rules.length > 0 && { device_cgroup_rule: rules }),
    ...(flags.has("image-volume") && { image_volume_mode: imageVolumeMode(flags.text("image-volume")) }),
    ...(flags.has("read-only") && { read_only_filesystem: flags.flag("read-only") }),
    ...(flags.has("read-only-tmpfs") && { read_write_tmpfs: flags.flag("read-only-tmpfs") }),
    ...(flags.has("shm-size") && { shm_size: sizeOf(flags, "shm-size") }),
    ...(flags.has("shm-size-systemd") && { shm_size_systemd: sizeOf(flags, "shm-size-systemd") }),
    ...(flags.list("chrootdirs").length > 0 && { chroot_directories: flags.list("chrootdirs") }),
  };
}

/** `bind` is an old word for anonymous volumes. */
function imageVolumeMode(text: string): string {
  if (text === "bind") return "anonymous";
  if (text === "anonymous" || text === "tmpfs" || text === "ignore") return text;
  throw invalid(`invalid image-volume type ${JSON.stringify(text)}. Pick one of bind, tmpfs, or ignore`);
}

function sizeOf(flags: FlagReader, name: string): number {
  try {
    return parseBytes(flags.text(name));
  } catch (error) {
    throw invalid(`unable to translate --${name}: ${messageOf(error)}`, error);
  }
}

function limitFlags(flags: FlagReader): Partial<CreateSpec> {
  const resources = parseResources(flags);
  const ulimits = parseUlimits(flags.list("ulimit"));
  const weights = parseWeightDevices(flags.list("blkio-weight-device"));
  const throttles = {
    throttleReadBpsDevice: parseThrottleDevices(flags.list("device-read-bps"), "bytes"),
    throttleWriteBpsDevice: parseThrottleDevices(flags.list("device-write-bps"), "bytes"),
    throttleReadIOPSDevice: parseThrottleDevices(flags.list("device-read-iops"), "operations"),
    throttleWriteIOPSDevice: parseThrottleDevices(flags.list("device-write-iops"), "operations"),
  };
  const used = Object.entries({ weightDevice: weights, ...throttles }).filter(([, map]) => Object.keys(map).length > 0);
  return {
    ...(resources && { resource_limits: resources }),
    ...(ulimits.length > 0 && { r_limits: ulimits }),
    ...Object.fromEntries(used),
    ...(flags.has("oom-score-adj") && { oom_score_adj: oomScore(flags.number("oom-score-adj")) }),
    ...(flags.text("rdt-class") !== "" && { intelRdt: { closID: flags.text("rdt-class") } }),
  };
}

function oomScore(score: number): number {
  if (score >= -1000 && score <= 1000) return score;
  throw invalid(`invalid value for oom-score-adj: ${score}: range is from -1000 to 1000`);
}
