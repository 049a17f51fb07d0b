import { existsSync, readlinkSync, symlinkSync } from "node:fs";
import type { Local } from "../context.ts";
import { ownerMark, runDirectory } from "../paths.ts";

/**
 * Writes into a container's run directory which root it belongs to: engines with different roots may share a run root, and a
 * container of another one is not garbage only because we do not know it.
 */
export function markOwner({ config: { paths } }: Local, id: string): void {
  const mark = ownerMark(paths, id);
  if (!existsSync(mark)) symlinkSync(paths.root, mark);
}

/** False for the run directory of another root's container, or one that does not say. */
export function isForeign({ config: { paths } }: Local, id: string): boolean {
  if (!existsSync(runDirectory(paths, id))) return false;
  try {
    return readlinkSync(ownerMark(paths, id)) !== paths.root;
  } catch {
    return true;
  }
}
