import { chmodSync, statSync } from "node:fs";
import { dirname } from "node:path/posix";
import type { Container } from "../../engine/container.ts";
import { geteuid } from "../../sys/id.ts";
import type { Local } from "../context.ts";
import { runDirectory } from "../paths.ts";

const search = 0o111;

/**
 * Lets the container's own ids search the directories on the way to its files, as Podman does: its first process mounts them
 * as a user that has no rights in ours. Only directories that are ours are changed, and nothing is made readable.
 */
export function makeReachable(local: Local, container: Container, { root }: { readonly root: string }): void {
  const ourselves = container.idMappings.uid.some(({ host_id, size }) => host_id === 0 && size > 0);
  if (ourselves || container.idMappings.uid.length === 0) return;
  for (
    const place of [
      root,
      runDirectory(local.config.paths, container.id),
      ...container.volumes.map(({ name }) => volumeOf(local, name)),
    ]
  ) {
    for (let directory = place; directory !== "/"; directory = dirname(directory)) openToSearch(directory);
  }
}

function volumeOf(local: Local, name: string): string {
  return local.state.volumes.find(name)?.Mountpoint ?? "/";
}

function openToSearch(directory: string): void {
  const { mode, uid } = statSync(directory);
  if ((mode & search) === search || uid !== geteuid()) return;
  chmodSync(directory, (mode & 0o7777) | search);
}
