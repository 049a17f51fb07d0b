/** Mounts and volumes with their whole options. */

import type { VolumeUse } from "../engine/container.ts";
import type { Mount, NamedVolume } from "../engine/types/spec.ts";
import { cleanPath, cut, invalid, unsupported } from "./invalid.ts";
import { finishMountOptions } from "./mount_options.ts";
import { parseMount } from "./mounts.ts";
import type { ResolveInput } from "./resolve_input.ts";
import { collectMounts, containerPath, type MountRequest, parseVolume } from "./volumes.ts";

export type ResolvedMounts = { readonly mounts: readonly Mount[]; readonly volumes: readonly VolumeUse[] };

type Place = { readonly destination: string };

/**
 * All that is mounted besides what every container gets. What was given stands above containers.conf, and that above the
 * image's volumes and the tmpfs of a read-only container.
 */
export function resolveMounts(
  input: ResolveInput,
  { readOnlyTmpfs }: { readonly readOnlyTmpfs: boolean },
): ResolvedMounts {
  const { spec } = input;
  const given: readonly MountRequest[] = [
    ...(spec.mounts ?? []).map((mount): MountRequest => ({ tag: "mount", mount: checkMount(mount) })),
    ...(spec.volumes ?? []).map((volume): MountRequest => ({ tag: "volume", volume: checkVolume(volume) })),
  ];
  const own = finish(collectMounts(given), input);
  const configured = finish(collectMounts(configuredMounts(input)), input);
  const image = imageVolumes(input);
  const levels = [own, configured, image, { mounts: readOnlyTmpfs ? temporaryDirs() : [], volumes: [] }];
  const taken = new Set<string>();
  const mounts: Mount[] = [];
  const volumes: VolumeUse[] = [];
  for (const level of levels) {
    const free = ({ destination }: Place) => !taken.has(destination);
    const [newMounts, newVolumes] = [level.mounts.filter(free), level.volumes.filter(free)];
    mounts.push(...newMounts);
    volumes.push(...newVolumes);
    for (const { destination } of [...newMounts, ...newVolumes]) taken.add(destination);
  }
  return { mounts, volumes };
}

function checkMount(mount: Mount): Mount {
  const type = mount.type || "bind";
  if (type !== "bind" && type !== "tmpfs") throw unsupported(`mount type ${JSON.stringify(type)}`);
  return { ...mount, type, destination: containerPath(mount.destination) };
}

function checkVolume(volume: NamedVolume): NamedVolume {
  if (volume.Name !== "" && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(volume.Name)) {
    throw invalid("running volume create option: names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument");
  }
  return { ...volume, Dest: containerPath(volume.Dest) };
}

function configuredMounts({ config }: ResolveInput): readonly MountRequest[] {
  return [
    ...config.containers.mounts.map((text) => parseMount(text, "/")),
    ...config.containers.volumes.map((text) => parseVolume(text, "/")),
  ];
}

type Requests = ReturnType<typeof collectMounts>;

function finish(requests: Requests, input: ResolveInput): ResolvedMounts {
  if (requests.overlays.length > 0) throw unsupported("overlay volumes (option O)");
  return {
    mounts: requests.mounts.map((mount) => mount.type === "tmpfs" ? finishTmpfs(mount) : finishBind(mount, input)),
    volumes: requests.volumes.map((volume) => finishVolume(volume, input)),
  };
}

function finishTmpfs(mount: Mount): Mount {
  return {
    destination: mount.destination,
    type: "tmpfs",
    source: "tmpfs",
    options: finishMountOptions(mount.options ?? [], { tmpfs: true }),
  };
}

function finishBind(mount: Mount, { host }: ResolveInput): Mount {
  const source = mount.source ?? "";
  if (!source.startsWith("/")) {
    throw invalid(`invalid source ${JSON.stringify(source)} of a bind mount: must be absolute`);
  }
  const flags = host.mountFlags(source);
  if (flags === null) throw invalid(`statfs ${source}: no such file or directory`);
  refuseOptions(mount.options ?? []);
  return {
    destination: mount.destination,
    type: "bind",
    source,
    options: finishMountOptions(mount.options ?? [], { tmpfs: false, flags }),
  };
}

/** Options that would need more than a mount. */
function refuseOptions(options: readonly string[]): void {
  const refused = options.find((option) =>
    ["idmap", "U", "no-dereference", "volume-opt"].includes(cut(option, "=")[0])
  );
  if (refused !== undefined) throw unsupported(`mount option ${JSON.stringify(refused)}`);
}

function finishVolume(volume: NamedVolume, { newVolumeName }: ResolveInput): VolumeUse {
  const anonymous = volume.Name === "";
  const options = volume.Options ?? [];
  refuseOptions(options);
  return {
    name: anonymous ? newVolumeName() : volume.Name,
    destination: volume.Dest,
    options: finishMountOptions(options, { tmpfs: false }),
    anonymous,
    ...(volume.SubPath && { subPath: volume.SubPath }),
  };
}

/** `VOLUME` of the image. Destinations that make no sense are left out: an image cannot make a container fail so. */
function imageVolumes(input: ResolveInput): ResolvedMounts {
  const { spec, config, image } = input;
  const mode = spec.image_volume_mode || config.engine.image_volume_mode;
  const named = Object.keys(image?.config.Volumes ?? {}).filter((path) => path.startsWith("/")).map(cleanPath);
  const paths = [...new Set(named)].filter((path) => path !== "/").toSorted();
  switch (mode) {
    case "ignore":
      return { mounts: [], volumes: [] };
    case "tmpfs":
      return {
        mounts: paths.map((destination) => finishTmpfs({ destination, options: ["rprivate", "rw", "nodev", "exec"] })),
        volumes: [],
      };
    default: {
      const options = ["rprivate", "rw", "nodev", "exec"];
      const use = (path: string) =>
        finishVolume({ Name: "", Dest: path, Options: options, IsAnonymous: true, SubPath: "" }, input);
      return { mounts: [], volumes: paths.map(use) };
    }
  }
}

function temporaryDirs(): readonly Mount[] {
  return ["/run", "/tmp", "/var/tmp"].map((destination) => finishTmpfs({ destination }));
}
