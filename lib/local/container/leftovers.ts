/**
 * What an engine that was killed left of a container: a row that says "created" or "exited" while its run directory, mounts,
 * network or processes are there. Found again by the next start or removal, or by the garbage collection.
 */

import { existsSync, readdirSync, rmSync } from "node:fs";
import { messageOf } from "../../errors.ts";
import type { ContainerRecord } from "../../state/mod.ts";
import type { Local } from "../context.ts";
import { attendedFile, exitDirectory, namespaceFile, runDirectory } from "../paths.ts";
import { runtimeHandle } from "./runtime.ts";
import { cgroupFacts } from "./runtime_facts.ts";
import { endedRun, release } from "./settle.ts";
import { unmountShm } from "./shm.ts";
import { killStrays } from "./strays.ts";

/** Gives back everything; the caller holds the container's lock. What fails is told as a warning. */
export async function clearLeftovers(local: Local, record: ContainerRecord): Promise<ContainerRecord> {
  const { container } = record;
  local.log("debug", `container ${container.id}: clearing what an interrupted command left`);
  await killStrays(local, container.id);
  await deleteFromRuntimes(local, record);
  const { detectCgroups } = await import("../../runtime/cgroup_layout.ts");
  const cgroup = record.run.cgroup || cgroupFacts(local, { container, layout: detectCgroups() }).cgroupsPath;
  const failures = await release(local, { ...record, run: { ...record.run, cgroup } });
  for (const failure of failures) local.log("warning", `cleaning up container ${container.id}: ${messageOf(failure)}`);
  await deleteNamespace(local, container.id);
  const run = endedRun(record.run);
  local.state.transaction(() => {
    local.state.networks.release(container.id);
    local.state.containers.setRun(container.id, run);
  });
  return { ...record, run };
}

/** The same for a container without a row; the caller holds its lock. */
export async function clearStray(local: Local, id: string): Promise<void> {
  const { paths } = local.config;
  await killStrays(local, id);
  await deleteNamespace(local, id);
  unmountShm(local, id);
  rmSync(runDirectory(paths, id), { recursive: true, force: true });
  rmSync(attendedFile(paths, id), { force: true });
  rmSync(`${exitDirectory(paths)}/${id}`, { force: true });
  for (const name of runtimesWith(local, id)) {
    rmSync(`${paths.runRoot}/runtime/${name}/${id}`, { recursive: true, force: true });
  }
}

/** The row does not say yet which runtime was used. */
async function deleteFromRuntimes(local: Local, { container, run }: ContainerRecord): Promise<void> {
  const { deleteContainer } = await import("../../runtime/verbs.ts");
  for (const name of runtimesWith(local, container.id)) {
    const own = await runtimeHandle(local, container, run.runtime);
    const handle = own.runtime.name === name ? own : await runtimeHandle(local, container, name);
    await deleteContainer(handle, { id: container.id, force: true });
  }
}

function runtimesWith(local: Local, id: string): readonly string[] {
  const directory = `${local.config.paths.runRoot}/runtime`;
  if (!existsSync(directory)) return [];
  return readdirSync(directory).filter((name) => existsSync(`${directory}/${name}/${id}`));
}

async function deleteNamespace(local: Local, id: string): Promise<void> {
  const path = namespaceFile(local.config.paths, id);
  if (!existsSync(path)) return;
  const { deleteNetns } = await import("../../network/netns.ts");
  deleteNetns(path);
}
