/**
 * Layers are not synced file by file: one syncfs when an image is committed covers all. Until then a layer carries a mark
 * with the boot it was made in. A mark of another boot means that the machine went down before the sync: such a layer
 * may hold anything and counts as absent.
 */
import { O, openat, type OwnedFd, readAll, readSmallFile, syncfs, writeAll } from "../../sys/fd.ts";
import { tryStatAt, tryUnlinkAt } from "../../sys/file.ts";

const mark = "unsynced";
let boot: string | undefined;

function bootId(): string {
  boot ??= readSmallFile("/proc/sys/kernel/random/boot_id").trim();
  return boot;
}

export function markUnsynced(layer: OwnedFd): void {
  using fd = openat(layer, mark, { flags: O.WRONLY | O.CREAT | O.EXCL, mode: 0o600 });
  writeAll(fd, new TextEncoder().encode(bootId()));
}

/** False where a power failure may have got in between. */
export function isWhole(layer: OwnedFd): boolean {
  if (tryStatAt(layer, mark) === undefined) return true;
  using fd = openat(layer, mark, { flags: O.RDONLY | O.NOFOLLOW });
  return new TextDecoder().decode(readAll(fd)) === bootId();
}

/** Puts the layers, all of one file system, on the disk; does nothing where they are. */
export function makeDurable(layers: readonly OwnedFd[]): void {
  const marked = layers.filter((layer) => tryStatAt(layer, mark) !== undefined);
  const [first] = marked;
  if (first === undefined) return;
  syncfs(first);
  for (const layer of marked) tryUnlinkAt(layer, mark);
}
