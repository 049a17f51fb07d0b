/**
 * A created container: its one description and its state.
 *
 * `Container` is what `lib/spec` resolves out of a `CreateSpec`, what `lib/state` keeps, and all that runtime, network and
 * inspect need. It never changes after creation, save by `rename` and `update`; what changes is the `ContainerState`.
 */

import type {
  IDMap,
  LinuxDevice,
  LinuxDeviceCgroup,
  LinuxResources,
  LogConfig,
  Mount,
  Namespace,
  PerNetworkOptions,
  PortMapping,
  POSIXRlimit,
  Schema2HealthConfig,
} from "./types/spec.ts";

/** 64 lower-case hexadecimal digits. */
export type ContainerId = string & { readonly __brand: "ContainerId" };

/** The image a container was made from; `null` for one with `--rootfs`. */
export type ContainerImage = {
  /** 64 hexadecimal digits, without `sha256:`. */
  readonly id: string;
  /** Name as resolved, such as `docker.io/library/alpine:latest`. */
  readonly name: string;
  /** Manifest digest with its algorithm. */
  readonly digest: string;
  /** Layers from the bottom up. */
  readonly diffIds: readonly string[];
};

/** A named volume and where it is seen. Anonymous ones have a generated name. */
export type VolumeUse = {
  readonly name: string;
  readonly destination: string;
  readonly options: readonly string[];
  readonly anonymous: boolean;
  readonly subPath?: string;
};

export type RestartPolicy = {
  readonly name: "" | "no" | "always" | "on-failure" | "unless-stopped";
  /** 0: without limit. */
  readonly tries: number;
};

/** Id maps of the container against the engine's own user namespace; empty lists: no user namespace of its own. */
export type IdMappings = { readonly uid: readonly IDMap[]; readonly gid: readonly IDMap[] };

export type ContainerNamespaces = {
  readonly pid: Namespace;
  readonly uts: Namespace;
  readonly ipc: Namespace;
  readonly user: Namespace;
  readonly cgroup: Namespace;
  readonly net: Namespace;
};

export type ContainerProcess = {
  /** What runs: entrypoint and command joined. */
  readonly args: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** As given (`1000`, `name:group`, …); looked up in the root file system when the container starts. */
  readonly user: string;
  readonly groups: readonly string[];
  readonly umask: string;
  readonly terminal: boolean;
  readonly stdin: boolean;
  readonly rlimits: readonly POSIXRlimit[];
  readonly oomScoreAdj: number | null;
  /** False: the image's /etc/passwd and /etc/group stay as they are, whoever runs. Absent: true. */
  readonly managePasswd?: boolean;
  /** Whether `cwd` was asked for: it then has to be there, while an image's own is made. */
  readonly cwdMustExist?: boolean;
};

export type ContainerSecurity = {
  readonly privileged: boolean;
  /** Effective and bounding set, `CAP_…`, sorted. */
  readonly capabilities: readonly string[];
  /** Those asked for by name: all that a process has which is not root. */
  readonly addedCapabilities?: readonly string[];
  readonly noNewPrivileges: boolean;
  /** `default`, `unconfined` or the path of a profile. */
  readonly seccomp: string;
  readonly apparmor: string;
  readonly labels: readonly string[];
  readonly mask: readonly string[];
  readonly unmask: readonly string[];
  readonly readOnly: boolean;
  readonly readWriteTmpfs: boolean;
};

export type ContainerNetwork = {
  readonly hostname: string;
  /** Networks joined in bridge mode, by name. */
  readonly networks: Readonly<Record<string, PerNetworkOptions>>;
  readonly ports: readonly PortMapping[];
  /** `PORT/PROTO` exposed without being published. */
  readonly exposed: readonly string[];
  readonly dnsServers: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
  /** `name:ip` lines of `--add-host`. */
  readonly hosts: readonly string[];
  /** File that /etc/hosts is made from: a path, `image` or `none`; empty: the host's. */
  readonly baseHostsFile?: string;
  readonly useImageHosts: boolean;
  readonly useImageResolvConf: boolean;
  readonly useImageHostname: boolean;
  /** Options of slirp4netns or pasta, by mode. */
  readonly options: Readonly<Record<string, readonly string[]>>;
};

/** A device of the host; `path` is where the container sees it. */
export type ContainerDevice = LinuxDevice & {
  readonly hostPath?: string;
  /** Of `r`, `w` and `m`. */
  readonly access?: string;
};

export type Container = {
  readonly id: ContainerId;
  readonly name: string;
  /** RFC 3339 with nanoseconds. */
  readonly created: string;
  readonly image: ContainerImage | null;
  readonly rootfs: { readonly path: string; readonly overlay: boolean } | null;
  readonly process: ContainerProcess;
  readonly security: ContainerSecurity;
  readonly network: ContainerNetwork;
  readonly namespaces: ContainerNamespaces;
  readonly idMappings: IdMappings;
  readonly mounts: readonly Mount[];
  readonly volumes: readonly VolumeUse[];
  readonly devices: readonly ContainerDevice[];
  readonly deviceCgroupRules: readonly LinuxDeviceCgroup[];
  readonly resources: LinuxResources;
  readonly cgroupParent: string;
  readonly cgroupsMode: string;
  /** Bytes; 0: the host's `/dev/shm` or none. */
  readonly shmSize: number;
  readonly sysctl: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly log: LogConfig;
  readonly restart: RestartPolicy;
  readonly stopSignal: number;
  /** Seconds. */
  readonly stopTimeout: number;
  /** Seconds after which the container is killed; 0: never. */
  readonly timeout: number;
  readonly init: boolean;
  readonly initPath: string;
  readonly autoRemove: boolean;
  readonly timezone: string;
  readonly health: Schema2HealthConfig | null;
  readonly chrootDirectories: readonly string[];
  readonly rootfsPropagation: string;
  /** Name or path asked for; empty: the engine's choice. */
  readonly runtime: string;
  readonly conmonPidFile: string;
  readonly pidFile: string;
  readonly cidFile: string;
  readonly createCommand: readonly string[];
  /** Ids of containers whose namespaces this one joins. */
  readonly dependencies: readonly string[];
};

/** A process that can be recognised after its pid was used again. */
export type ProcessIdentity = {
  readonly pid: number;
  /** Start time in clock ticks since boot, field 22 of /proc/PID/stat. */
  readonly startTime: number;
};

type Live = {
  readonly process: ProcessIdentity;
  readonly conmon: ProcessIdentity;
  /** RFC 3339 with nanoseconds. */
  readonly startedAt: string;
};

/**
 * created → initialized → running ⇄ paused → exited, and back to initialized. `initialized` has conmon and the runtime's
 * container, but the command has not started; `stopping` is running with a stop under way.
 */
export type ContainerState =
  | { readonly tag: "created" }
  | { readonly tag: "initialized"; readonly process: ProcessIdentity; readonly conmon: ProcessIdentity }
  | ({ readonly tag: "running" } & Live)
  | ({ readonly tag: "paused" } & Live)
  | ({ readonly tag: "stopping" } & Live)
  | {
    readonly tag: "exited";
    readonly exitCode: number;
    readonly oomKilled: boolean;
    readonly startedAt: string;
    readonly finishedAt: string;
    /** Why it could not be started, if so. */
    readonly error: string;
  };

/** What happened to a container. */
export type ContainerEvent =
  | { readonly tag: "initialize"; readonly process: ProcessIdentity; readonly conmon: ProcessIdentity }
  | { readonly tag: "start"; readonly at: string }
  | { readonly tag: "pause" }
  | { readonly tag: "unpause" }
  | { readonly tag: "stop" }
  | {
    readonly tag: "exit";
    readonly exitCode: number;
    readonly oomKilled: boolean;
    readonly at: string;
    readonly error?: string;
  };
