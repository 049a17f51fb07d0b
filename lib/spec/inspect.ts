/** A container as `container inspect` prints it. */

import type { Container, ContainerState } from "../engine/container.ts";
import type {
  DriverData,
  InspectContainerConfig,
  InspectContainerData,
  InspectContainerState,
  InspectMount,
  InspectNetworkSettings,
} from "../engine/types/container_inspect.ts";
import { inspectHostConfig } from "./inspect_host_config.ts";
import { initDestination, mountWords } from "./runtime_mounts.ts";
import { environment, runtimeCapabilities } from "./runtime_config.ts";
import { signalName } from "./signals.ts";
import { exitCodeOf, finishedAt, never, pidOf, startedAt, stateWord } from "./state_words.ts";

/** What the container itself does not say. Empty strings where there is nothing. */
export type InspectFacts = {
  readonly restarts: number;
  readonly stoppedByUser: boolean;
  readonly execIds: readonly string[];
  readonly paths: {
    readonly staticDir: string;
    readonly config: string;
    readonly resolvConf: string;
    readonly hostname: string;
    readonly hosts: string;
    readonly conmonPid: string;
    readonly pidFile: string;
    readonly log: string;
  };
  readonly runtime: string;
  readonly cgroupManager: string;
  readonly cgroupPath: string;
  /** `overlay`, … */
  readonly driver: string;
  readonly graph: Readonly<Record<string, string>>;
  /** Mount points of volumes by name. */
  readonly volumes: ReadonlyMap<string, { readonly mountpoint: string; readonly driver: string }>;
  readonly network: InspectNetworkSettings;
  /** The uid that the user is; absent: judged by the text of `user`. */
  readonly uid?: number;
  readonly size?: { readonly rootFs: number; readonly rw: number };
};

/** Makes the report of one container. */
export function inspectContainer(
  container: Container,
  state: ContainerState,
  facts: InspectFacts,
): InspectContainerData {
  const { image, process, security } = container;
  const args = container.init ? [initDestination, "--", ...process.args] : process.args;
  const caps = runtimeCapabilities(security, { uid: facts.uid ?? textualUid(process.user) });
  const { paths } = facts;
  const graph: DriverData = { Name: facts.driver, Data: facts.graph };
  return {
    Id: container.id,
    Created: container.created,
    Path: args[0] ?? "",
    Args: args.slice(1),
    State: inspectState(state, facts),
    Image: image?.id ?? "",
    ImageDigest: image?.digest ?? "",
    ImageName: image?.name ?? "",
    Rootfs: container.rootfs?.path ?? "",
    Pod: "",
    ResolvConfPath: paths.resolvConf,
    HostnamePath: paths.hostname,
    HostsPath: paths.hosts,
    StaticDir: paths.staticDir,
    ...(paths.config && { OCIConfigPath: paths.config }),
    OCIRuntime: facts.runtime,
    ConmonPidFile: container.conmonPidFile || paths.conmonPid,
    PidFile: container.pidFile || paths.pidFile,
    Name: container.name,
    RestartCount: facts.restarts,
    Driver: facts.driver,
    MountLabel: "",
    ProcessLabel: "",
    AppArmorProfile: security.apparmor,
    EffectiveCaps: caps.effective ?? [],
    BoundingCaps: caps.bounding ?? [],
    ExecIDs: facts.execIds,
    GraphDriver: graph,
    ...(facts.size && { SizeRw: facts.size.rw, SizeRootFs: facts.size.rootFs }),
    Mounts: inspectMounts(container, facts),
    Dependencies: container.dependencies,
    NetworkSettings: facts.network,
    Namespace: "",
    IsInfra: false,
    IsService: false,
    KubeExitCodePropagation: "invalid",
    lockNumber: 0,
    Config: inspectConfig(container),
    HostConfig: inspectHostConfig(container, facts),
    UseImageHosts: container.network.useImageHosts,
    UseImageHostname: container.network.useImageHostname,
  };
}

function textualUid(user: string): number {
  const name = user.split(":")[0] ?? "";
  return name === "" || name === "root" || /^0+$/.test(name) ? 0 : 1;
}

function inspectState(state: ContainerState, facts: InspectFacts): InspectContainerState {
  const conmon = "conmon" in state ? state.conmon.pid : 0;
  return {
    OciVersion: "1.0.2",
    Status: stateWord(state),
    Running: state.tag === "running" || state.tag === "stopping",
    Paused: state.tag === "paused",
    Restarting: false,
    OOMKilled: state.tag === "exited" && state.oomKilled,
    Dead: false,
    Pid: pidOf(state),
    ...(conmon > 0 && { ConmonPid: conmon }),
    ExitCode: exitCodeOf(state),
    Error: state.tag === "exited" ? state.error : "",
    StartedAt: startedAt(state),
    FinishedAt: finishedAt(state),
    ...(facts.cgroupPath && { CgroupPath: facts.cgroupPath }),
    CheckpointedAt: never,
    RestoredAt: never,
    ...(facts.stoppedByUser && { StoppedByUser: true }),
  };
}

const propagations = ["shared", "rshared", "slave", "rslave", "private", "rprivate", "unbindable", "runbindable"];

type MountSource = Pick<InspectMount, "Type" | "Name" | "Source" | "Destination" | "Driver"> & {
  readonly options: readonly string[];
};

function inspectMounts(container: Container, facts: InspectFacts): readonly InspectMount[] {
  const volumes = container.volumes.map(({ name, destination, options, subPath }) => {
    const volume = facts.volumes.get(name);
    const mount = inspectMount({
      Type: "volume",
      Name: name,
      Source: volume?.mountpoint ?? "",
      Destination: destination,
      Driver: volume?.driver ?? "local",
      options,
    });
    return subPath ? { ...mount, SubPath: subPath } : mount;
  });
  const binds = container.mounts.filter(({ type }) => type === "bind").map((
    { source = "", destination, options = [] },
  ) => inspectMount({ Type: "bind", Source: source, Destination: destination, Driver: "", options }));
  return [...volumes, ...binds];
}

function inspectMount({ options, ...mount }: MountSource): InspectMount {
  const words = mountWords(options);
  const isMode = (option: string) => option === "z" || option === "Z";
  return {
    ...mount,
    Mode: options.filter(isMode).join(","),
    Options: options.filter((option) =>
      !propagations.includes(option) && !["ro", "rw"].includes(option) && !isMode(option)
    ),
    RW: !words.has("ro"),
    Propagation: options.find((option) => propagations.includes(option)) ?? "",
  };
}

function inspectConfig(container: Container): InspectContainerConfig {
  const { process, network, image, health } = container;
  return {
    Hostname: network.hostname,
    Domainname: "",
    User: process.user,
    AttachStdin: false,
    AttachStdout: false,
    AttachStderr: false,
    Tty: process.terminal,
    OpenStdin: process.stdin,
    StdinOnce: false,
    Env: environment(process.env, { HOSTNAME: network.hostname }),
    Cmd: process.command,
    Image: image?.name ?? "",
    Volumes: {},
    WorkingDir: process.cwd,
    Entrypoint: process.entrypoint,
    OnBuild: "",
    Labels: container.labels,
    Annotations: {
      ...container.annotations,
      "io.container.manager": "libpod",
      "org.opencontainers.image.stopSignal": String(container.stopSignal),
    },
    StopSignal: signalName(container.stopSignal),
    ...(health && { Healthcheck: health }),
    HealthcheckOnFailureAction: "none",
    CreateCommand: container.createCommand,
    ...(container.timezone && { Timezone: container.timezone }),
    Umask: process.umask.padStart(4, "0"),
    Timeout: container.timeout,
    StopTimeout: container.stopTimeout,
    Passwd: process.managePasswd ?? true,
    sdNotifyMode: "container",
    ...(network.exposed.length > 0 && {
      ExposedPorts: Object.fromEntries(network.exposed.map((port) => [port, {}])),
    }),
  };
}
