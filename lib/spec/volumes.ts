/** `-v SOURCE:DESTINATION:OPTIONS` and `--tmpfs DESTINATION:OPTIONS`. */

import type { Mount, NamedVolume, OverlayVolume } from "../engine/types/spec.ts";
import { cleanPath, cut, invalid } from "./invalid.ts";
import { checkVolumeOptions } from "./mount_options.ts";

/** What flags ask to be mounted, by kind. */
export type MountRequests = {
  readonly mounts: readonly Mount[];
  readonly volumes: readonly NamedVolume[];
  readonly overlays: readonly OverlayVolume[];
};

/** One request, tagged. */
export type MountRequest =
  | { readonly tag: "mount"; readonly mount: Mount }
  | { readonly tag: "volume"; readonly volume: NamedVolume }
  | { readonly tag: "overlay"; readonly overlay: OverlayVolume };

/** Parses one `-v`. `cwd` is what `./` and `../` sources are relative to. Names are volumes, paths are bind mounts. */
export function parseVolume(text: string, cwd: string): MountRequest {
  const parts = text.split(":");
  if (parts.length > 3) {
    throw invalid(`${text}: incorrect volume format, should be [host-dir:]ctr-dir[:option]`);
  }
  const [first = "", second, third] = parts;
  if (second === undefined) return named({ Name: "", Dest: containerPath(first), Options: [] });
  if (first === "") throw invalid("host directory cannot be empty");
  const options = third === undefined ? [] : checkVolumeOptions(third.split(",").filter(Boolean));
  const destination = containerPath(second);
  if (!first.startsWith("/") && !first.startsWith(".")) {
    return named({ Name: first, Dest: destination, Options: options });
  }
  const source = cleanPath(first.startsWith("/") ? first : `${cwd}/${first}`);
  if (!options.includes("O")) return { tag: "mount", mount: { destination, type: "bind", source, options } };
  return { tag: "overlay", overlay: { destination, source, options: options.filter((one) => one !== "O") } };
}

function named(volume: Pick<NamedVolume, "Name" | "Dest" | "Options">): MountRequest {
  return { tag: "volume", volume: { ...volume, IsAnonymous: false, SubPath: "" } };
}

/** The cleaned path in the container. Throws if it is not absolute. */
export function containerPath(path: string): string {
  if (path === "") throw invalid("container directory cannot be empty");
  if (!path.startsWith("/")) throw invalid(`invalid container path ${JSON.stringify(path)}, must be an absolute path`);
  return cleanPath(path);
}

/** Parses one `--tmpfs`. */
export function parseTmpfs(text: string): Mount {
  const [path, options] = cut(text, ":");
  return {
    destination: containerPath(path),
    type: "tmpfs",
    source: "tmpfs",
    options: options === undefined ? [] : options.split(",").filter(Boolean),
  };
}

/** The requests by kind. Throws when two have one destination: `/x: duplicate mount destination`. */
export function collectMounts(requests: readonly MountRequest[]): MountRequests {
  const seen = new Set<string>();
  for (const request of requests) {
    const destination = destinationOf(request);
    if (seen.has(destination)) throw invalid(`${destination}: duplicate mount destination`);
    seen.add(destination);
  }
  return {
    mounts: requests.flatMap((one) => one.tag === "mount" ? [one.mount] : []),
    volumes: requests.flatMap((one) => one.tag === "volume" ? [one.volume] : []),
    overlays: requests.flatMap((one) => one.tag === "overlay" ? [one.overlay] : []),
  };
}

function destinationOf(request: MountRequest): string {
  switch (request.tag) {
    case "mount":
      return request.mount.destination;
    case "volume":
      return request.volume.Dest;
    case "overlay":
      return request.overlay.destination;
  }
}
