import { rmSync } from "node:fs";
import type { Container } from "../../engine/container.ts";
import { EngineError, messageOf } from "../../errors.ts";
import type { RemoveContainerInput } from "../../engine/containers.ts";
import type { LibpodContainersRmReport } from "../../engine/types/container.ts";
import type { ContainerRecord } from "../../state/mod.ts";
import type { Storage } from "../../storage/mod.ts";
import type { Local } from "../context.ts";
import { lockPath } from "../paths.ts";
import { forgetVolume } from "../volume/drop.ts";
import { containerEvent } from "./event.ts";
import { hasLeftovers, isLive, observe } from "./observe.ts";
import { removeRunFiles, settle } from "./settle.ts";

/** `settled`: this process has just put it in order, so that what is still there is as it should be. */
export type RemoveInput = RemoveContainerInput & { readonly settled?: boolean };

/** Removes a container, and with `depend` those that need it; a running one only with `force`. */
export async function removeContainer(
  local: Local,
  input: RemoveInput,
  signal?: AbortSignal,
): Promise<readonly LibpodContainersRmReport[]> {
  const found = input.ignore ? local.state.containers.find(input.name) : local.state.containers.get(input.name);
  if (!found) return [];
  const { id } = found.container;
  const reports: LibpodContainersRmReport[] = [];
  for (const dependent of local.state.containers.dependents(id)) {
    if (!input.depend) throw hasDependents(id, local.state.containers.dependents(id));
    reports.push(...await removeContainer(local, { ...input, name: dependent, ignore: true }, signal));
  }
  if (input.force) {
    const { stopContainer } = await import("./stop.ts");
    await stopContainer(local, { name: id, ignore: true, timeout: input.timeout }, signal);
  }
  await removeUnderLock(local, { id, volumes: input.volumes === true, settled: input.settled === true, signal });
  return [...reports, { Id: id, Err: null, RawInput: input.name }];
}

function hasDependents(id: string, dependents: readonly string[]): EngineError {
  const message = `container ${id} has dependent containers which must be removed before it: ${
    dependents.join(" ")
  }: container already exists`;
  return new EngineError("conflict", message);
}

type Removal = {
  readonly id: string;
  readonly volumes: boolean;
  readonly settled: boolean;
  readonly signal?: AbortSignal;
};

async function removeUnderLock(local: Local, { id, volumes, settled, signal }: Removal): Promise<void> {
  using _lock = await local.lock(id, signal);
  const stored = local.state.containers.find(id);
  if (!stored) return;
  const observed = await observe(local, stored);
  if (isLive(observed.state) && observed.state.tag !== "initialized") throw stillRunning(observed);
  const record = isLive(stored.state) ? await settle(local, stored) : stored;
  if (!settled && !isLive(stored.state) && hasLeftovers(local, stored)) {
    const { clearLeftovers } = await import("./leftovers.ts");
    await clearLeftovers(local, stored);
  }
  await drop(local, { record, volumes });
}

function stillRunning({ container, state }: ContainerRecord): EngineError {
  const how = "running or paused containers cannot be removed without force";
  return new EngineError(
    "containerRunning",
    `cannot remove container ${container.id} as it is ${state.tag} - ${how}: container state improper`,
  );
}

type Dropped = { readonly record: ContainerRecord; readonly volumes: boolean };

/**
 * The rows, those of its anonymous volumes too, go before the files: a crash in between leaves directories for the garbage
 * collection, never half a container.
 */
async function drop(local: Local, { record: { container }, volumes }: Dropped): Promise<void> {
  const storage = await local.storage();
  const unused = volumes ? anonymousOnly(local, container) : [];
  for (const name of unused) storage.markVolumeRemoved(name);
  local.state.transaction(() => {
    local.state.containers.remove(container.id);
    for (const name of unused) forgetVolume(local, name);
    containerEvent(local, { container, action: "remove" });
  });
  storage.removeContainerRoot(container.id);
  removeRunFiles(local, { container });
  const { forget } = await import("./forget.ts");
  forget(local, container);
  for (const name of unused) removeQuietly(local, storage, { name });
}

/** Anonymous volumes that no other container uses. */
function anonymousOnly(local: Local, { volumes }: Container): readonly string[] {
  const own = volumes.filter(({ anonymous }) => anonymous).map(({ name }) => name);
  return own.filter((name) => local.state.volumes.find(name) && local.state.containers.usingVolume(name).length === 1);
}

function removeQuietly(local: Local, storage: Storage, { name }: { readonly name: string }): void {
  try {
    storage.removeVolume(name);
  } catch (error) {
    local.log("warning", `removing anonymous volume ${name}: ${messageOf(error)}`);
  }
  rmSync(lockPath(local.config.paths, `volume-${name}`), { force: true });
}
