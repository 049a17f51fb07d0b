/** Docker's request to create a container → `CreateSpec`. The body is whatever a client sent. */

import type { CreateSpec, Schema2HealthConfig } from "../engine/types/spec.ts";
import { normalizeCapabilities } from "./capabilities.ts";
import { parseDevice, parseDeviceRule } from "./devices.ts";
import { dockerMounts } from "./docker_mounts.ts";
import { dockerNetwork } from "./docker_network.ts";
import { dockerResources, dockerUlimits } from "./docker_resources.ts";
import { fixedEnvironment } from "./env.ts";
import { type Fields, readFields } from "./json_fields.ts";
import { invalid, unsupported } from "./invalid.ts";
import { parseLogDriver } from "./log.ts";
import { checkName } from "./names.ts";
import { parseNamespace, parseUserNamespace } from "./namespaces.ts";
import { parseSecurityOptions, parseSysctls } from "./security.ts";
import { checkRestartPolicy } from "./restart.ts";
import { parseSignal } from "./signals.ts";
import { parseBytes } from "./units.ts";

/** `name` is the query's; the body has none. Throws `EngineError("invalidArgument")` and `unsupported`. */
export function specFromDocker(body: unknown, name?: string): CreateSpec {
  const config = readFields(body, "");
  const host = config.object("HostConfig");
  refuse(config, host);
  const image = config.text("Image");
  if (image === "") throw invalid("no image specified: the request names none");
  return defined({
    image,
    raw_image_name: image,
    name: (name || config.text("Name")) ? checkName(name || config.text("Name")) : undefined,
    ...processFields(config),
    ...lifeFields(config, host),
    ...securityFields(host),
    ...namespaceFields(host),
    ...dockerMounts(config, host),
    ...dockerNetwork(config, host),
    ...deviceFields(host),
    resource_limits: dockerResources(host),
    r_limits: dockerUlimits(host),
    oom_score_adj: host.integer("OomScoreAdj") || undefined,
    labels: some(config.textMap("Labels")),
    annotations: some(host.textMap("Annotations")),
  });
}

/** `record` without its undefined fields. */
function defined({ image, ...rest }: CreateSpec): CreateSpec {
  return { image, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) };
}

/** The map, or undefined if it is empty. */
function some<T extends object>(map: T): T | undefined {
  return Object.keys(map).length > 0 ? map : undefined;
}

function list<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length > 0 ? items : undefined;
}

/** What a container would silently lack. */
function refuse(config: Fields, host: Fields): void {
  if (host.texts("Links").length > 0) throw unsupported("HostConfig.Links");
  if (host.objects("DeviceRequests").length > 0) throw unsupported("HostConfig.DeviceRequests");
  if (Object.keys(host.textMap("StorageOpt")).length > 0) throw unsupported("HostConfig.StorageOpt");
  if (!["", "local"].includes(host.text("VolumeDriver"))) throw unsupported("HostConfig.VolumeDriver");
  if (!["", "default"].includes(host.text("Isolation"))) throw unsupported("HostConfig.Isolation");
  if (config.text("Domainname") !== "") throw unsupported("Domainname");
}

function processFields(config: Fields): Partial<CreateSpec> {
  const env = config.texts("Env");
  const set = env.filter((entry) => entry.includes("="));
  return {
    entrypoint: config.has("Entrypoint") ? config.texts("Entrypoint") : undefined,
    command: list(config.texts("Cmd")),
    env: some(fixedEnvironment(set)),
    // A bare name takes the variable away: the service's own environment is nobody's business.
    unsetenv: list([...config.texts("UnsetEnv"), ...env.filter((entry) => !entry.includes("="))]),
    unsetenvall: config.flag("UnsetEnvAll") || undefined,
    envmerge: list(config.texts("EnvMerge")),
    user: config.text("User") || undefined,
    work_dir: config.text("WorkingDir") || undefined,
    terminal: config.flag("Tty") || undefined,
    stdin: config.flag("OpenStdin") || undefined,
    stop_signal: config.text("StopSignal") ? parseSignal(config.text("StopSignal")) : undefined,
    stop_timeout: config.has("StopTimeout") ? Math.max(0, config.integer("StopTimeout")) : undefined,
    healthconfig: config.has("Healthcheck") ? health(config.object("Healthcheck")) : undefined,
  };
}

/** Times are nanoseconds on both sides; 0 is "as the image says". */
function health(check: Fields): Schema2HealthConfig {
  const times = ["Interval", "Timeout", "StartPeriod", "StartInterval", "Retries"];
  const given = times.map((key) => [key, check.integer(key)] as const).filter(([, value]) => value !== 0);
  if (given.some(([, value]) => value < 0)) throw invalid("Healthcheck: times and retries cannot be negative");
  return { ...(check.texts("Test").length > 0 && { Test: check.texts("Test") }), ...Object.fromEntries(given) };
}

function lifeFields(config: Fields, host: Fields): Partial<CreateSpec> {
  const restart = host.object("RestartPolicy");
  const policy = checkRestartPolicy(restart.text("Name"));
  const remove = host.flag("AutoRemove");
  if (remove && policy !== "" && policy !== "no") {
    throw invalid('the --rm option conflicts with --restart, when the restartPolicy is not "" and "no"');
  }
  return {
    remove: remove || undefined,
    restart_policy: policy || undefined,
    restart_tries: policy === "on-failure" ? restart.integer("MaximumRetryCount") || undefined : undefined,
    log_configuration: logOf(host.object("LogConfig")),
    init: host.has("Init") ? host.flag("Init") : undefined,
    oci_runtime: ["", "oci", "default"].includes(host.text("Runtime")) ? undefined : host.text("Runtime"),
    groups: list(host.texts("GroupAdd")),
    hostname: config.text("Hostname") || undefined,
  };
}

function logOf(log: Fields): CreateSpec["log_configuration"] {
  const driver = log.text("Type");
  const { "max-size": size, path, tag, ...others } = log.textMap("Config");
  const other = Object.keys(others).find((key) => !["max-file", "compress"].includes(key));
  if (other !== undefined) throw unsupported(`log option ${JSON.stringify(other)}`);
  if (driver === "" && !size && !path && !tag) return undefined;
  if (driver !== "") parseLogDriver(driver);
  return {
    ...(driver && { driver }),
    ...(path && { path }),
    ...(size && size !== "-1" && { size: parseBytes(size) }),
    ...(tag && { options: { tag } }),
  };
}

function securityFields(host: Fields): Partial<CreateSpec> {
  const choice = parseSecurityOptions(host.texts("SecurityOpt"));
  const unmaskAll = host.has("MaskedPaths") && host.texts("MaskedPaths").length === 0;
  return {
    privileged: host.flag("Privileged") || undefined,
    cap_add: list(normalizeCapabilities(host.texts("CapAdd"))),
    cap_drop: list(normalizeCapabilities(host.texts("CapDrop"))),
    read_only_filesystem: host.flag("ReadonlyRootfs") || undefined,
    seccomp_profile_path: choice.seccomp,
    apparmor_profile: choice.apparmor,
    selinux_opts: list(choice.labels),
    label_nested: choice.labelNested || undefined,
    no_new_privileges: choice.noNewPrivileges,
    // docker's `systempaths=unconfined` arrives as two empty lists.
    unmask: list(unmaskAll ? ["ALL"] : choice.unmask),
    mask: list([...choice.mask, ...host.texts("MaskedPaths")]),
    procfs_opts: list(choice.procOptions),
    sysctl: some(parseSysctls(Object.entries(host.textMap("Sysctls")).map(([key, value]) => `${key}=${value}`))),
  };
}

function namespaceFields(host: Fields): Partial<CreateSpec> {
  const user = host.text("UsernsMode");
  return {
    pidns: host.text("PidMode") ? parseNamespace(host.text("PidMode"), "pid") : undefined,
    ipcns: host.text("IpcMode") ? parseNamespace(host.text("IpcMode"), "ipc") : undefined,
    utsns: host.text("UTSMode") ? parseNamespace(host.text("UTSMode"), "uts") : undefined,
    cgroupns: host.text("CgroupnsMode") ? parseNamespace(host.text("CgroupnsMode"), "cgroup") : undefined,
    userns: user ? parseUserNamespace(user) : undefined,
    cgroup_parent: host.text("CgroupParent") || undefined,
  };
}

function deviceFields(host: Fields): Partial<CreateSpec> {
  const paths = host.objects("Devices").map((device) => {
    const source = device.text("PathOnHost");
    const parts = [source, device.text("PathInContainer") || source, device.text("CgroupPermissions") || "rwm"];
    if (parts.some((part) => part.includes(":"))) throw invalid(`invalid device specification: ${parts.join(" ")}`);
    parseDevice(parts.join(":"));
    return { path: parts.join(":"), type: "", major: 0, minor: 0 };
  });
  return {
    devices: list(paths),
    device_cgroup_rule: list(host.texts("DeviceCgroupRules").map(parseDeviceRule)),
  };
}
