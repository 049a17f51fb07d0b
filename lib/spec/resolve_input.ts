/** What a description is resolved with: image, configuration, host. Structural, so that other folders need not be known. */

import type { Container, ContainerId, IdMappings } from "../engine/container.ts";
import type { CreateSpec, IDMap } from "../engine/types/spec.ts";
import type { ContainerDefaults } from "../oci/image_config.ts";
import type { MountFlags } from "./mount_options.ts";

export type ResolvedImage = {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly digest: string;
  readonly diffIds: readonly string[];
  readonly config: ContainerDefaults;
};

/** The part of `Config` (lib/config) that containers are made with; a whole `Config` fits. */
export type SpecConfig = {
  readonly containers: {
    readonly annotations: readonly string[];
    readonly apparmor_profile: string;
    readonly base_hosts_file: string;
    readonly cgroup_conf: readonly string[];
    readonly cgroupns: string;
    readonly cgroups: string;
    readonly container_name_as_hostname: boolean;
    readonly default_capabilities: readonly string[];
    readonly default_sysctls: readonly string[];
    readonly default_ulimits: readonly string[];
    readonly devices: readonly string[];
    readonly dns_options: readonly string[];
    readonly dns_searches: readonly string[];
    readonly dns_servers: readonly string[];
    readonly env: readonly string[];
    readonly env_host: boolean;
    readonly http_proxy: boolean;
    readonly init: boolean;
    readonly init_path: string;
    readonly ipcns: string;
    readonly log_driver: string;
    readonly log_size_max: number;
    readonly log_tag: string;
    readonly mounts: readonly string[];
    readonly netns: string;
    readonly no_hosts: boolean;
    readonly oom_score_adj: number | null;
    readonly pidns: string;
    readonly pids_limit: number;
    readonly privileged: boolean;
    readonly read_only: boolean;
    readonly seccomp_profile: string;
    readonly shm_size: string;
    readonly tz: string;
    readonly umask: string;
    readonly userns: string;
    readonly utsns: string;
    readonly volumes: readonly string[];
  };
  readonly engine: {
    readonly image_volume_mode: string;
    readonly network_cmd_options: readonly string[];
    readonly init_path: string;
    readonly stop_timeout: number;
  };
  readonly network: { readonly default_network: string; readonly pasta_options: readonly string[] };
};

/** A device node: numbers, owner, permission bits. `null`: there is none of that name; `directory`: look inside. */
export type DeviceNode =
  | {
    readonly type: "b" | "c";
    readonly major: number;
    readonly minor: number;
    readonly mode: number;
    readonly uid: number;
    readonly gid: number;
  }
  | { readonly type: "directory" }
  | null;

/** The machine as seen by the engine. Functions are called only when a description needs them. */
export type HostView = {
  /** The engine runs in a user namespace of a normal user. */
  readonly rootless: boolean;
  /** Of the user outside that namespace. */
  readonly uid: number;
  readonly gid: number;
  readonly hostname: string;
  readonly cgroupVersion: 1 | 2;
  readonly apparmor: boolean;
  /** Capabilities that the engine itself can have: what `ALL` and `--privileged` mean. */
  readonly boundingCapabilities: readonly string[];
  /** The engine's environment, for `--env-host` and the proxy variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What `private` networks are made with when rootless. */
  readonly rootlessNetwork: "pasta" | "slirp4netns";
  /** How many ids the engine's user namespace has. */
  readonly availableIds: () => { readonly uid: number; readonly gid: number };
  /** Ids for `--userns auto`; `size` 0: the engine's choice. */
  readonly allocateIds: (size: number) => IdMappings;
  readonly device: (path: string) => DeviceNode;
  /** Names in a directory of devices. */
  readonly listDevices: (path: string) => readonly string[];
  /** Flags of the file system at `path`; `null` if there is nothing there. */
  readonly mountFlags: (path: string) => MountFlags | null;
  /** A container by name or id. */
  readonly container: (name: string) => Container | null;
};

export type ResolveInput = {
  readonly spec: CreateSpec;
  /** `null` with a root file system of one's own. */
  readonly image: ResolvedImage | null;
  readonly config: SpecConfig;
  readonly host: HostView;
  readonly id: ContainerId;
  /** Given or made up; free. */
  readonly name: string;
  /** RFC 3339 with nanoseconds. */
  readonly created: string;
  /** A name for an anonymous volume: 64 hexadecimal digits. */
  readonly newVolumeName: () => string;
};

export type { IDMap };
