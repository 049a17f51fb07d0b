/** `Binds`, `Mounts`, `Tmpfs` and `Volumes` of docker's request. */

import type { CreateSpec } from "../engine/types/spec.ts";
import { type Fields, readFields } from "./json_fields.ts";
import { cleanPath, cut, invalid, unsupported } from "./invalid.ts";
import { collectMounts, containerPath, type MountRequest, parseTmpfs, parseVolume } from "./volumes.ts";

export function dockerMounts(config: Fields, host: Fields): Partial<CreateSpec> {
  const requests: readonly MountRequest[] = [
    ...host.objects("Mounts").map(mountOf),
    ...host.texts("Binds").map((text) => parseVolume(text, "/")),
    ...Object.entries(host.textMap("Tmpfs")).map(([path, options]): MountRequest => ({
      tag: "mount",
      mount: parseTmpfs(options === "" ? path : `${path}:${options}`),
    })),
  ];
  const { mounts, volumes, overlays } = collectMounts(requests);
  const taken = new Set([...mounts, ...overlays].map(({ destination }) => destination));
  for (const { Dest } of volumes) taken.add(Dest);
  const anonymous = config.keys("Volumes").map(containerPath).filter((path) => !taken.has(path)).map((Dest) => ({
    Name: "",
    Dest,
    Options: [],
    IsAnonymous: true,
    SubPath: "",
  }));
  const all = [...volumes, ...anonymous];
  return {
    ...(mounts.length > 0 && { mounts }),
    ...(all.length > 0 && { volumes: all }),
    ...(overlays.length > 0 && { overlay_volumes: overlays }),
    ...(host.texts("VolumesFrom").length > 0 && { volumes_from: host.texts("VolumesFrom") }),
    ...(host.integer("ShmSize") > 0 && { shm_size: host.integer("ShmSize") }),
  };
}

/**
 * Directories of the host that docker makes when a bind (`Binds`; `Mounts` only if asked) has no source. Podman's service
 * does the same; the caller makes those that are missing.
 */
export function bindSourcesToMake(body: unknown): readonly string[] {
  const host = readFields(body, "").object("HostConfig");
  const fromBinds = host.texts("Binds").map((text) => cut(text, ":")[0]).filter((path) => path.startsWith("/"));
  const fromMounts = host.objects("Mounts")
    .filter((mount) => mount.text("Type") === "bind" && mount.object("BindOptions").flag("CreateMountpoint"))
    .map((mount) => mount.text("Source"));
  return [...new Set([...fromBinds, ...fromMounts].map(cleanPath))];
}

function mountOf(mount: Fields): MountRequest {
  const destination = containerPath(mount.text("Target"));
  const access = mount.flag("ReadOnly") ? ["ro"] : [];
  const type = mount.text("Type");
  switch (type) {
    case "bind":
      return bindOf(mount, { destination, access });
    case "volume": {
      const options = mount.object("VolumeOptions");
      if (!["", "local"].includes(options.object("DriverConfig").text("Name"))) throw unsupported("volume drivers");
      return {
        tag: "volume",
        volume: {
          Name: mount.text("Source"),
          Dest: destination,
          Options: [...access, ...(options.flag("NoCopy") ? ["nocopy"] : [])],
          IsAnonymous: false,
          SubPath: options.text("Subpath"),
        },
      };
    }
    case "tmpfs":
      return tmpfsOf(mount, { destination, access });
    default:
      throw unsupported(`mount type ${JSON.stringify(type)}`);
  }
}

type Place = { readonly destination: string; readonly access: readonly string[] };

function bindOf(mount: Fields, { destination, access }: Place): MountRequest {
  const bind = mount.object("BindOptions");
  const source = mount.text("Source");
  if (!source.startsWith("/")) {
    throw invalid(`invalid mount source ${JSON.stringify(source)}: a bind mount's must be an absolute path`);
  }
  const propagation = bind.text("Propagation");
  const options = [...access, ...(propagation ? [propagation] : []), ...(bind.flag("NonRecursive") ? ["bind"] : [])];
  return { tag: "mount", mount: { destination, type: "bind", source: cleanPath(source), options } };
}

function tmpfsOf(mount: Fields, { destination, access }: Place): MountRequest {
  const tmpfs = mount.object("TmpfsOptions");
  const size = tmpfs.integer("SizeBytes");
  const mode = tmpfs.integer("Mode");
  const options = [
    ...access,
    ...(size > 0 ? [`size=${size}`] : []),
    ...(mode > 0 ? [`mode=${mode.toString(8)}`] : []),
  ];
  return { tag: "mount", mount: { destination, type: "tmpfs", source: "tmpfs", options } };
}
