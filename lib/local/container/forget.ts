import { rmSync } from "node:fs";
import type { Container } from "../../engine/container.ts";
import type { Local } from "../context.ts";
import { exitDirectory, lockPath } from "../paths.ts";

/** Removes the last small files of a container that is no more; the caller holds its lock. */
export function forget(local: Local, container: Container): void {
  if (container.cidFile !== "") rmSync(container.cidFile, { force: true });
  rmSync(`${exitDirectory(local.config.paths)}/${container.id}`, { force: true });
  rmSync(lockPath(local.config.paths, container.id), { force: true });
}
