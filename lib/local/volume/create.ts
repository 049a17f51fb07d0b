import { EngineError } from "../../errors.ts";
import type { VolumeConfigResponse, VolumeCreateOptions } from "../../engine/types/volume.ts";
import type { Storage } from "../../storage/mod.ts";
import type { Local } from "../context.ts";
import { timestamp } from "../clock.ts";
import { randomName } from "../random_name.ts";

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
const nameRule = "names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument";

export type NewVolume = VolumeCreateOptions & { readonly Anonymous?: boolean };

/** Makes a volume; with `IgnoreIfExists` an existing one is given as it is. */
export async function createVolume(local: Local, options: NewVolume): Promise<VolumeConfigResponse> {
  const name = options.Name || randomName();
  checkOptions(name, options);
  using _lock = await local.lock(`volume-${name}`);
  const existing = local.state.volumes.find(name);
  if (existing && options.IgnoreIfExists) return existing;
  if (existing) throw new EngineError("volumeExists", `volume with name ${name} already exists: volume already exists`);
  return await makeVolume(local, name, options);
}

async function makeVolume(local: Local, name: string, options: NewVolume): Promise<VolumeConfigResponse> {
  const storage = await local.storage();
  using _lease = await storage.lease();
  const volume = newVolume(storage, name, options);
  local.state.transaction(() => insertVolume(local, volume), { durable: true });
  return volume;
}

/** Makes the directory of a volume; the caller holds the storage's lease until the row is there. */
export function newVolume(storage: Storage, name: string, options: NewVolume): VolumeConfigResponse {
  return {
    Name: name,
    Driver: "local",
    Mountpoint: storage.createVolume(name, { uid: options.UID ?? 0, gid: options.GID ?? 0 }),
    CreatedAt: timestamp(),
    Labels: { ...options.Label, ...options.Labels },
    Scope: "local",
    Options: options.Options ?? {},
    ...(options.UID ? { UID: options.UID } : {}),
    ...(options.GID ? { GID: options.GID } : {}),
    ...(options.Anonymous ? { Anonymous: true } : {}),
    MountCount: 0,
    NeedsCopyUp: true,
    NeedsChown: true,
    LockNumber: 0,
  };
}

/** To be called within a transaction. */
export function insertVolume(local: Local, volume: VolumeConfigResponse): void {
  const { Name: name } = volume;
  local.state.volumes.insert(volume);
  local.event({ Type: "volume", Action: "create", Actor: { ID: name, Attributes: { name } } });
}

function checkOptions(name: string, options: NewVolume): void {
  if (!namePattern.test(name)) throw new EngineError("invalidArgument", `creating volume "${name}": ${nameRule}`);
  const driver = options.Driver ?? "";
  if (driver !== "" && driver !== "local") {
    throw new EngineError("unsupported", `creating volume "${name}": volume driver "${driver}" is not supported yet`);
  }
  const option = Object.keys(options.Options ?? {}).find((key) => key !== "UID" && key !== "GID");
  if (option !== undefined) {
    throw new EngineError("unsupported", `creating volume "${name}": volume option "${option}" is not supported yet`);
  }
}
