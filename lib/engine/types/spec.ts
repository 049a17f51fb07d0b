// size: table
/** What a container to be created is: libpod's wire form (its SpecGenerator), the only description of one. Field names and shapes are those of libpod 5.8 on the wire. Times are RFC 3339 strings, durations nanoseconds. */

export type CreateSpec = {
  readonly name?: string;
  readonly pod?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly env_host?: boolean;
  readonly httpproxy?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
  readonly stdin?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly stop_signal?: number;
  readonly stop_timeout?: number;
  readonly timeout?: number;
  readonly log_configuration?: LogConfig;
  readonly conmon_pid_file?: string;
  readonly restart_policy?: string;
  readonly restart_tries?: number;
  readonly oci_runtime?: string;
  readonly systemd?: string;
  readonly sdnotifyMode?: string;
  readonly pidns?: Namespace;
  readonly utsns?: Namespace;
  readonly hostname?: string;
  readonly hostusers?: readonly string[];
  readonly sysctl?: Readonly<Record<string, string>>;
  readonly remove?: boolean;
  readonly removeImage?: boolean;
  readonly containerCreateCommand?: readonly string[];
  readonly timezone?: string;
  readonly dependencyContainers?: readonly string[];
  readonly secret_env?: Readonly<Record<string, string>>;
  readonly init_container_type?: string;
  readonly personality?: LinuxPersonality;
  readonly envmerge?: readonly string[];
  readonly unsetenv?: readonly string[];
  readonly unsetenvall?: boolean;
  readonly manage_password?: boolean;
  readonly passwd_entry?: string;
  readonly group_entry?: string;
  readonly image: string;
  readonly raw_image_name?: string;
  readonly image_os?: string;
  readonly image_arch?: string;
  readonly image_variant?: string;
  readonly rootfs?: string;
  readonly rootfs_overlay?: boolean;
  readonly rootfs_mapping?: string;
  readonly image_volume_mode?: string;
  readonly volumes_from?: readonly string[];
  readonly init?: boolean;
  readonly init_path?: string;
  readonly mounts?: readonly Mount[];
  readonly volumes?: readonly NamedVolume[];
  readonly overlay_volumes?: readonly OverlayVolume[];
  readonly image_volumes?: readonly ImageVolume[];
  readonly artifact_volumes?: readonly ArtifactVolume[];
  readonly devices?: readonly LinuxDevice[];
  readonly device_cgroup_rule?: readonly LinuxDeviceCgroup[];
  readonly devices_from?: readonly string[];
  readonly host_device_list?: readonly LinuxDevice[];
  readonly ipcns?: Namespace;
  readonly shm_size?: number;
  readonly shm_size_systemd?: number;
  readonly work_dir?: string;
  readonly create_working_dir?: boolean;
  readonly storage_opts?: Readonly<Record<string, string>>;
  readonly rootfs_propagation?: string;
  readonly secrets?: readonly SpecSecret[];
  readonly volatile?: boolean;
  readonly chroot_directories?: readonly string[];
  readonly privileged?: boolean;
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly selinux_opts?: readonly string[];
  readonly apparmor_profile?: string;
  readonly seccomp_policy?: string;
  readonly seccomp_profile_path?: string;
  readonly no_new_privileges?: boolean;
  readonly userns?: Namespace;
  readonly idmappings?: IDMappingOptions;
  readonly read_only_filesystem?: boolean;
  readonly read_write_tmpfs?: boolean;
  readonly label_nested?: boolean;
  readonly umask?: string;
  readonly procfs_opts?: readonly string[];
  readonly mask?: readonly string[];
  readonly unmask?: readonly string[];
  readonly cgroupns?: Namespace;
  readonly cgroups_mode?: string;
  readonly cgroup_parent?: string;
  readonly netns?: Namespace;
  readonly portmappings?: readonly PortMapping[];
  readonly publish_image_ports?: boolean;
  readonly expose?: Readonly<Record<string, string>>;
  readonly Networks?: Readonly<Record<string, PerNetworkOptions>>;
  readonly cni_networks?: readonly string[];
  readonly use_image_resolve_conf?: boolean;
  readonly dns_server?: readonly string[];
  readonly dns_search?: readonly string[];
  readonly dns_option?: readonly string[];
  readonly use_image_hostname?: boolean;
  readonly use_image_hosts?: boolean;
  readonly base_hosts_file?: string;
  readonly hostadd?: readonly string[];
  readonly network_options?: Readonly<Record<string, readonly string[]>>;
  readonly intelRdt?: LinuxIntelRdt;
  readonly resource_limits?: LinuxResources;
  readonly r_limits?: readonly POSIXRlimit[];
  readonly oom_score_adj?: number;
  readonly weightDevice?: Readonly<Record<string, LinuxWeightDevice>>;
  readonly throttleReadBpsDevice?: Readonly<Record<string, LinuxThrottleDevice>>;
  readonly throttleWriteBpsDevice?: Readonly<Record<string, LinuxThrottleDevice>>;
  readonly throttleReadIOPSDevice?: Readonly<Record<string, LinuxThrottleDevice>>;
  readonly throttleWriteIOPSDevice?: Readonly<Record<string, LinuxThrottleDevice>>;
  readonly unified?: Readonly<Record<string, string>>;
  readonly healthconfig?: Schema2HealthConfig;
  readonly health_check_on_failure_action?: number;
  readonly startupHealthConfig?: StartupHealthCheck;
  readonly healthLogDestination?: string;
  readonly healthMaxLogCount?: number;
  readonly healthMaxLogSize?: number;
};

export type LogConfig = {
  readonly driver?: string;
  readonly path?: string;
  readonly size?: number;
  readonly options?: Readonly<Record<string, string>>;
};

export type Namespace = {
  readonly nsmode?: string;
  readonly value?: string;
};

export type LinuxPersonality = {
  readonly domain: string;
  readonly flags?: readonly string[];
};

export type Mount = {
  readonly destination: string;
  readonly type?: string;
  readonly source?: string;
  readonly options?: readonly string[];
  readonly uidMappings?: readonly LinuxIDMapping[];
  readonly gidMappings?: readonly LinuxIDMapping[];
};

export type LinuxIDMapping = {
  readonly containerID: number;
  readonly hostID: number;
  readonly size: number;
};

export type NamedVolume = {
  readonly Name: string;
  readonly Dest: string;
  readonly Options: readonly string[];
  readonly IsAnonymous: boolean;
  readonly SubPath: string;
};

export type OverlayVolume = {
  readonly destination: string;
  readonly source?: string;
  readonly options?: readonly string[];
};

export type ImageVolume = {
  readonly Source: string;
  readonly Destination: string;
  readonly ReadWrite: boolean;
  readonly subPath?: string;
};

export type ArtifactVolume = {
  readonly source: string;
  readonly destination: string;
  readonly title?: string;
  readonly digest?: string;
  readonly name?: string;
};

export type LinuxDevice = {
  readonly path: string;
  readonly type: string;
  readonly major: number;
  readonly minor: number;
  readonly fileMode?: number;
  readonly uid?: number;
  readonly gid?: number;
};

export type LinuxDeviceCgroup = {
  readonly allow: boolean;
  readonly type?: string;
  readonly major?: number;
  readonly minor?: number;
  readonly access?: string;
};

export type SpecSecret = {
  readonly Source: string;
  readonly Target: string;
  readonly UID: number;
  readonly GID: number;
  readonly Mode: number;
};

export type IDMappingOptions = {
  readonly HostUIDMapping: boolean;
  readonly HostGIDMapping: boolean;
  readonly UIDMap: readonly IDMap[];
  readonly GIDMap: readonly IDMap[];
  readonly AutoUserNs: boolean;
  readonly AutoUserNsOpts: AutoUserNsOptions;
};

export type IDMap = {
  readonly container_id: number;
  readonly host_id: number;
  readonly size: number;
};

export type AutoUserNsOptions = {
  readonly Size: number;
  readonly InitialSize: number;
  readonly PasswdFile: string;
  readonly GroupFile: string;
  readonly AdditionalUIDMappings: readonly IDMap[];
  readonly AdditionalGIDMappings: readonly IDMap[];
};

export type PortMapping = {
  readonly host_ip: string;
  readonly container_port: number;
  readonly host_port: number;
  readonly range: number;
  readonly protocol: string;
};

export type PerNetworkOptions = {
  readonly static_ips?: readonly string[];
  readonly aliases?: readonly string[];
  readonly static_mac?: string;
  readonly interface_name: string;
  readonly options?: Readonly<Record<string, string>>;
};

export type LinuxIntelRdt = {
  readonly closID?: string;
  readonly l3CacheSchema?: string;
  readonly memBwSchema?: string;
  readonly enableCMT?: boolean;
  readonly enableMBM?: boolean;
};

export type LinuxResources = {
  readonly devices?: readonly LinuxDeviceCgroup[];
  readonly memory?: LinuxMemory;
  readonly cpu?: LinuxCPU;
  readonly pids?: LinuxPids;
  readonly blockIO?: LinuxBlockIO;
  readonly hugepageLimits?: readonly LinuxHugepageLimit[];
  readonly network?: LinuxNetwork;
  readonly rdma?: Readonly<Record<string, LinuxRdma>>;
  readonly unified?: Readonly<Record<string, string>>;
};

export type LinuxMemory = {
  readonly limit?: number;
  readonly reservation?: number;
  readonly swap?: number;
  readonly kernel?: number;
  readonly kernelTCP?: number;
  readonly swappiness?: number;
  readonly disableOOMKiller?: boolean;
  readonly useHierarchy?: boolean;
  readonly checkBeforeUpdate?: boolean;
};

export type LinuxCPU = {
  readonly shares?: number;
  readonly quota?: number;
  readonly burst?: number;
  readonly period?: number;
  readonly realtimeRuntime?: number;
  readonly realtimePeriod?: number;
  readonly cpus?: string;
  readonly mems?: string;
  readonly idle?: number;
};

export type LinuxPids = {
  readonly limit: number;
};

export type LinuxBlockIO = {
  readonly weight?: number;
  readonly leafWeight?: number;
  readonly weightDevice?: readonly LinuxWeightDevice[];
  readonly throttleReadBpsDevice?: readonly LinuxThrottleDevice[];
  readonly throttleWriteBpsDevice?: readonly LinuxThrottleDevice[];
  readonly throttleReadIOPSDevice?: readonly LinuxThrottleDevice[];
  readonly throttleWriteIOPSDevice?: readonly LinuxThrottleDevice[];
};

export type LinuxWeightDevice = {
  readonly major: number;
  readonly minor: number;
  readonly weight?: number;
  readonly leafWeight?: number;
};

export type LinuxThrottleDevice = {
  readonly major: number;
  readonly minor: number;
  readonly rate: number;
};

export type LinuxHugepageLimit = {
  readonly pageSize: string;
  readonly limit: number;
};

export type LinuxNetwork = {
  readonly classID?: number;
  readonly priorities?: readonly LinuxInterfacePriority[];
};

export type LinuxInterfacePriority = {
  readonly name: string;
  readonly priority: number;
};

export type LinuxRdma = {
  readonly hcaHandles?: number;
  readonly hcaObjects?: number;
};

export type POSIXRlimit = {
  readonly type: string;
  readonly hard: number;
  readonly soft: number;
};

export type Schema2HealthConfig = {
  readonly Test?: readonly string[];
  readonly StartPeriod?: number;
  readonly StartInterval?: number;
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly Retries?: number;
};

export type StartupHealthCheck = {
  readonly Test?: readonly string[];
  readonly StartPeriod?: number;
  readonly StartInterval?: number;
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly Retries?: number;
  readonly Successes?: number;
};
