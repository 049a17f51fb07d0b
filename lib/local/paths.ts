/** Where the engine keeps the things of one container; names are ids, so no path comes from outside. */

import type { Paths } from "../config/config.ts";

type Roots = Pick<Paths, "root" | "runRoot">;

/** Directory of a container's bundle, sockets and generated files; gone after a reboot. */
export function runDirectory({ runRoot }: Roots, id: string): string {
  return `${runRoot}/containers/${id}`;
}

/** Link in the run directory of a container to the root that it belongs to. */
export function ownerMark(roots: Roots, id: string): string {
  return `${runDirectory(roots, id)}/root`;
}

/** Directory of what a container keeps: its log among others. */
export function dataDirectory({ root }: Roots, id: string): string {
  return `${root}/containers/${id}/userdata`;
}

/** Where lib/storage keeps what a container changes, and mounts it: for who only tells, and need not open the storage. */
export function rootDirectories({ root }: Roots, id: string) {
  const directory = `${root}/containers/${id}`;
  return { merged: `${directory}/merged`, upper: `${directory}/upper`, work: `${directory}/work` } as const;
}

/** Where conmon leaves exit codes. */
export function exitDirectory({ runRoot }: Roots): string {
  return `${runRoot}/exits`;
}

/** Held by the process that will clean up after a container itself. */
export function attendedFile({ runRoot }: Roots, id: string): string {
  return `${runRoot}/attended/${id}`;
}

/** The container's network namespace. */
export function namespaceFile({ runRoot }: Roots, id: string): string {
  return `${runRoot}/netns/${id}`;
}

export function lockPath({ runRoot }: Roots, id: string): string {
  return `${runRoot}/locks/${id}`;
}

export function databasePath({ root }: Roots): string {
  return `${root}/beluga.db`;
}

/** Directory of a session of `exec`: its process.json and socket. */
export function sessionDirectory(
  roots: Roots,
  { id, containerId }: { readonly id: string; readonly containerId: string },
): string {
  return `${runDirectory(roots, containerId)}/exec/${id}`;
}
