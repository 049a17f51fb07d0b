import type { Local } from "../context.ts";

/** The row goes first: a crash after it leaves a directory for the garbage collection. */
export async function dropVolume(local: Local, name: string): Promise<void> {
  using _lock = await local.lock(`volume-${name}`);
  local.state.transaction(() => {
    local.state.volumes.remove(name);
    local.event({ Type: "volume", Action: "remove", Actor: { ID: name, Attributes: { name } } });
  });
  (await local.storage()).removeVolume(name);
}
