/** Containers as Docker's clients read them: pure functions of libpod's reports. */

import type { InspectContainerData, InspectMount, ListContainer, PortMapping } from "../../engine/mod.ts";

/** A line of `docker ps`. */
export function containerListJson(container: ListContainer): unknown {
  return {
    Id: container.Id,
    Names: container.Names.map((name) => `/${name}`),
    Image: container.Image,
    ImageID: withAlgorithm(container.ImageID),
    Command: (container.Command ?? []).join(" "),
    Created: Math.floor(Date.parse(container.Created) / 1000),
    Ports: (container.Ports ?? []).flatMap(portJson),
    Labels: container.Labels ?? {},
    State: dockerState(container.State),
    Status: statusOf(container),
    HostConfig: {},
    NetworkSettings: { Networks: Object.fromEntries((container.Networks ?? []).map((name) => [name, endpoint])) },
    Mounts: (container.Mounts ?? []).map((destination) => ({
      Source: "",
      Destination: destination,
      Mode: "",
      RW: true,
    })),
    ...(container.Size ? { SizeRw: container.Size.rwSize, SizeRootFs: container.Size.rootFsSize } : {}),
  };
}

const endpoint = {
  IPAMConfig: null,
  Links: null,
  Aliases: null,
  NetworkID: "",
  EndpointID: "",
  Gateway: "",
  IPAddress: "",
  IPPrefixLen: 0,
  IPv6Gateway: "",
  GlobalIPv6Address: "",
  GlobalIPv6PrefixLen: 0,
  MacAddress: "",
  DriverOpts: null,
};

/** One entry per protocol and per port of a range. */
function portJson(port: PortMapping): readonly unknown[] {
  const count = Math.min(Math.max(port.range, 1), 65536);
  return port.protocol.split(",").flatMap((protocol) =>
    Array.from({ length: count }, (_, index) => ({
      IP: port.host_ip || "0.0.0.0",
      PrivatePort: port.container_port + index,
      PublicPort: port.host_port + index,
      Type: protocol || "tcp",
    }))
  );
}

/** Docker's phrases; the contract's own where it has one. */
function statusOf(container: ListContainer): string {
  switch (container.State) {
    case "running":
      return `Up ${since(container.StartedAt)}`;
    case "paused":
      return `Up ${since(container.StartedAt)} (Paused)`;
    case "exited":
    case "stopped":
      return `Exited (${container.ExitCode}) ${since(container.ExitedAt)} ago`;
    case "created":
    case "configured":
    case "initialized":
      return "Created";
    default:
      return container.Status;
  }
}

const units: readonly (readonly [name: string, seconds: number])[] = [
  ["year", 365 * 86400],
  ["month", 30 * 86400],
  ["week", 7 * 86400],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

function since(seconds: number): string {
  const passed = Math.max(0, Date.now() / 1000 - seconds);
  if (passed < 1) return "Less than a second";
  if (passed < 60) return `${Math.floor(passed)} second${passed < 2 ? "" : "s"}`;
  const [name = "second", length = 1] = units.find(([, size]) => passed >= 2 * size) ?? ["minute", 60];
  const count = Math.floor(passed / length);
  return count === 1 ? `About a ${name}` : `${count} ${name}s`;
}

/** `docker inspect` of a container. */
export function containerInspectJson(data: InspectContainerData): unknown {
  return {
    Id: data.Id,
    Created: data.Created,
    Path: data.Path,
    Args: data.Args,
    State: stateJson(data),
    Image: withAlgorithm(data.Image),
    ResolvConfPath: data.ResolvConfPath,
    HostnamePath: data.HostnamePath,
    HostsPath: data.HostsPath,
    LogPath: data.HostConfig.LogConfig.Path,
    Name: `/${data.Name}`,
    RestartCount: data.RestartCount,
    Driver: data.Driver,
    Platform: "linux",
    MountLabel: data.MountLabel,
    ProcessLabel: data.ProcessLabel,
    AppArmorProfile: data.AppArmorProfile,
    ExecIDs: data.ExecIDs ?? [],
    HostConfig: hostConfigJson(data),
    GraphDriver: data.GraphDriver,
    SizeRw: data.SizeRw,
    SizeRootFs: data.SizeRootFs,
    Mounts: (data.Mounts ?? []).map(mountJson),
    Config: configJson(data),
    NetworkSettings: { ...data.NetworkSettings, Networks: data.NetworkSettings.Networks ?? {} },
  };
}

function stateJson({ State }: InspectContainerData): unknown {
  return {
    Status: dockerState(State.Status),
    Running: State.Running,
    Paused: State.Paused,
    Restarting: State.Restarting,
    OOMKilled: State.OOMKilled,
    Dead: State.Dead,
    Pid: State.Pid,
    ExitCode: State.ExitCode,
    Error: State.Error,
    StartedAt: State.StartedAt,
    FinishedAt: State.FinishedAt,
    ...(State.Health?.Status ? { Health: State.Health } : {}),
  };
}

function dockerState(status: string): string {
  if (status === "configured" || status === "initialized") return "created";
  return status === "stopped" ? "exited" : status;
}

function mountJson(mount: InspectMount): unknown {
  const { Type, Name, Source, Destination, Driver, Mode, RW, Propagation } = mount;
  return { Type, Name, Source, Destination, Driver, Mode, RW, Propagation };
}

function configJson({ Config }: InspectContainerData): unknown {
  return {
    Hostname: Config.Hostname,
    Domainname: Config.Domainname,
    User: Config.User,
    AttachStdin: Config.AttachStdin,
    AttachStdout: Config.AttachStdout,
    AttachStderr: Config.AttachStderr,
    ExposedPorts: Config.ExposedPorts,
    Tty: Config.Tty,
    OpenStdin: Config.OpenStdin,
    StdinOnce: Config.StdinOnce,
    Env: Config.Env,
    Cmd: Config.Cmd,
    Healthcheck: Config.Healthcheck,
    Image: Config.Image,
    Volumes: Config.Volumes ?? null,
    WorkingDir: Config.WorkingDir,
    Entrypoint: Config.Entrypoint ?? null,
    OnBuild: null,
    Labels: Config.Labels ?? {},
    StopSignal: Config.StopSignal,
    StopTimeout: Config.StopTimeout,
  };
}

/** Docker names capabilities without their prefix and network modes as they were asked for. */
function hostConfigJson({ HostConfig, EffectiveCaps: _ }: InspectContainerData): unknown {
  const { CgroupManager: _manager, CgroupMode, CgroupConf: _conf, IDMappings: _maps, LogConfig, ...rest } = HostConfig;
  return {
    ...rest,
    CgroupnsMode: CgroupMode,
    LogConfig: { Type: LogConfig.Type === "k8s-file" ? "json-file" : LogConfig.Type, Config: LogConfig.Config ?? {} },
    NetworkMode: HostConfig.NetworkMode === "bridge" ? "default" : HostConfig.NetworkMode,
    CapAdd: (HostConfig.CapAdd ?? []).map(withoutPrefix),
    CapDrop: (HostConfig.CapDrop ?? []).map(withoutPrefix),
    MaskedPaths: null,
    ReadonlyPaths: null,
  };
}

function withoutPrefix(capability: string): string {
  return capability.replace(/^CAP_/, "");
}

/** Docker writes image ids with the algorithm. */
export function withAlgorithm(id: string): string {
  return id === "" || id.startsWith("sha256:") ? id : `sha256:${id}`;
}
