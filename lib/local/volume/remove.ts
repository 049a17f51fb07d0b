import { EngineError } from "../../errors.ts";
import type { RemoveVolumeInput } from "../../engine/volumes.ts";
import type { Local } from "../context.ts";
import { dropVolume } from "./drop.ts";

/** Removes a volume; one in use only with `force`, and then with its containers. */
export async function removeVolume(local: Local, input: RemoveVolumeInput): Promise<void> {
  const { Name: name, Mountpoint } = local.state.volumes.get(input.name);
  const here = (await local.storage()).volumePath(name);
  if (Mountpoint !== here) {
    throw new EngineError(
      "invalidArgument",
      `removing volume ${name}: it is "${Mountpoint}", made with another --volumepath`,
    );
  }
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
