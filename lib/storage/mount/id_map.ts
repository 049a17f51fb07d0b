import type { IDMap } from "../../engine/types/spec.ts";
import type { Ids } from "../copy/copy_tree.ts";

/** Id maps of a container against our own user namespace; both empty: it shares ours. */
export type IdMappings = { readonly uid: readonly IDMap[]; readonly gid: readonly IDMap[] };

export function isMapped(mappings: IdMappings | undefined): mappings is IdMappings {
  return mappings !== undefined && (mappings.uid.length > 0 || mappings.gid.length > 0);
}

/** The host's id for a container's; one that is not mapped becomes the overflow id, as the kernel shows it. */
export function toHost(id: number, map: readonly IDMap[]): number {
  for (const { container_id, host_id, size } of map) {
    if (id >= container_id && id < container_id + size) return host_id + id - container_id;
  }
  return 65534;
}

export function hostIds(ids: Ids, { uid, gid }: IdMappings): Ids {
  return { uid: toHost(ids.uid, uid), gid: toHost(ids.gid, gid) };
}

/** The text of /proc/PID/uid_map or gid_map. */
export function mapText(map: readonly IDMap[]): string {
  return map.map(({ container_id, host_id, size }) => `${container_id} ${host_id} ${size}\n`).join("");
}
