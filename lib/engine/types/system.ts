// size: table
/** `info`, `version` and events. Field names and shapes are those of libpod 5.8 on the wire. Times are RFC 3339 strings, durations nanoseconds. */

import type { IDMap } from "./spec.ts";

export type Info = {
  readonly host: HostInfo;
  readonly store: StoreInfo;
  readonly registries: Readonly<Record<string, unknown>>;
  readonly plugins: Plugins;
  readonly version: VersionInfo;
};

export type HostInfo = {
  readonly arch: string;
  readonly buildahVersion: string;
  readonly cgroupManager: string;
  readonly cgroupVersion: string;
  readonly cgroupControllers: readonly string[];
  readonly conmon: ConmonInfo;
  readonly cpus: number;
  readonly cpuUtilization: CPUUsage;
  readonly databaseBackend: string;
  readonly distribution: DistributionInfo;
  readonly eventLogger: string;
  readonly freeLocks?: number;
  readonly hostname: string;
  readonly idMappings: IDMappings;
  readonly kernel: string;
  readonly logDriver: string;
  readonly memFree: number;
  readonly memTotal: number;
  readonly networkBackend: string;
  readonly networkBackendInfo: NetworkInfo;
  readonly ociRuntime: OCIRuntimeInfo;
  readonly os: string;
  readonly remoteSocket?: RemoteSocket;
  readonly rootlessNetworkCmd: string;
  readonly runtimeInfo?: Readonly<Record<string, unknown>>;
  readonly serviceIsRemote: boolean;
  readonly security: SecurityInfo;
  readonly slirp4netns: SlirpInfo;
  readonly pasta: PastaInfo;
  readonly swapFree: number;
  readonly swapTotal: number;
  readonly uptime: string;
  readonly variant: string;
  readonly linkmode: string;
  readonly emulatedArchitectures?: readonly string[];
};

export type ConmonInfo = {
  readonly package: string;
  readonly path: string;
  readonly version: string;
};

export type CPUUsage = {
  readonly userPercent: number;
  readonly systemPercent: number;
  readonly idlePercent: number;
};

export type DistributionInfo = {
  readonly distribution: string;
  readonly variant?: string;
  readonly version: string;
  readonly codename?: string;
};

export type IDMappings = {
  readonly gidmap: readonly IDMap[];
  readonly uidmap: readonly IDMap[];
};

export type NetworkInfo = {
  readonly backend: string;
  readonly version?: string;
  readonly package?: string;
  readonly path?: string;
  readonly dns?: DNSNetworkInfo;
  readonly defaultNetwork?: string;
};

export type DNSNetworkInfo = {
  readonly version?: string;
  readonly package?: string;
  readonly path?: string;
};

export type OCIRuntimeInfo = {
  readonly name: string;
  readonly package: string;
  readonly path: string;
  readonly version: string;
};

export type RemoteSocket = {
  readonly path?: string;
  readonly exists: boolean;
};

export type SecurityInfo = {
  readonly apparmorEnabled: boolean;
  readonly capabilities: string;
  readonly rootless: boolean;
  readonly seccompEnabled: boolean;
  readonly seccompProfilePath: string;
  readonly selinuxEnabled: boolean;
};

export type SlirpInfo = {
  readonly executable: string;
  readonly package: string;
  readonly version: string;
};

export type PastaInfo = {
  readonly executable: string;
  readonly package: string;
  readonly version: string;
};

export type StoreInfo = {
  readonly configFile?: string;
  readonly containerStore: ContainerStore;
  readonly graphDriverName: string;
  readonly graphOptions: Readonly<Record<string, unknown>>;
  readonly graphRoot: string;
  readonly graphRootAllocated: number;
  readonly graphRootUsed: number;
  readonly graphStatus: Readonly<Record<string, string>>;
  readonly imageCopyTmpDir: string;
  readonly imageStore: ImageStore;
  readonly runRoot: string;
  readonly volumePath: string;
  readonly transientStore: boolean;
};

export type ContainerStore = {
  readonly number: number;
  readonly paused: number;
  readonly running: number;
  readonly stopped: number;
};

export type ImageStore = {
  readonly number: number;
};

export type Plugins = {
  readonly volume: readonly string[];
  readonly network: readonly string[];
  readonly log: readonly string[];
  readonly authorization: readonly string[];
};

export type VersionInfo = {
  readonly APIVersion: string;
  readonly Version: string;
  readonly GoVersion: string;
  readonly GitCommit: string;
  readonly BuiltTime: string;
  readonly Built: number;
  readonly BuildOrigin?: string;
  readonly OsArch: string;
  readonly Os: string;
};

export type SystemVersionReport = {
  readonly Client?: VersionInfo;
  readonly Server?: VersionInfo;
};

export type Event = {
  readonly status?: string;
  readonly id?: string;
  readonly from?: string;
  readonly Type: string;
  readonly Action: string;
  readonly Actor: Actor;
  readonly scope?: string;
  readonly time?: number;
  readonly timeNano?: number;
  readonly HealthStatus?: string;
};

export type Actor = {
  readonly ID: string;
  readonly Attributes: Readonly<Record<string, string>>;
};
