// size: table
/** Reader of `CreateSpec`, field by field. A field that the type has and this table has not does not compile. */

import type {
  ArtifactVolume,
  AutoUserNsOptions,
  CreateSpec,
  IDMap,
  IDMappingOptions,
  ImageVolume,
  LinuxBlockIO,
  LinuxCPU,
  LinuxDevice,
  LinuxDeviceCgroup,
  LinuxHugepageLimit,
  LinuxIDMapping,
  LinuxIntelRdt,
  LinuxInterfacePriority,
  LinuxMemory,
  LinuxNetwork,
  LinuxPersonality,
  LinuxPids,
  LinuxRdma,
  LinuxResources,
  LinuxThrottleDevice,
  LinuxWeightDevice,
  LogConfig,
  Mount,
  NamedVolume,
  Namespace,
  OverlayVolume,
  PerNetworkOptions,
  PortMapping,
  POSIXRlimit,
  Schema2HealthConfig,
  SpecSecret,
  StartupHealthCheck,
} from "../../engine/mod.ts";
import { flag, integer, list, map, optional, record, type Shape, text } from "../shape.ts";

const logConfig: Shape<LogConfig> = record<LogConfig>({
  driver: optional(text),
  path: optional(text),
  size: optional(integer),
  options: optional(map(text)),
});

const namespace: Shape<Namespace> = record<Namespace>({
  nsmode: optional(text),
  value: optional(text),
});

const linuxPersonality: Shape<LinuxPersonality> = record<LinuxPersonality>({
  domain: text,
  flags: optional(list(text)),
});

const linuxIDMapping: Shape<LinuxIDMapping> = record<LinuxIDMapping>({
  containerID: integer,
  hostID: integer,
  size: integer,
});

const mount: Shape<Mount> = record<Mount>({
  destination: text,
  type: optional(text),
  source: optional(text),
  options: optional(list(text)),
  uidMappings: optional(list(linuxIDMapping)),
  gidMappings: optional(list(linuxIDMapping)),
});

const namedVolume: Shape<NamedVolume> = record<NamedVolume>({
  Name: text,
  Dest: text,
  Options: list(text),
  IsAnonymous: flag,
  SubPath: text,
});

const overlayVolume: Shape<OverlayVolume> = record<OverlayVolume>({
  destination: text,
  source: optional(text),
  options: optional(list(text)),
});

const imageVolume: Shape<ImageVolume> = record<ImageVolume>({
  Source: text,
  Destination: text,
  ReadWrite: flag,
  subPath: optional(text),
});

const artifactVolume: Shape<ArtifactVolume> = record<ArtifactVolume>({
  source: text,
  destination: text,
  title: optional(text),
  digest: optional(text),
  name: optional(text),
});

const linuxDevice: Shape<LinuxDevice> = record<LinuxDevice>({
  path: text,
  type: text,
  major: integer,
  minor: integer,
  fileMode: optional(integer),
  uid: optional(integer),
  gid: optional(integer),
});

const linuxDeviceCgroup: Shape<LinuxDeviceCgroup> = record<LinuxDeviceCgroup>({
  allow: flag,
  type: optional(text),
  major: optional(integer),
  minor: optional(integer),
  access: optional(text),
});

const specSecret: Shape<SpecSecret> = record<SpecSecret>({
  Source: text,
  Target: text,
  UID: integer,
  GID: integer,
  Mode: integer,
});

const idMap: Shape<IDMap> = record<IDMap>({
  container_id: integer,
  host_id: integer,
  size: integer,
});

const autoUserNsOptions: Shape<AutoUserNsOptions> = record<AutoUserNsOptions>({
  Size: integer,
  InitialSize: integer,
  PasswdFile: text,
  GroupFile: text,
  AdditionalUIDMappings: list(idMap),
  AdditionalGIDMappings: list(idMap),
});

const idMappingOptions: Shape<IDMappingOptions> = record<IDMappingOptions>({
  HostUIDMapping: flag,
  HostGIDMapping: flag,
  UIDMap: list(idMap),
  GIDMap: list(idMap),
  AutoUserNs: flag,
  AutoUserNsOpts: autoUserNsOptions,
});

const portMapping: Shape<PortMapping> = record<PortMapping>({
  host_ip: text,
  container_port: integer,
  host_port: integer,
  range: integer,
  protocol: text,
});

const perNetworkOptions: Shape<PerNetworkOptions> = record<PerNetworkOptions>({
  static_ips: optional(list(text)),
  aliases: optional(list(text)),
  static_mac: optional(text),
  interface_name: text,
  options: optional(map(text)),
});

const linuxIntelRdt: Shape<LinuxIntelRdt> = record<LinuxIntelRdt>({
  closID: optional(text),
  l3CacheSchema: optional(text),
  memBwSchema: optional(text),
  enableCMT: optional(flag),
  enableMBM: optional(flag),
});

const linuxMemory: Shape<LinuxMemory> = record<LinuxMemory>({
  limit: optional(integer),
  reservation: optional(integer),
  swap: optional(integer),
  kernel: optional(integer),
  kernelTCP: optional(integer),
  swappiness: optional(integer),
  disableOOMKiller: optional(flag),
  useHierarchy: optional(flag),
  checkBeforeUpdate: optional(flag),
});

const linuxCpu: Shape<LinuxCPU> = record<LinuxCPU>({
  shares: optional(integer),
  quota: optional(integer),
  burst: optional(integer),
  period: optional(integer),
  realtimeRuntime: optional(integer),
  realtimePeriod: optional(integer),
  cpus: optional(text),
  mems: optional(text),
  idle: optional(integer),
});

const linuxPids: Shape<LinuxPids> = record<LinuxPids>({
  limit: integer,
});

const linuxWeightDevice: Shape<LinuxWeightDevice> = record<LinuxWeightDevice>({
  major: integer,
  minor: integer,
  weight: optional(integer),
  leafWeight: optional(integer),
});

const linuxThrottleDevice: Shape<LinuxThrottleDevice> = record<LinuxThrottleDevice>({
  major: integer,
  minor: integer,
  rate: integer,
});

const linuxBlockIO: Shape<LinuxBlockIO> = record<LinuxBlockIO>({
  weight: optional(integer),
  leafWeight: optional(integer),
  weightDevice: optional(list(linuxWeightDevice)),
  throttleReadBpsDevice: optional(list(linuxThrottleDevice)),
  throttleWriteBpsDevice: optional(list(linuxThrottleDevice)),
  throttleReadIOPSDevice: optional(list(linuxThrottleDevice)),
  throttleWriteIOPSDevice: optional(list(linuxThrottleDevice)),
});

const linuxHugepageLimit: Shape<LinuxHugepageLimit> = record<LinuxHugepageLimit>({
  pageSize: text,
  limit: integer,
});

const linuxInterfacePriority: Shape<LinuxInterfacePriority> = record<LinuxInterfacePriority>({
  name: text,
  priority: integer,
});

const linuxNetwork: Shape<LinuxNetwork> = record<LinuxNetwork>({
  classID: optional(integer),
  priorities: optional(list(linuxInterfacePriority)),
});

const linuxRdma: Shape<LinuxRdma> = record<LinuxRdma>({
  hcaHandles: optional(integer),
  hcaObjects: optional(integer),
});

const linuxResources: Shape<LinuxResources> = record<LinuxResources>({
  devices: optional(list(linuxDeviceCgroup)),
  memory: optional(linuxMemory),
  cpu: optional(linuxCpu),
  pids: optional(linuxPids),
  blockIO: optional(linuxBlockIO),
  hugepageLimits: optional(list(linuxHugepageLimit)),
  network: optional(linuxNetwork),
  rdma: optional(map(linuxRdma)),
  unified: optional(map(text)),
});

const posixRlimit: Shape<POSIXRlimit> = record<POSIXRlimit>({
  type: text,
  hard: integer,
  soft: integer,
});

const schema2HealthConfig: Shape<Schema2HealthConfig> = record<Schema2HealthConfig>({
  Test: optional(list(text)),
  StartPeriod: optional(integer),
  StartInterval: optional(integer),
  Interval: optional(integer),
  Timeout: optional(integer),
  Retries: optional(integer),
});

const startupHealthCheck: Shape<StartupHealthCheck> = record<StartupHealthCheck>({
  Test: optional(list(text)),
  StartPeriod: optional(integer),
  StartInterval: optional(integer),
  Interval: optional(integer),
  Timeout: optional(integer),
  Retries: optional(integer),
  Successes: optional(integer),
});

/** What a container to be created is. */
export const createSpec: Shape<CreateSpec> = record<CreateSpec>({
  name: optional(text),
  pod: optional(text),
  entrypoint: optional(list(text)),
  command: optional(list(text)),
  env_host: optional(flag),
  httpproxy: optional(flag),
  env: optional(map(text)),
  terminal: optional(flag),
  stdin: optional(flag),
  labels: optional(map(text)),
  annotations: optional(map(text)),
  stop_signal: optional(integer),
  stop_timeout: optional(integer),
  timeout: optional(integer),
  log_configuration: optional(logConfig),
  conmon_pid_file: optional(text),
  restart_policy: optional(text),
  restart_tries: optional(integer),
  oci_runtime: optional(text),
  systemd: optional(text),
  sdnotifyMode: optional(text),
  pidns: optional(namespace),
  utsns: optional(namespace),
  hostname: optional(text),
  hostusers: optional(list(text)),
  sysctl: optional(map(text)),
  remove: optional(flag),
  removeImage: optional(flag),
  containerCreateCommand: optional(list(text)),
  timezone: optional(text),
  dependencyContainers: optional(list(text)),
  secret_env: optional(map(text)),
  init_container_type: optional(text),
  personality: optional(linuxPersonality),
  envmerge: optional(list(text)),
  unsetenv: optional(list(text)),
  unsetenvall: optional(flag),
  manage_password: optional(flag),
  passwd_entry: optional(text),
  group_entry: optional(text),
  image: text,
  raw_image_name: optional(text),
  image_os: optional(text),
  image_arch: optional(text),
  image_variant: optional(text),
  rootfs: optional(text),
  rootfs_overlay: optional(flag),
  rootfs_mapping: optional(text),
  image_volume_mode: optional(text),
  volumes_from: optional(list(text)),
  init: optional(flag),
  init_path: optional(text),
  mounts: optional(list(mount)),
  volumes: optional(list(namedVolume)),
  overlay_volumes: optional(list(overlayVolume)),
  image_volumes: optional(list(imageVolume)),
  artifact_volumes: optional(list(artifactVolume)),
  devices: optional(list(linuxDevice)),
  device_cgroup_rule: optional(list(linuxDeviceCgroup)),
  devices_from: optional(list(text)),
  host_device_list: optional(list(linuxDevice)),
  ipcns: optional(namespace),
  shm_size: optional(integer),
  shm_size_systemd: optional(integer),
  work_dir: optional(text),
  create_working_dir: optional(flag),
  storage_opts: optional(map(text)),
  rootfs_propagation: optional(text),
  secrets: optional(list(specSecret)),
  volatile: optional(flag),
  chroot_directories: optional(list(text)),
  privileged: optional(flag),
  user: optional(text),
  groups: optional(list(text)),
  cap_add: optional(list(text)),
  cap_drop: optional(list(text)),
  selinux_opts: optional(list(text)),
  apparmor_profile: optional(text),
  seccomp_policy: optional(text),
  seccomp_profile_path: optional(text),
  no_new_privileges: optional(flag),
  userns: optional(namespace),
  idmappings: optional(idMappingOptions),
  read_only_filesystem: optional(flag),
  read_write_tmpfs: optional(flag),
  label_nested: optional(flag),
  umask: optional(text),
  procfs_opts: optional(list(text)),
  mask: optional(list(text)),
  unmask: optional(list(text)),
  cgroupns: optional(namespace),
  cgroups_mode: optional(text),
  cgroup_parent: optional(text),
  netns: optional(namespace),
  portmappings: optional(list(portMapping)),
  publish_image_ports: optional(flag),
  expose: optional(map(text)),
  Networks: optional(map(perNetworkOptions)),
  cni_networks: optional(list(text)),
  use_image_resolve_conf: optional(flag),
  dns_server: optional(list(text)),
  dns_search: optional(list(text)),
  dns_option: optional(list(text)),
  use_image_hostname: optional(flag),
  use_image_hosts: optional(flag),
  base_hosts_file: optional(text),
  hostadd: optional(list(text)),
  network_options: optional(map(list(text))),
  intelRdt: optional(linuxIntelRdt),
  resource_limits: optional(linuxResources),
  r_limits: optional(list(posixRlimit)),
  oom_score_adj: optional(integer),
  weightDevice: optional(map(linuxWeightDevice)),
  throttleReadBpsDevice: optional(map(linuxThrottleDevice)),
  throttleWriteBpsDevice: optional(map(linuxThrottleDevice)),
  throttleReadIOPSDevice: optional(map(linuxThrottleDevice)),
  throttleWriteIOPSDevice: optional(map(linuxThrottleDevice)),
  unified: optional(map(text)),
  healthconfig: optional(schema2HealthConfig),
  health_check_on_failure_action: optional(integer),
  startupHealthConfig: optional(startupHealthCheck),
  healthLogDestination: optional(text),
  healthMaxLogCount: optional(integer),
  healthMaxLogSize: optional(integer),
});
