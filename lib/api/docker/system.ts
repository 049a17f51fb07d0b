/** Docker's rows for the engine as a whole. */

import type { Engine, Event, Info } from "../../engine/mod.ts";
import { compat, type Exchange } from "../exchange.ts";
import * as at from "../fields.ts";
import { firstOf, flagOf } from "../query.ts";
import { systemVersion } from "../reports.ts";

export const dockerSystem: readonly Exchange[] = [
  compat({
    method: "GET",
    path: "/version",
    kind: "json",
    operation: (engine: Engine) => engine.system.version,
    input: () => ({}),
    report: ({ Server }) => systemVersion(Server),
  }),
  compat({
    method: "GET",
    path: "/info",
    kind: "json",
    operation: (engine: Engine) => engine.system.info,
    input: () => ({}),
    report: infoJson,
  }),
  compat({
    method: "GET",
    path: "/events",
    kind: "ndjson",
    early: true,
    operation: (engine: Engine) => engine.system.events,
    input: (from) => ({
      stream: flagOf(from.query, "stream"),
      since: firstOf(from.query, "since"),
      until: firstOf(from.query, "until"),
      filters: at.queryFilters().decode(from),
    }),
    report: eventJson,
  }),
];

/** Docker's names of what happened, where they differ. */
function eventJson(event: Event): unknown {
  const action = event.Action === "died" ? "die" : event.Action === "remove" ? "destroy" : event.Action;
  return { ...event, status: action, Action: action };
}

/** What Docker has and we have not, in the form its clients expect. */
const constants = {
  IPv4Forwarding: true,
  Debug: false,
  NFd: 0,
  NGoroutines: 0,
  NEventsListener: 0,
  IndexServerAddress: "",
  RegistryConfig: { InsecureRegistryCIDRs: [], IndexConfigs: {}, Mirrors: [] },
  GenericResources: null,
  HttpProxy: "",
  HttpsProxy: "",
  NoProxy: "",
  Labels: [],
  ExperimentalBuild: false,
  Swarm: {
    NodeID: "",
    NodeAddr: "",
    LocalNodeState: "inactive",
    ControlAvailable: false,
    Error: "",
    RemoteManagers: null,
  },
  LiveRestoreEnabled: false,
  Isolation: "",
  InitBinary: "",
  ContainerdCommit: { ID: "" },
  RuncCommit: { ID: "" },
  InitCommit: { ID: "" },
  Warnings: [],
} as const;

function infoJson({ host, store, plugins, version }: Info): unknown {
  return {
    ID: host.hostname,
    Containers: store.containerStore.number,
    ContainersRunning: store.containerStore.running,
    ContainersPaused: store.containerStore.paused,
    ContainersStopped: store.containerStore.stopped,
    Images: store.imageStore.number,
    Driver: store.graphDriverName,
    DriverStatus: Object.entries(store.graphStatus ?? {}),
    Plugins: { Volume: plugins.volume, Network: plugins.network, Authorization: null, Log: plugins.log },
    ...limitsJson(host.cgroupControllers ?? []),
    ...constants,
    SystemTime: new Date().toISOString(),
    LoggingDriver: host.logDriver,
    CgroupDriver: host.cgroupManager,
    CgroupVersion: host.cgroupVersion.replace(/^v/, ""),
    KernelVersion: host.kernel,
    OperatingSystem: host.distribution.distribution,
    OSVersion: host.distribution.version,
    OSType: host.os,
    Architecture: host.arch,
    NCPU: host.cpus,
    MemTotal: host.memTotal,
    DockerRootDir: store.graphRoot,
    Name: host.hostname,
    ServerVersion: version.Version,
    Runtimes: { [host.ociRuntime.name]: { path: host.ociRuntime.path } },
    DefaultRuntime: host.ociRuntime.name,
    SecurityOptions: securityOptions(host),
    BuildahVersion: host.buildahVersion,
    Rootless: host.security.rootless,
    SwapFree: host.swapFree,
    SwapTotal: host.swapTotal,
    Uptime: host.uptime,
  };
}

function limitsJson(controllers: readonly string[]): Readonly<Record<string, boolean>> {
  const has = (name: string): boolean => controllers.includes(name);
  return {
    MemoryLimit: has("memory"),
    SwapLimit: has("memory"),
    CpuCfsPeriod: has("cpu"),
    CpuCfsQuota: has("cpu"),
    CPUShares: has("cpu"),
    CPUSet: has("cpuset"),
    PidsLimit: has("pids"),
    OomKillDisable: has("memory"),
  };
}

function securityOptions({ security }: Info["host"]): readonly string[] {
  return [
    ...(security.seccompEnabled ? ["name=seccomp,profile=default"] : []),
    ...(security.apparmorEnabled ? ["name=apparmor"] : []),
    ...(security.selinuxEnabled ? ["name=selinux"] : []),
    ...(security.rootless ? ["name=rootless"] : []),
  ];
}
