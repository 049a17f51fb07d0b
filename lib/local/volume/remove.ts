import { EngineError } from "../../errors.ts";
import type { RemoveVolumeInput } from "../../engine/volumes.ts";
import type { Local } from "../context.ts";

/** Removes a volume; one in use only with `force`, and then with its containers. */
export async function removeVolume(local: Local, input: RemoveVolumeInput): Promise<void> {
  const { Name: name } = local.state.volumes.get(input.name);
  const users = local.state.containers.usingVolume(name);
  if (users.length > 0 && !input.force) {
    const message = `volume ${name} is being used by the following container(s): ${
      users.join(", ")
    }: volume is being used`;
    throw new EngineError("volumeInUse", message);
  }
  for (const id of users) {
    const { removeContainer } = await import("../container/remove.ts");
    await removeContainer(local, { name: id, force: true, ignore: true, timeout: input.timeout });
  }
  await dropVolume(local, name);
}

/** The row goes first: a crash after it leaves a directory for the garbage collection. */
export async function dropVolume(local: Local, name: string): Promise<void> {
  using _lock = await local.lock(`volume-${name}`);
  local.state.transaction(() => {
    local.state.volumes.remove(name);
    local.event({ Type: "volume", Action: "remove", Actor: { ID: name, Attributes: { name } } });
  });
  (await local.storage()).removeVolume(name);
}
