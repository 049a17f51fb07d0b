/**
 * From a container that is written down to one that is ready: root file system, network, files, config.json, conmon, and the
 * runtime's container, whose command has not started.
 */

import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import type { Container } from "../../engine/container.ts";
import type { RuntimeSpec } from "../../oci/runtime_spec.ts";
import { compiledFilter, filterAnnotation, keepFilter } from "../../runtime/seccomp_cache.ts";
import type { CreatedContainer, RuntimeHandle } from "../../runtime/types.ts";
import type { NetworkStatus } from "../../network/types.ts";
import { hasUserNamespace } from "../../spec/runtime_mounts.ts";
import { encodeRuntimeConfig, runtimeConfig } from "../../spec/runtime_config.ts";
import { type ContainerRecord, type ContainerRun, next } from "../../state/mod.ts";
import { OwnedFd } from "../../sys/fd.ts";
import { findProgram } from "../../sys/program.ts";
import type { Local } from "../context.ts";
import { attendedFile, dataDirectory, exitDirectory, runDirectory } from "../paths.ts";
import { containerEvent } from "./event.ts";
import { hasOwnNetwork, type NetworkPorts, setUpNetwork, type SetUpOptions, takePorts } from "./network.ts";
import { type MountedRoot, mountRoot } from "./root.ts";
import { markOwner } from "./run_owner.ts";
import { hasLeftovers } from "./observe.ts";
import { conmonPath, runtimeHandle } from "./runtime.ts";
import { cgroupFacts, hostDevices, initProgram, namespacePaths, ownLimits, seccompOf } from "./runtime_facts.ts";
import { makeRuntimeFiles, type RuntimeFiles } from "./runtime_files.ts";
import { release } from "./settle.ts";
import { shmOf } from "./shm.ts";
import { checkWorkDirectory } from "./work_directory.ts";

export type InitializeOptions = {
  readonly preserveFds?: number;
  /** False: conmon's exit command cleans up, even if this process waits for others. */
  readonly attend?: boolean;
  readonly signal?: AbortSignal;
};

/** The caller holds the container's lock. If a step fails all that came before it is undone and the state stays. */
export async function initialize(
  local: Local,
  stored: ContainerRecord,
  options: InitializeOptions = {},
): Promise<ContainerRecord> {
  const record = hasLeftovers(local, stored) ? await clear(local, stored) : stored;
  const { container } = record;
  const { paths } = local.config;
  await using undo = new AsyncDisposableStack();
  let run = record.run;
  undo.defer(async () => void await release(local, { ...record, run }));
  makeDirectories(local, container.id);
  warnOfHooks(local);
  const handle = await runtimeHandle(local, container);
  run = { ...run, runtime: handle.runtime.path };
  const root = await mountRoot(local, container);
  run = { ...run, mountPoint: root.path };
  checkWorkDirectory(container, root.path);
  if (hasUserNamespace(container)) {
    const { makeReachable } = await import("./reachable.ts");
    makeReachable(local, container, { root: root.path });
  }
  const { ports, held } = hasOwnNetwork(container) ? await takePorts(container) : noPorts;
  using _held = disposeAll(held);
  const late = hasUserNamespace(container);
  const network = late ? null : await networkOf(local, container, { ports, signal: options.signal });
  run = withNetwork(run, network);
  const config = await describe(local, container, { root, network });
  run = { ...run, cgroup: config.linux?.cgroupsPath ?? "" };
  const seccomp = config.linux?.seccomp;
  const filters = seccomp && { handle, directory: `${paths.runRoot}/seccomp`, seccomp };
  const text = encodeRuntimeConfig(withFilter(config, filters ? compiledFilter(filters) : null));
  writeFileSync(`${runDirectory(paths, container.id)}/config.json`, text, { mode: 0o600 });
  if (options.attend !== false) await attend(local, container);
  const created = await startMonitor(local, container, { handle, held, options });
  if (late) {
    const { process: { pid } } = created;
    const status = await networkOf(local, container, { ports, pid, signal: options.signal });
    run = withNetwork(run, status);
    fileFacts(local, container, { root, network: status });
  }
  if (filters) keepFilter(filters, container.id);
  const state = next(record.state, { tag: "initialize", ...created });
  await joinMembers(local, created);
  local.state.transaction(() => {
    local.state.containers.setState(container.id, state);
    local.state.containers.setRun(container.id, run);
    containerEvent(local, { container, action: "init" });
  });
  undo.move();
  return { ...record, state, run };
}

async function clear(local: Local, record: ContainerRecord): Promise<ContainerRecord> {
  const { clearLeftovers } = await import("./leftovers.ts");
  return await clearLeftovers(local, record);
}

function makeDirectories(local: Local, id: string): void {
  const { paths } = local.config;
  for (
    const directory of [
      runDirectory(paths, id),
      exitDirectory(paths),
      `${paths.runRoot}/attended`,
      dataDirectory(paths, id),
    ]
  ) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }
  markOwner(local, id);
}

/** Programs that the host wants run at a container's start would be missed by whoever put them there. */
function warnOfHooks({ config: { engine }, log }: Local): void {
  for (const directory of engine.hooks_dir) {
    if (!existsSync(directory)) continue;
    for (const name of readdirSync(directory).filter((one) => one.endsWith(".json"))) {
      log("warning", `OCI hook "${directory}/${name}" is not run: hooks are not supported yet`);
    }
  }
}

const noPorts: NetworkPorts = { ports: [], held: [] };

/**
 * A container with a user namespace of its own needs a network namespace that belongs to it, or it could neither set its
 * sysctls nor use its capabilities there: the runtime makes it, and we set it up before the command starts.
 */
async function networkOf(local: Local, container: Container, options: SetUpOptions): Promise<NetworkStatus | null> {
  return hasOwnNetwork(container) ? await setUpNetwork(local, container, options) : null;
}

function withNetwork(run: ContainerRun, network: NetworkStatus | null): ContainerRun {
  return { ...run, network, netns: network?.netnsPath ?? "" };
}

/** Sockets that conmon has inherited need not stay open here. */
function disposeAll(descriptors: readonly OwnedFd[]): Disposable {
  return { [Symbol.dispose]: () => descriptors.forEach((fd) => fd[Symbol.dispose]()) };
}

type Made = { readonly root: MountedRoot; readonly network: NetworkStatus | null };

/** Writes the container's files anew, as its network wants them. */
function fileFacts(local: Local, container: Container, { root, network }: Made): RuntimeFiles {
  const { net } = container.namespaces;
  const joined = net.nsmode === "container" ? local.state.containers.get(net.value ?? "").container : null;
  return makeRuntimeFiles(local, { container, rootfs: root.path, network, joined });
}

async function describe(local: Local, container: Container, { root, network }: Made) {
  const { detectCgroups } = await import("../../runtime/cgroup_layout.ts");
  const layout = detectCgroups();
  const { user } = container.namespaces;
  const files = fileFacts(local, container, { root, network });
  return runtimeConfig(container, {
    rootfs: root.path,
    user: files.user,
    namespaces: await namespacePaths(local, { namespaces: container.namespaces, netns: network?.netnsPath ?? "" }),
    files: files.mounts,
    shm: shmOf(local, container),
    initPath: initProgram(local, container),
    volumes: root.volumes,
    ...cgroupFacts(local, { container, layout }),
    seccomp: await seccompOf(container),
    rootless: local.rootless,
    availableGids: local.rootless ? await availableGids() : 2 ** 32 - 1,
    limits: ownLimits(container),
    hostDevices,
    ...(user.nsmode === "container"
      ? { idMappings: local.state.containers.get(user.value ?? "").container.idMappings }
      : {}),
  });
}

function withFilter(config: RuntimeSpec, filter: string | null): RuntimeSpec {
  return filter === null ? config : { ...config, annotations: { ...config.annotations, [filterAnnotation]: filter } };
}

async function availableGids(): Promise<number> {
  const { currentMaps } = await import("../../rootless/inside.ts");
  const { mapSize } = await import("../../rootless/id_map.ts");
  return mapSize(currentMaps().gids);
}

/** Says that this process will clean up, so that conmon's exit command leaves it to us as long as we live. */
async function attend(local: Local, container: Container): Promise<void> {
  const { lockFile } = await import("../../sys/lock.ts");
  if (!local.attends || (container.restart.name !== "" && container.restart.name !== "no")) return;
  if (local.attended.has(container.id)) return;
  local.attended.set(container.id, await lockFile(attendedFile(local.config.paths, container.id)));
}

type Monitored = {
  readonly handle: RuntimeHandle;
  readonly held: readonly OwnedFd[];
  readonly options: InitializeOptions;
};

async function startMonitor(
  local: Local,
  container: Container,
  { handle, held, options }: Monitored,
): Promise<CreatedContainer> {
  const { createContainer } = await import("../../runtime/create.ts");
  const { conmonFeatures } = await import("../../runtime/find_conmon.ts");
  const { paths } = local.config;
  const conmon = await conmonPath(local);
  const { noSyncLog } = await conmonFeatures({ conmon, cacheFile: `${paths.runRoot}/conmon.json` });
  const bundle = runDirectory(paths, container.id);
  return await createContainer({
    conmon,
    // The log of a container that goes with its end need not be on the disk before that is known.
    noSyncLog: noSyncLog && container.autoRemove,
    noNewKeyring: !local.config.containers.keyring,
    noPivot: local.config.engine.no_pivot_root,
    handle,
    id: container.id,
    name: container.name,
    bundle,
    exitDir: exitDirectory(paths),
    log: logTarget(container),
    terminal: container.process.terminal,
    stdin: container.process.stdin,
    exitCommand: await exitCommandOf(local, container.id),
    conmonPidFile: container.conmonPidFile || `${bundle}/conmon.pid`,
    pidFile: container.pidFile || `${bundle}/pidfile`,
    timeout: container.timeout,
    heldFds: held,
    preservedFds: Array.from({ length: options.preserveFds ?? 0 }, (_, index) => new OwnedFd(3 + index)),
    env: local.env,
  }, options.signal);
}

function logTarget({ log }: Container): Parameters<typeof import("../../runtime/create.ts").createContainer>[0]["log"] {
  switch (log.driver) {
    case "none":
    case "passthrough":
      return { driver: log.driver };
    default:
      return { driver: "k8s-file", path: log.path ?? "", ...(log.size ? { maxSize: log.size } : {}) };
  }
}

export async function exitCommandOf(local: Local, id: string): Promise<readonly string[]> {
  const { exitCommand } = await import("../../runtime/exit_command.ts");
  const { paths } = local.config;
  return exitCommand({
    command: [...local.self, "container", "cleanup", "--stopped-only", id],
    attendedFile: attendedFile(paths, id),
    bundleConfig: `${runDirectory(paths, id)}/config.json`,
    flock: findProgram("flock"),
  });
}

/** conmon keeps the user namespace alive for the commands to come. */
async function joinMembers(local: Local, { conmon }: CreatedContainer): Promise<void> {
  if (!local.rootless) return;
  const { registerMember } = await import("../../rootless/members.ts");
  registerMember(local.config.paths.runRoot, conmon.pid);
}
