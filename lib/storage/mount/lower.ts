import { join } from "node:path/posix";
import type { StoragePaths } from "../paths.ts";

/**
 * The directories of an image's layers for overlay, the topmost first. A layer that occurs twice counts once, at its
 * upper place (overlay refuses the same directory twice, and what the lower occurrence adds the upper one adds again).
 */
export function lowerDirs(paths: StoragePaths, diffIds: readonly string[]): string[] {
  return [...new Set(diffIds.toReversed())].map((diffId) => join(paths.layer(diffId), "diff"));
}
