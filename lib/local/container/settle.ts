/** What follows a container's end: runtime, network and mounts let go, the end written down. */

import { rmSync } from "node:fs";
import { EngineError, messageOf } from "../../errors.ts";
import type { ContainerExit } from "../../runtime/types.ts";
import { type ContainerRecord, next } from "../../state/mod.ts";
import { isAlive } from "../../sys/proc.ts";
import type { Local } from "../context.ts";
import { attendedFile, runDirectory } from "../paths.ts";
import { containerEvent } from "./event.ts";
import { readNetworkStatus } from "./network_status.ts";
import { exitOf, isLive } from "./observe.ts";
import { runtimeHandle } from "./runtime.ts";
import { unmountShm } from "./shm.ts";

/**
 * Cleans up after a container whose process has ended; the caller holds its lock. Every step is tried; what fails is
 * reported together after the end was written down, so that a stuck mount never keeps a container "running".
 */
export async function settle(local: Local, record: ContainerRecord, exit?: ContainerExit): Promise<ContainerRecord> {
  if (!isLive(record.state)) return record;
  const { id } = record.container;
  const { exitCode, oomKilled, at } = exit ?? await exitOf(local, id);
  const failures = [...await giveBack(local, record)];
  const state = next(record.state, { tag: "exit", exitCode, oomKilled, at });
  const run = endedRun(record.run);
  local.state.transaction(() => {
    local.state.containers.setState(id, state);
    local.state.containers.setRun(id, run);
    local.state.networks.release(id);
    local.state.execSessions.removeAllOf(id);
    local.state.containers.rememberExit({ id, name: record.container.name, code: exitCode, now: Date.now() });
    containerEvent(local, {
      container: record.container,
      action: "died",
      attributes: { containerExitCode: String(exitCode) },
    });
  });
  // Of a container that is to be removed they stay until its row is gone: conmon's exit command goes by them.
  if (!record.container.autoRemove) failures.push(...await attempt({ local, record }, [removeRunFiles]));
  for (const failure of failures) local.log("warning", `cleaning up container ${id}: ${messageOf(failure)}`);
  return { ...record, state, run };
}

/** What is known of a start once it is over. */
export function endedRun(run: ContainerRecord["run"]): ContainerRecord["run"] {
  return { ...run, mountPoint: "", network: null, netns: "", cgroup: "" };
}

/** Everything that a live container holds of the host, given back, its run files too; the failures on the way. */
export async function release(local: Local, record: ContainerRecord): Promise<readonly unknown[]> {
  return [...await giveBack(local, record), ...await attempt({ local, record }, [removeRunFiles])];
}

function giveBack(local: Local, record: ContainerRecord): Promise<readonly unknown[]> {
  return attempt({ local, record }, [deleteFromRuntime, tearDownNetwork, unmount]);
}

type Step = (local: Local, record: ContainerRecord) => Promise<void> | void;

type Target = { readonly local: Local; readonly record: ContainerRecord };

async function attempt({ local, record }: Target, steps: readonly Step[]): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step(local, record);
    } catch (error) {
      failures.push(error);
    }
  }
  return failures;
}

async function deleteFromRuntime(local: Local, { container, run, state }: ContainerRecord): Promise<void> {
  const { deleteContainer, forgetContainer } = await import("../../runtime/verbs.ts");
  const handle = await runtimeHandle(local, container, run.runtime);
  const ended = isLive(state) && !isAlive(state.process);
  if (ended) await forgetContainer(handle, container.id);
  else await deleteContainer(handle, { id: container.id, force: true });
  if (run.cgroup === "") return;
  const { removeCgroup } = await import("../../runtime/cgroup.ts");
  await removeCgroup(run.cgroup);
}

async function tearDownNetwork(local: Local, { container, run }: ContainerRecord): Promise<void> {
  const status = readNetworkStatus(run);
  if (status === null) return;
  const { teardownNetwork } = await import("../../network/setup.ts");
  const { paths, engine, network } = local.config;
  await teardownNetwork({
    id: container.id,
    name: container.name,
    runRoot: paths.runRoot,
    containerRunDir: runDirectory(paths, container.id),
    hostname: container.network.hostname,
    rootless: local.rootless,
    helperDirs: engine.helper_binaries_dir,
    firewallDriver: network.firewall_driver,
    dnsPort: network.dns_bind_port,
    status,
  });
}

async function unmount(local: Local, { container }: ContainerRecord): Promise<void> {
  if (container.rootfs) return;
  const storage = await local.storage();
  storage.unmountContainerRoot(container.id);
}

/** The bundle, and the word that this process cleans up. */
export function removeRunFiles(local: Local, { container }: Pick<ContainerRecord, "container">): void {
  const { paths } = local.config;
  if (container.namespaces.ipc.nsmode === "shareable") unmountShm(local, container.id);
  rmSync(runDirectory(paths, container.id), { recursive: true, force: true });
  local.attended.get(container.id)?.[Symbol.dispose]();
  local.attended.delete(container.id);
  rmSync(attendedFile(paths, container.id), { force: true });
}

/** Refuses with Podman's words a verb that needs a live container. */
export function notRunning(record: ContainerRecord, verb: string): EngineError {
  const { container, state } = record;
  return new EngineError(
    "containerState",
    `can only ${verb} running containers. ${container.id} is in state ${stateName(state)}: container state improper`,
  );
}

/** Podman's word for the state, as in `inspect` and messages. */
export function stateName(state: ContainerRecord["state"]): string {
  return state.tag;
}
