/** The directory in which a container's command starts. */

import type { Container } from "../../engine/container.ts";
import { EngineError } from "../../errors.ts";
import { isDirectoryInRoot } from "../in_root.ts";

/** What is mounted over every root: there a directory may be that the root lacks. */
const alwaysMounted = ["/dev", "/proc", "/run", "/sys"];

/** Throws unless a directory that was asked for is in the root or may be in what is mounted there; the runtime would make it. */
export function checkWorkDirectory({ id, process, mounts, volumes }: Container, rootfs: string): void {
  if (process.cwdMustExist !== true) return;
  const over = [
    ...alwaysMounted,
    ...mounts.map(({ destination }) => destination),
    ...volumes.map(({ destination }) => destination),
  ];
  if (over.some((one) => process.cwd === one || process.cwd.startsWith(`${one.replace(/\/$/, "")}/`))) return;
  if (isDirectoryInRoot(rootfs, process.cwd)) return;
  const reason = `workdir ${JSON.stringify(process.cwd)} does not exist on container ${id}`;
  throw new EngineError("commandNotInvokable", reason);
}
