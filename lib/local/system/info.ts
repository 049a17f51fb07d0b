import { existsSync } from "node:fs";
import { availableParallelism, hostname } from "node:os";
import type { ContainerStore, HostInfo, Info, StoreInfo } from "../../engine/types/system.ts";
import { architecture, versionInfo } from "./version.ts";
import { parseIdMap } from "../../rootless/id_map.ts";
import { uname } from "../../sys/id.ts";
import { statfs } from "../../sys/file.ts";
import { nearest } from "./_nearest.ts";
import { observe } from "../container/observe.ts";
import { cgroupManager, ociRuntime } from "../container/runtime.ts";
import type { Local } from "../context.ts";
import { readDistribution } from "./distribution.ts";
import { findHelper, formatUptime, parseCpuUse, parseMeminfo, readOr, security } from "./host.ts";

/** `info`: host, store, registries, versions. */
export async function systemInfo(local: Local): Promise<Info> {
  const [host, store] = await Promise.all([hostInfo(local), storeInfo(local)]);
  return {
    host,
    store,
    registries: await registries(local),
    plugins: {
      volume: ["local"],
      network: ["bridge", "macvlan", "ipvlan"],
      log: ["k8s-file", "none", "passthrough"],
      authorization: [],
    },
    version: versionInfo(),
  };
}

async function hostInfo(local: Local): Promise<HostInfo> {
  const { detectCgroups } = await import("../../runtime/cgroup_layout.ts");
  const { config } = local;
  const [cgroups, helpers] = [detectCgroups(), await helperInfo(local)];
  const { id, version, codename, variant } = readDistribution();
  return {
    arch: architecture(),
    buildahVersion: "",
    cgroupManager: cgroupManager(local),
    cgroupVersion: cgroups.mode === "v2" ? "v2" : "v1",
    cgroupControllers: cgroups.controllers,
    cpus: availableParallelism(),
    cpuUtilization: parseCpuUse(readOr("/proc/stat")),
    databaseBackend: "sqlite",
    distribution: { distribution: id, version, ...(codename ? { codename } : {}), ...(variant ? { variant } : {}) },
    eventLogger: "sqlite",
    hostname: hostname(),
    idMappings: idMappings(local),
    kernel: uname().release,
    logDriver: config.containers.log_driver,
    ...parseMeminfo(readOr("/proc/meminfo")),
    networkBackend: "netavark",
    os: "linux",
    remoteSocket: { path: `unix://${config.paths.socket}`, exists: existsSync(config.paths.socket) },
    rootlessNetworkCmd: config.network.default_rootless_network_cmd,
    serviceIsRemote: false,
    security: securityInfo(local),
    uptime: formatUptime(Number(readOr("/proc/uptime", "0").split(" ")[0])),
    variant: "",
    linkmode: "dynamic",
    ...helpers,
  };
}

type Helpers = Pick<HostInfo, "conmon" | "ociRuntime" | "slirp4netns" | "pasta" | "networkBackendInfo">;

async function helperInfo(local: Local): Promise<Helpers> {
  const dirs = local.config.engine.helper_binaries_dir;
  const [conmon, runtime, slirp, pasta, netavark, dns] = await Promise.all([
    findHelper("conmon", dirs),
    ociRuntime(local, "").catch(() => null),
    findHelper("slirp4netns", dirs),
    findHelper("pasta", dirs),
    findHelper("netavark", dirs),
    findHelper("aardvark-dns", dirs),
  ]);
  const runtimeVersion = runtime ? await findHelper(runtime.path) : null;
  return {
    conmon: { package: "", path: conmon?.path ?? "", version: conmon?.version ?? "" },
    ociRuntime: {
      name: runtime?.name ?? "",
      package: "",
      path: runtime?.path ?? "",
      version: runtimeVersion?.version ?? "",
    },
    slirp4netns: { executable: slirp?.path ?? "", package: "", version: slirp?.version ?? "" },
    pasta: { executable: pasta?.path ?? "", package: "", version: pasta?.version ?? "" },
    networkBackendInfo: {
      backend: "netavark",
      version: netavark?.version ?? "",
      path: netavark?.path ?? "",
      dns: { version: dns?.version ?? "", path: dns?.path ?? "" },
    },
  };
}

function idMappings(local: Local): HostInfo["idMappings"] {
  if (!local.rootless) return { uidmap: [], gidmap: [] };
  const map = (text: string) =>
    parseIdMap(text).map(({ containerId, hostId, size }) => ({ container_id: containerId, host_id: hostId, size }));
  return { uidmap: map(readOr("/proc/self/uid_map")), gidmap: map(readOr("/proc/self/gid_map")) };
}

function securityInfo(local: Local): HostInfo["security"] {
  return {
    apparmorEnabled: security.apparmor(),
    capabilities: local.config.containers.default_capabilities.join(","),
    rootless: local.rootless,
    seccompEnabled: security.seccomp(),
    seccompProfilePath: existsSync("/usr/share/containers/seccomp.json")
      ? "/usr/share/containers/seccomp.json"
      : "built-in",
    selinuxEnabled: security.selinux(),
  };
}

async function storeInfo(local: Local): Promise<StoreInfo> {
  const { paths } = local.config;
  const disk = statfs(nearest(paths.root));
  return {
    configFile: "",
    containerStore: await countContainers(local),
    graphDriverName: local.config.storage.driver || "overlay",
    graphOptions: {},
    graphRoot: paths.root,
    graphRootAllocated: disk.total,
    graphRootUsed: disk.total - disk.free,
    graphStatus: {},
    imageCopyTmpDir: paths.tmp,
    imageStore: { number: local.state.images.list().length },
    runRoot: paths.runRoot,
    volumePath: paths.volumes,
    transientStore: false,
  };
}

async function countContainers(local: Local): Promise<ContainerStore> {
  const records = await Promise.all(local.state.containers.list().map((record) => observe(local, record)));
  const count = (...tags: readonly string[]) => records.filter(({ state }) => tags.includes(state.tag)).length;
  return {
    number: records.length,
    paused: count("paused"),
    running: count("running", "stopping"),
    stopped: count("created", "initialized", "exited"),
  };
}

async function registries(local: Local): Promise<Readonly<Record<string, unknown>>> {
  const { loadRegistries } = await import("../../config/registries_conf.ts");
  const { unqualifiedSearch: search } = await loadRegistries(local.configInput);
  return search.length > 0 ? { search } : {};
}
