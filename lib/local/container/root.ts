/** A container's root file system with its volumes, ready to be used. */

import type { Container, VolumeUse } from "../../engine/container.ts";
import { EngineError } from "../../errors.ts";
import { O, open, openat2, RESOLVE } from "../../sys/fd.ts";
import { pathOfFd } from "../../sys/file.ts";
import { isSysError } from "../../sys/errno.ts";
import type { Local } from "../context.ts";

export type MountedRoot = {
  readonly path: string;
  /** Directory of each volume by name, and by `name:destination` where a part of it is wanted. */
  readonly volumes: ReadonlyMap<string, string>;
};

/** Mounts the layers (a given root file system is taken as it is) and fills new volumes from the image. */
export async function mountRoot(local: Local, container: Container): Promise<MountedRoot> {
  const path = container.rootfs?.path ?? await mountLayers(local, container);
  const volumes = new Map<string, string>();
  for (const use of container.volumes) {
    const directory = await readyVolume(local, { use, rootfs: path });
    volumes.set(use.name, directory);
    if (use.subPath) volumes.set(`${use.name}:${use.destination}`, subPath(directory, use));
  }
  return { path, volumes };
}

async function mountLayers(local: Local, container: Container): Promise<string> {
  const storage = await local.storage();
  return await storage.mountContainerRoot(rootOf(container));
}

/** What the storage driver has to know of a container. */
export function rootOf({ id, image, idMappings, autoRemove }: Container) {
  return { id, diffIds: image?.diffIds ?? [], idMappings, volatile: autoRemove };
}

type Volume = { readonly use: VolumeUse; readonly rootfs: string };

/** The first container with a volume fills it with what its image has at that place, unless `nocopy` is said. */
async function readyVolume(local: Local, { use, rootfs }: Volume): Promise<string> {
  const volume = local.state.volumes.find(use.name);
  if (!volume) throw new EngineError("noSuchVolume", `no volume with name "${use.name}" found: no such volume`);
  if (!volume.NeedsCopyUp || use.options.includes("nocopy") || use.subPath) return volume.Mountpoint;
  using _lock = await local.lock(`volume-${use.name}`);
  const storage = await local.storage();
  storage.fillVolume({ rootfs, path: use.destination, volume: volume.Mountpoint });
  local.state.transaction(() => local.state.volumes.update({ ...volume, NeedsCopyUp: false, NeedsChown: false }));
  return volume.Mountpoint;
}

/** A directory inside a volume, whose content may be hostile: the kernel keeps the way inside. */
function subPath(directory: string, { name, subPath: wanted = "" }: VolumeUse): string {
  try {
    using root = open(directory, O.PATH | O.DIRECTORY);
    using found = openat2(root, wanted, { flags: O.PATH, resolve: RESOLVE.IN_ROOT | RESOLVE.NO_MAGICLINKS });
    return pathOfFd(found);
  } catch (error) {
    if (!isSysError(error)) throw error;
    throw new EngineError("invalidArgument", `subpath "${wanted}" of volume "${name}": ${error.message}`, {
      cause: error,
    });
  }
}
