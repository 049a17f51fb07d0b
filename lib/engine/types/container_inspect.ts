// size: table
/** What `container inspect` prints. Field names and shapes are those of libpod 5.8 on the wire. Times are RFC 3339 strings, durations nanoseconds. */

import type { JsonObject } from "./json.ts";
import type { Schema2HealthConfig, StartupHealthCheck } from "./spec.ts";

export type InspectContainerData = {
  readonly Id: string;
  readonly Created: string;
  readonly Path: string;
  readonly Args: readonly string[];
  readonly State: InspectContainerState;
  readonly Image: string;
  readonly ImageDigest: string;
  readonly ImageName: string;
  readonly Rootfs: string;
  readonly Pod: string;
  readonly ResolvConfPath: string;
  readonly HostnamePath: string;
  readonly HostsPath: string;
  readonly StaticDir: string;
  readonly OCIConfigPath?: string;
  readonly OCIRuntime?: string;
  readonly ConmonPidFile: string;
  readonly PidFile: string;
  readonly Name: string;
  readonly RestartCount: number;
  readonly Driver: string;
  readonly MountLabel: string;
  readonly ProcessLabel: string;
  readonly AppArmorProfile: string;
  readonly EffectiveCaps: readonly string[];
  readonly BoundingCaps: readonly string[];
  readonly ExecIDs: readonly string[];
  readonly GraphDriver: DriverData;
  readonly SizeRw?: number;
  readonly SizeRootFs?: number;
  readonly Mounts: readonly InspectMount[];
  readonly Dependencies: readonly string[];
  readonly NetworkSettings: InspectNetworkSettings;
  readonly Namespace: string;
  readonly IsInfra: boolean;
  readonly IsService: boolean;
  readonly KubeExitCodePropagation: string;
  readonly lockNumber: number;
  readonly Config: InspectContainerConfig;
  readonly HostConfig: InspectContainerHostConfig;
  readonly UseImageHosts: boolean;
  readonly UseImageHostname: boolean;
};

export type InspectContainerState = {
  readonly OciVersion: string;
  readonly Status: string;
  readonly Running: boolean;
  readonly Paused: boolean;
  readonly Restarting: boolean;
  readonly OOMKilled: boolean;
  readonly Dead: boolean;
  readonly Pid: number;
  readonly ConmonPid?: number;
  readonly ExitCode: number;
  readonly Error: string;
  readonly StartedAt: string;
  readonly FinishedAt: string;
  readonly Health?: HealthCheckResults;
  readonly Checkpointed?: boolean;
  readonly CgroupPath?: string;
  readonly CheckpointedAt: string;
  readonly RestoredAt: string;
  readonly CheckpointLog?: string;
  readonly CheckpointPath?: string;
  readonly RestoreLog?: string;
  readonly Restored?: boolean;
  readonly StoppedByUser?: boolean;
};

export type HealthCheckResults = {
  readonly Status: string;
  readonly FailingStreak: number;
  readonly Log: readonly HealthCheckLog[];
};

export type HealthCheckLog = {
  readonly Start: string;
  readonly End: string;
  readonly ExitCode: number;
  readonly Output: string;
};

export type DriverData = {
  readonly Name: string;
  readonly Data: Readonly<Record<string, string>>;
};

export type InspectMount = {
  readonly Type: string;
  readonly Name?: string;
  readonly Source: string;
  readonly Destination: string;
  readonly Driver: string;
  readonly Mode: string;
  readonly Options: readonly string[];
  readonly RW: boolean;
  readonly Propagation: string;
  readonly SubPath?: string;
};

export type InspectNetworkSettings = {
  readonly EndpointID: string;
  readonly Gateway: string;
  readonly IPAddress: string;
  readonly IPPrefixLen: number;
  readonly SecondaryIPAddresses?: readonly Address[];
  readonly IPv6Gateway: string;
  readonly GlobalIPv6Address: string;
  readonly GlobalIPv6PrefixLen: number;
  readonly SecondaryIPv6Addresses?: readonly Address[];
  readonly MacAddress: string;
  readonly AdditionalMACAddresses?: readonly string[];
  readonly Bridge: string;
  readonly SandboxID: string;
  readonly HairpinMode: boolean;
  readonly LinkLocalIPv6Address: string;
  readonly LinkLocalIPv6PrefixLen: number;
  readonly Ports: Readonly<Record<string, readonly InspectHostPort[]>>;
  readonly SandboxKey: string;
  readonly Networks?: Readonly<Record<string, InspectAdditionalNetwork>>;
};

export type Address = {
  readonly Addr: string;
  readonly PrefixLength: number;
};

export type InspectHostPort = {
  readonly HostIp: string;
  readonly HostPort: string;
};

export type InspectAdditionalNetwork = {
  readonly EndpointID: string;
  readonly Gateway: string;
  readonly IPAddress: string;
  readonly IPPrefixLen: number;
  readonly SecondaryIPAddresses?: readonly Address[];
  readonly IPv6Gateway: string;
  readonly GlobalIPv6Address: string;
  readonly GlobalIPv6PrefixLen: number;
  readonly SecondaryIPv6Addresses?: readonly Address[];
  readonly MacAddress: string;
  readonly AdditionalMACAddresses?: readonly string[];
  readonly NetworkID?: string;
  readonly DriverOpts: Readonly<Record<string, string>>;
  readonly IPAMConfig: Readonly<Record<string, string>>;
  readonly Links: readonly string[];
  readonly Aliases?: readonly string[];
};

export type InspectContainerConfig = {
  readonly Hostname: string;
  readonly Domainname: string;
  readonly User: string;
  readonly AttachStdin: boolean;
  readonly AttachStdout: boolean;
  readonly AttachStderr: boolean;
  readonly Tty: boolean;
  readonly OpenStdin: boolean;
  readonly StdinOnce: boolean;
  readonly Env: readonly string[];
  readonly Cmd: readonly string[];
  readonly Image: string;
  readonly Volumes: Readonly<Record<string, JsonObject>>;
  readonly WorkingDir: string;
  readonly Entrypoint: readonly string[];
  readonly OnBuild: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Annotations: Readonly<Record<string, string>>;
  readonly StopSignal: string;
  readonly StartupHealthCheck?: StartupHealthCheck;
  readonly Healthcheck?: Schema2HealthConfig;
  readonly HealthcheckOnFailureAction?: string;
  readonly HealthLogDestination?: string;
  readonly HealthcheckMaxLogCount?: number;
  readonly HealthcheckMaxLogSize?: number;
  readonly CreateCommand?: readonly string[];
  readonly Timezone?: string;
  readonly SystemdMode?: boolean;
  readonly Umask?: string;
  readonly Secrets?: readonly InspectSecret[];
  readonly Timeout: number;
  readonly StopTimeout: number;
  readonly Passwd?: boolean;
  readonly ChrootDirs?: readonly string[];
  readonly sdNotifyMode?: string;
  readonly sdNotifySocket?: string;
  readonly ExposedPorts?: Readonly<Record<string, JsonObject>>;
};

export type InspectSecret = {
  readonly Name: string;
  readonly ID: string;
  readonly UID: number;
  readonly GID: number;
  readonly Mode: number;
};

export type InspectContainerHostConfig = {
  readonly Binds: readonly string[];
  readonly CgroupManager?: string;
  readonly CgroupMode: string;
  readonly ContainerIDFile: string;
  readonly LogConfig: InspectLogConfig;
  readonly NetworkMode: string;
  readonly PortBindings: Readonly<Record<string, readonly InspectHostPort[]>>;
  readonly RestartPolicy: InspectRestartPolicy;
  readonly AutoRemove: boolean;
  readonly AutoRemoveImage: boolean;
  readonly Annotations: Readonly<Record<string, string>>;
  readonly VolumeDriver: string;
  readonly VolumesFrom: readonly string[];
  readonly CapAdd: readonly string[];
  readonly CapDrop: readonly string[];
  readonly Dns: readonly string[];
  readonly DnsOptions: readonly string[];
  readonly DnsSearch: readonly string[];
  readonly ExtraHosts: readonly string[];
  readonly HostsFile: string;
  readonly GroupAdd: readonly string[];
  readonly IpcMode: string;
  readonly Cgroup: string;
  readonly Cgroups: string;
  readonly Links: readonly string[];
  readonly OomScoreAdj: number;
  readonly PidMode: string;
  readonly Privileged: boolean;
  readonly PublishAllPorts: boolean;
  readonly ReadonlyRootfs: boolean;
  readonly SecurityOpt: readonly string[];
  readonly Tmpfs: Readonly<Record<string, string>>;
  readonly UTSMode: string;
  readonly UsernsMode: string;
  readonly IDMappings?: InspectIDMappings;
  readonly ShmSize: number;
  readonly Runtime: string;
  readonly ConsoleSize: readonly number[];
  readonly Isolation: string;
  readonly CpuShares: number;
  readonly Memory: number;
  readonly NanoCpus: number;
  readonly CgroupParent: string;
  readonly BlkioWeight: number;
  readonly BlkioWeightDevice: readonly InspectBlkioWeightDevice[];
  readonly BlkioDeviceReadBps: readonly InspectBlkioThrottleDevice[];
  readonly BlkioDeviceWriteBps: readonly InspectBlkioThrottleDevice[];
  readonly BlkioDeviceReadIOps: readonly InspectBlkioThrottleDevice[];
  readonly BlkioDeviceWriteIOps: readonly InspectBlkioThrottleDevice[];
  readonly CpuPeriod: number;
  readonly CpuQuota: number;
  readonly CpuRealtimePeriod: number;
  readonly CpuRealtimeRuntime: number;
  readonly CpusetCpus: string;
  readonly CpusetMems: string;
  readonly Devices: readonly InspectDevice[];
  readonly DiskQuota: number;
  readonly KernelMemory: number;
  readonly MemoryReservation: number;
  readonly MemorySwap: number;
  readonly MemorySwappiness: number;
  readonly OomKillDisable: boolean;
  readonly Init?: boolean;
  readonly PidsLimit: number;
  readonly Ulimits: readonly InspectUlimit[];
  readonly CpuCount: number;
  readonly CpuPercent: number;
  readonly IOMaximumIOps: number;
  readonly IOMaximumBandwidth: number;
  readonly CgroupConf: Readonly<Record<string, string>>;
  readonly IntelRdtClosID?: string;
};

export type InspectLogConfig = {
  readonly Type: string;
  readonly Config: Readonly<Record<string, string>>;
  readonly Path: string;
  readonly Tag: string;
  readonly Size: string;
};

export type InspectRestartPolicy = {
  readonly Name: string;
  readonly MaximumRetryCount: number;
};

export type InspectIDMappings = {
  readonly UidMap: readonly string[];
  readonly GidMap: readonly string[];
};

export type InspectBlkioWeightDevice = {
  readonly Path: string;
  readonly Weight: number;
};

export type InspectBlkioThrottleDevice = {
  readonly Path: string;
  readonly Rate: number;
};

export type InspectDevice = {
  readonly PathOnHost: string;
  readonly PathInContainer: string;
  readonly CgroupPermissions: string;
};

export type InspectUlimit = {
  readonly Name: string;
  readonly Soft: number;
  readonly Hard: number;
};
