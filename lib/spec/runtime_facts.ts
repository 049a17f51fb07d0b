/** What `runtimeConfig` must be told about this start of a container. */

import type { RuntimeDevice, RuntimeSeccomp } from "../oci/runtime_spec.ts";
import type { IdMappings } from "../engine/container.ts";

/** A file or directory of the engine that the container sees. */
export type GeneratedMount = {
  readonly destination: string;
  readonly source: string;
  /** Never writable, whatever the container is. */
  readonly readOnly?: boolean;
};

/** Paths of namespaces to join: of other containers (`/proc/PID/ns/X`), made beforehand (network) or given. */
export type NamespacePaths = {
  readonly pid?: string;
  readonly net?: string;
  readonly ipc?: string;
  readonly uts?: string;
  readonly user?: string;
  readonly cgroup?: string;
};

export type ResourceLimit = { readonly soft: number; readonly hard: number };

export type RuntimeFacts = {
  /** Of the mounted root file system. */
  readonly rootfs: string;
  readonly user: {
    readonly uid: number;
    readonly gid: number;
    readonly additionalGids: readonly number[];
    readonly home: string;
    readonly keepGroups?: boolean;
  };
  readonly namespaces: NamespacePaths;
  /** hosts, resolv.conf, hostname, .containerenv, localtime, passwd, …. */
  readonly files: readonly GeneratedMount[];
  /**
   * /dev/shm: `tmpfs`, made by the runtime, of the container's `shmSize`; or a directory of the host to bind (`/dev/shm`
   * with the host's ipc, another container's, one mounted beforehand).
   */
  readonly shm: { readonly tag: "tmpfs" } | { readonly tag: "bind"; readonly source: string } | {
    readonly tag: "none";
  };
  /** Of catatonit, if the container wants an init. */
  readonly initPath: string;
  /** Directory of each volume by name (with its subpath, where one is asked for, by `name:destination`). */
  readonly volumes: ReadonlyMap<string, string>;
  /** As the runtime takes it: `/parent/libpod-ID` or `slice:libpod:ID`; empty: this user may make none. */
  readonly cgroupsPath: string;
  readonly cgroups: {
    readonly version: 1 | 2;
    /** Controllers that can be used; limits of others are left out. */
    readonly controllers: readonly string[];
  };
  /** Converted for this container's capabilities; `null`: unconfined. */
  readonly seccomp: RuntimeSeccomp | null;
  /** The engine runs in a user namespace. */
  readonly rootless: boolean;
  /** Groups in the engine's own user namespace. */
  readonly availableGids: number;
  /** The engine's own limits: hard ones cannot be exceeded. By `RLIMIT_…`. */
  readonly limits: ReadonlyMap<string, ResourceLimit>;
  /** Asked for only with `--privileged`. */
  readonly hostDevices: () => readonly RuntimeDevice[];
  /** Maps in force, where they are not the container's own (`container:` user namespaces); absent: the container's. */
  readonly idMappings?: IdMappings;
};
