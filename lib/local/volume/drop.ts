import { rmSync } from "node:fs";
import type { Local } from "../context.ts";
import { lockPath } from "../paths.ts";

/** The row goes before the directory, which is marked first: after a crash in between the garbage collection knows it by that. */
export async function dropVolume(local: Local, name: string): Promise<void> {
  using _lock = await local.lock(`volume-${name}`);
  const storage = await local.storage();
  storage.markVolumeRemoved(name);
  local.state.transaction(() => forgetVolume(local, name));
  storage.removeVolume(name);
  rmSync(lockPath(local.config.paths, `volume-${name}`), { force: true });
}

/** To be called within a transaction. */
export function forgetVolume(local: Local, name: string): void {
  local.state.volumes.remove(name);
  local.event({ Type: "volume", Action: "remove", Actor: { ID: name, Attributes: { name } } });
}
