// size: table
/**
 * Every key of containers.conf with its type and its value when no file sets it; the types of `Config`'s tables are made
 * from these. `unused: true` marks a key that this engine reads but cannot act upon (yet, or ever): setting it is reported
 * through `Config.notices`, never silently taken for done. `null` stands for "worked out from the machine".
 */

type Key = {
  readonly kind: keyof KindValues;
  readonly fallback: KindValues[keyof KindValues];
  readonly unused?: true;
};

/** What each kind of key becomes. */
export type KindValues = {
  string: string;
  bool: boolean;
  number: number;
  optional: number | null;
  strings: readonly string[];
  map: Readonly<Record<string, string>>;
  lists: Readonly<Record<string, readonly string[]>>;
  pools: readonly SubnetPool[];
  destinations: Readonly<Record<string, Destination>>;
};

export type KeyTable = Readonly<Record<string, Key>>;

/** A table of containers.conf after reading. */
export type TableValues<T extends KeyTable> = { readonly [K in keyof T]: KindValues[T[K]["kind"]] };

/** Range that `network create` takes subnets of `size` bits from. */
export type SubnetPool = { readonly base: string; readonly size: number };

/** A service that the remote client can talk to. */
export type Destination = {
  readonly uri: string;
  readonly identity: string;
  readonly tlsCert: string;
  readonly tlsKey: string;
  readonly tlsCa: string;
  readonly isMachine: boolean;
};

const defaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export const containersKeys = {
  annotations: { kind: "strings", fallback: [] },
  apparmor_profile: { kind: "string", fallback: "" },
  base_hosts_file: { kind: "string", fallback: "" },
  cgroup_conf: { kind: "strings", fallback: [] },
  cgroupns: { kind: "string", fallback: "" },
  cgroups: { kind: "string", fallback: "enabled" },
  container_name_as_hostname: { kind: "bool", fallback: false },
  default_capabilities: {
    kind: "strings",
    fallback: [
      "CAP_CHOWN",
      "CAP_DAC_OVERRIDE",
      "CAP_FOWNER",
      "CAP_FSETID",
      "CAP_KILL",
      "CAP_NET_BIND_SERVICE",
      "CAP_SETFCAP",
      "CAP_SETGID",
      "CAP_SETPCAP",
      "CAP_SETUID",
      "CAP_SYS_CHROOT",
    ],
  },
  default_sysctls: { kind: "strings", fallback: [] },
  default_ulimits: { kind: "strings", fallback: [] },
  devices: { kind: "strings", fallback: [] },
  dns_options: { kind: "strings", fallback: [] },
  dns_searches: { kind: "strings", fallback: [] },
  dns_servers: { kind: "strings", fallback: [] },
  env: { kind: "strings", fallback: [defaultPath] },
  env_host: { kind: "bool", fallback: false },
  host_containers_internal_ip: { kind: "string", fallback: "", unused: true },
  http_proxy: { kind: "bool", fallback: true },
  init: { kind: "bool", fallback: false },
  init_path: { kind: "string", fallback: "" },
  interface_name: { kind: "string", fallback: "", unused: true },
  ipcns: { kind: "string", fallback: "shareable" },
  keyring: { kind: "bool", fallback: true },
  label: { kind: "bool", fallback: false, unused: true },
  label_users: { kind: "bool", fallback: false, unused: true },
  log_driver: { kind: "string", fallback: "k8s-file" },
  log_path: { kind: "string", fallback: "", unused: true },
  log_size_max: { kind: "number", fallback: -1 },
  log_tag: { kind: "string", fallback: "" },
  mounts: { kind: "strings", fallback: [] },
  netns: { kind: "string", fallback: "private" },
  no_hosts: { kind: "bool", fallback: false },
  oom_score_adj: { kind: "optional", fallback: null },
  pidns: { kind: "string", fallback: "private" },
  pids_limit: { kind: "number", fallback: 2048 },
  prepare_volume_on_create: { kind: "bool", fallback: false, unused: true },
  privileged: { kind: "bool", fallback: false },
  read_only: { kind: "bool", fallback: false },
  seccomp_profile: { kind: "string", fallback: "" },
  shm_size: { kind: "string", fallback: "65536k" },
  tz: { kind: "string", fallback: "" },
  umask: { kind: "string", fallback: "0022" },
  userns: { kind: "string", fallback: "" },
  userns_size: { kind: "number", fallback: 65536, unused: true },
  utsns: { kind: "string", fallback: "private" },
  volumes: { kind: "strings", fallback: [] },
} as const satisfies KeyTable;

export const engineKeys = {
  active_service: { kind: "string", fallback: "" },
  add_compression: { kind: "strings", fallback: [], unused: true },
  cdi_spec_dirs: { kind: "strings", fallback: ["/etc/cdi", "/var/run/cdi"], unused: true },
  cgroup_check: { kind: "bool", fallback: false, unused: true },
  cgroup_manager: { kind: "string", fallback: "" },
  chown_copied_files: { kind: "bool", fallback: true, unused: true },
  compat_api_enforce_docker_hub: { kind: "bool", fallback: true, unused: true },
  compose_providers: {
    kind: "strings",
    fallback: [
      "$HOME/.docker/cli-plugins/docker-compose",
      "/usr/local/lib/docker/cli-plugins/docker-compose",
      "/usr/local/libexec/docker/cli-plugins/docker-compose",
      "/usr/lib/docker/cli-plugins/docker-compose",
      "/usr/libexec/docker/cli-plugins/docker-compose",
      "docker-compose",
      "podman-compose",
    ],
    unused: true,
  },
  compose_warning_logs: { kind: "bool", fallback: true, unused: true },
  compression_format: { kind: "string", fallback: "gzip", unused: true },
  compression_level: { kind: "optional", fallback: null, unused: true },
  conmon_env_vars: { kind: "strings", fallback: [defaultPath], unused: true },
  conmon_path: {
    kind: "strings",
    fallback: [
      "/usr/libexec/podman/conmon",
      "/usr/local/libexec/podman/conmon",
      "/usr/local/lib/podman/conmon",
      "/usr/bin/conmon",
      "/usr/sbin/conmon",
      "/usr/local/bin/conmon",
      "/usr/local/sbin/conmon",
      "/run/current-system/sw/bin/conmon",
    ],
  },
  conmonrs_path: { kind: "strings", fallback: [], unused: true },
  database_backend: { kind: "string", fallback: "", unused: true },
  detach_keys: { kind: "string", fallback: "ctrl-p,ctrl-q" },
  enable_port_reservation: { kind: "bool", fallback: true, unused: true },
  env: { kind: "strings", fallback: [], unused: true },
  events_container_create_inspect_data: { kind: "bool", fallback: false, unused: true },
  events_logfile_max_size: { kind: "string", fallback: "", unused: true },
  events_logfile_path: { kind: "string", fallback: "", unused: true },
  events_logger: { kind: "string", fallback: "" },
  exit_command_delay: { kind: "number", fallback: 300, unused: true },
  healthcheck_events: { kind: "bool", fallback: true, unused: true },
  helper_binaries_dir: {
    kind: "strings",
    fallback: ["/usr/local/libexec/podman", "/usr/local/lib/podman", "/usr/libexec/podman", "/usr/lib/podman"],
  },
  hooks_dir: { kind: "strings", fallback: ["/usr/share/containers/oci/hooks.d"], unused: true },
  image_build_format: { kind: "string", fallback: "oci", unused: true },
  image_copy_tmp_dir: { kind: "string", fallback: "/var/tmp" },
  image_default_format: { kind: "string", fallback: "", unused: true },
  image_default_transport: { kind: "string", fallback: "docker://", unused: true },
  image_parallel_copies: { kind: "number", fallback: 0 },
  image_volume_mode: { kind: "string", fallback: "anonymous" },
  infra_command: { kind: "string", fallback: "", unused: true },
  infra_image: { kind: "string", fallback: "", unused: true },
  init_path: { kind: "string", fallback: "" },
  kube_generate_type: { kind: "string", fallback: "pod", unused: true },
  lock_type: { kind: "string", fallback: "shm", unused: true },
  multi_image_archive: { kind: "bool", fallback: false, unused: true },
  namespace: { kind: "string", fallback: "", unused: true },
  network_cmd_options: { kind: "strings", fallback: [] },
  network_cmd_path: { kind: "string", fallback: "" },
  no_pivot_root: { kind: "bool", fallback: false },
  num_locks: { kind: "number", fallback: 2048, unused: true },
  platform_to_oci_runtime: {
    kind: "map",
    fallback: { "wasi/wasm": "crun-wasm", "wasi/wasm32": "crun-wasm", "wasi/wasm64": "crun-wasm" },
    unused: true,
  },
  pod_exit_policy: { kind: "string", fallback: "continue", unused: true },
  podmansh_timeout: { kind: "number", fallback: 30, unused: true },
  pull_policy: { kind: "string", fallback: "missing" },
  remote: { kind: "bool", fallback: false },
  remote_identity: { kind: "string", fallback: "" },
  remote_uri: { kind: "string", fallback: "" },
  retry: { kind: "number", fallback: 3 },
  retry_delay: { kind: "string", fallback: "", unused: true },
  runtime: { kind: "string", fallback: "" },
  runtime_path: { kind: "strings", fallback: [], unused: true },
  runtime_supports_json: {
    kind: "strings",
    fallback: ["crun", "runc", "kata", "runsc", "youki", "krun", "ocijail"],
    unused: true,
  },
  runtime_supports_kvm: {
    kind: "strings",
    fallback: ["kata", "kata-runtime", "kata-qemu", "kata-fc", "krun"],
    unused: true,
  },
  runtime_supports_nocgroup: { kind: "strings", fallback: ["crun", "krun"], unused: true },
  runtimes: {
    kind: "lists",
    fallback: {
      crun: [
        "/usr/bin/crun",
        "/usr/sbin/crun",
        "/usr/local/bin/crun",
        "/usr/local/sbin/crun",
        "/sbin/crun",
        "/bin/crun",
        "/run/current-system/sw/bin/crun",
      ],
      runc: [
        "/usr/bin/runc",
        "/usr/sbin/runc",
        "/usr/local/bin/runc",
        "/usr/local/sbin/runc",
        "/sbin/runc",
        "/bin/runc",
        "/usr/lib/cri-o-runc/sbin/runc",
        "/run/current-system/sw/bin/runc",
      ],
      kata: ["/usr/bin/kata-runtime", "/usr/sbin/kata-runtime"],
      krun: ["/usr/bin/krun", "/usr/local/bin/krun"],
      runsc: ["/usr/bin/runsc", "/usr/sbin/runsc"],
      youki: ["/usr/local/bin/youki", "/usr/bin/youki"],
    },
  },
  runtimes_flags: { kind: "lists", fallback: {} },
  service_destinations: { kind: "destinations", fallback: {} },
  service_timeout: { kind: "number", fallback: 5, unused: true },
  ssh_config: { kind: "string", fallback: "$HOME/.ssh/config", unused: true },
  static_dir: { kind: "string", fallback: "", unused: true },
  stop_timeout: { kind: "number", fallback: 10 },
  tmp_dir: { kind: "string", fallback: "", unused: true },
  volume_path: { kind: "string", fallback: "" },
  volume_plugin_timeout: { kind: "number", fallback: 5, unused: true },
  volume_plugins: { kind: "map", fallback: {}, unused: true },
} as const satisfies KeyTable;

export const networkKeys = {
  cni_plugin_dirs: {
    kind: "strings",
    fallback: [
      "/usr/local/libexec/cni",
      "/usr/libexec/cni",
      "/usr/local/lib/cni",
      "/usr/lib/cni",
      "/opt/cni/bin",
    ],
    unused: true,
  },
  default_network: { kind: "string", fallback: "podman" },
  default_rootless_network_cmd: { kind: "string", fallback: "" },
  default_subnet: { kind: "string", fallback: "10.88.0.0/16" },
  default_subnet_pools: {
    kind: "pools",
    fallback: [
      { base: "10.89.0.0/16", size: 24 },
      { base: "10.90.0.0/15", size: 24 },
      { base: "10.92.0.0/14", size: 24 },
      { base: "10.96.0.0/11", size: 24 },
      { base: "10.128.0.0/9", size: 24 },
    ],
  },
  dns_bind_port: { kind: "number", fallback: 0 },
  firewall_driver: { kind: "string", fallback: "" },
  netavark_plugin_dirs: {
    kind: "strings",
    fallback: [
      "/usr/local/libexec/netavark",
      "/usr/libexec/netavark",
      "/usr/local/lib/netavark",
      "/usr/lib/netavark",
    ],
    unused: true,
  },
  network_backend: { kind: "string", fallback: "netavark", unused: true },
  network_config_dir: { kind: "string", fallback: "" },
  pasta_options: { kind: "strings", fallback: [] },
} as const satisfies KeyTable;

/** Tables of parts that this engine does not have. */
export const otherKeys = {
  machine: {
    cpus: { kind: "number", fallback: 1, unused: true },
    disk_size: { kind: "number", fallback: 100, unused: true },
    image: { kind: "string", fallback: "", unused: true },
    memory: { kind: "number", fallback: 2048, unused: true },
    provider: { kind: "string", fallback: "", unused: true },
    rosetta: { kind: "bool", fallback: true, unused: true },
    user: { kind: "string", fallback: "core", unused: true },
    volumes: { kind: "strings", fallback: ["$HOME:$HOME"], unused: true },
  },
  secrets: {
    driver: { kind: "string", fallback: "file", unused: true },
    opts: { kind: "map", fallback: {}, unused: true },
  },
  configmaps: {
    driver: { kind: "string", fallback: "", unused: true },
    opts: { kind: "map", fallback: {}, unused: true },
  },
  farms: {
    default: { kind: "string", fallback: "", unused: true },
    list: { kind: "lists", fallback: {}, unused: true },
  },
  podmansh: {
    container: { kind: "string", fallback: "podmansh", unused: true },
    shell: { kind: "string", fallback: "/bin/sh", unused: true },
    timeout: { kind: "number", fallback: 0, unused: true },
  },
} as const satisfies Readonly<Record<string, KeyTable>>;

/** All tables of containers.conf by their names in the file. */
export const allKeys: Readonly<Record<string, KeyTable>> = {
  containers: containersKeys,
  engine: engineKeys,
  network: networkKeys,
  ...otherKeys,
};

export type ContainersTable = TableValues<typeof containersKeys>;
export type EngineTable = TableValues<typeof engineKeys>;
export type NetworkTable = TableValues<typeof networkKeys>;
