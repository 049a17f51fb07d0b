/** Builders for the tests of this folder. */

import type { Container, ContainerId } from "../engine/container.ts";
import type { CreateSpec } from "../engine/types/spec.ts";
import { capabilityNames } from "./capabilities.ts";
import type { FlagValue } from "./flag_reader.ts";
import { specFromFlags } from "./from_flags.ts";
import { resolveContainer } from "./resolve.ts";
import type { HostView, ResolvedImage, SpecConfig } from "./resolve_input.ts";
import type { RuntimeFacts } from "./runtime_facts.ts";

export const testId = "0123456789ab".padEnd(64, "0") as ContainerId;
export const volumeName = "f".repeat(64);

/** The engine of the tests has all but one capability, like the host that the golden files were made on. */
export const boundingCapabilities = capabilityNames.filter((name) => name !== "CAP_SYS_RESOURCE").toSorted();

/** A spec out of flags, all of which count as typed. */
export function specOf(
  flags: Readonly<Record<string, FlagValue>>,
  args: readonly string[] = ["bb"],
  files: Readonly<Record<string, string>> = {},
): CreateSpec {
  return specFromFlags({
    values: flags,
    given: new Set(Object.keys(flags)),
    args,
    env: { HOST_ONLY: "here", HOST_TWO: "there" },
    cwd: "/work",
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw new Deno.errors.NotFound(path);
      return text;
    },
  });
}

export const testImage: ResolvedImage = {
  id: "a".repeat(64),
  name: "localhost/bb:latest",
  digest: `sha256:${"d".repeat(64)}`,
  diffIds: [`sha256:${"1".repeat(64)}`],
  config: { Cmd: ["sh"], Env: ["FOO=bar"], Volumes: { "/data": {} }, ExposedPorts: { "80/tcp": {} } },
};

export const testConfig: SpecConfig = {
  containers: {
    annotations: [],
    apparmor_profile: "",
    base_hosts_file: "",
    cgroup_conf: [],
    cgroupns: "",
    cgroups: "enabled",
    container_name_as_hostname: false,
    default_capabilities:
      "CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(" "),
    default_sysctls: ["net.ipv4.ping_group_range=0 0"],
    default_ulimits: ["nofile=1024:4096", "nproc=1024:4096"],
    devices: [],
    dns_options: [],
    dns_searches: [],
    dns_servers: [],
    env: [],
    env_host: false,
    http_proxy: true,
    init: false,
    init_path: "",
    ipcns: "shareable",
    log_driver: "k8s-file",
    log_size_max: -1,
    log_tag: "",
    mounts: [],
    netns: "private",
    no_hosts: false,
    oom_score_adj: null,
    pidns: "private",
    pids_limit: 2048,
    privileged: false,
    read_only: false,
    seccomp_profile: "",
    shm_size: "65536k",
    tz: "",
    umask: "0022",
    userns: "",
    utsns: "private",
    volumes: [],
  },
  engine: { image_volume_mode: "anonymous", network_cmd_options: [], init_path: "", stop_timeout: 10 },
  network: { default_network: "podman", pasta_options: ["--ipv4-only"] },
};

export const testHost: HostView = {
  rootless: false,
  uid: 0,
  gid: 0,
  hostname: "vm",
  cgroupVersion: 1,
  apparmor: false,
  boundingCapabilities,
  env: {},
  rootlessNetwork: "pasta",
  availableIds: () => ({ uid: 65537, gid: 65537 }),
  allocateIds: (size) => {
    const map = [{ container_id: 0, host_id: 100_000, size: size || 1024 }];
    return { uid: map, gid: map };
  },
  device: (path) =>
    path === "/dev/fuse"
      ? { type: "c", major: 10, minor: 229, mode: 0o666, uid: 0, gid: 0 }
      : path === "/dev/dir"
      ? { type: "directory" }
      : path === "/dev/dir/one"
      ? { type: "b", major: 8, minor: 1, mode: 0o660, uid: 0, gid: 6 }
      : null,
  listDevices: (path) => path === "/dev/dir" ? ["one", "notes"] : [],
  mountFlags: (path) => path.startsWith("/nonexistent") ? null : { nosuid: false, nodev: false, noexec: false },
  container: () => null,
};

export type Overrides = {
  readonly image?: ResolvedImage | null;
  readonly host?: Partial<HostView>;
  readonly containers?: Partial<SpecConfig["containers"]>;
};

export function resolved(spec: CreateSpec, overrides: Overrides = {}): Container {
  return resolveContainer({
    spec,
    image: overrides.image === undefined ? testImage : overrides.image,
    config: { ...testConfig, containers: { ...testConfig.containers, ...overrides.containers } },
    host: { ...testHost, ...overrides.host },
    id: testId,
    name: spec.name ?? "brave_curie",
    created: "2026-01-02T03:04:05.000000006Z",
    newVolumeName: () => volumeName,
  });
}

export const testFacts: RuntimeFacts = {
  rootfs: "/ROOTFS",
  user: { uid: 0, gid: 0, additionalGids: [], home: "/root" },
  namespaces: {},
  files: [
    { destination: "/run/.containerenv", source: "/RUN/.containerenv" },
    { destination: "/etc/hostname", source: "/RUN/hostname" },
    { destination: "/etc/hosts", source: "/RUN/hosts" },
  ],
  shm: { tag: "bind", source: "/RUN/shm" },
  initPath: "/usr/libexec/podman/catatonit",
  volumes: new Map([[volumeName, "/VOLUME"], ["vol", "/VOLUMES/vol/_data"]]),
  cgroupsPath: "/libpod_parent/libpod-ID",
  cgroups: { version: 1, controllers: ["memory", "cpu", "cpuset", "pids", "blkio", "devices", "hugetlb"] },
  seccomp: null,
  rootless: false,
  availableGids: 65537,
  limits: new Map(),
  hostDevices: () => [],
};
