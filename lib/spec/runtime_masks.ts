/** Paths of /proc and /sys that a container does not see or cannot write. */

import type { ContainerSecurity } from "../engine/container.ts";
import { matchGlob } from "./glob.ts";

const masked = [
  "/proc/acpi",
  "/proc/kcore",
  "/proc/keys",
  "/proc/latency_stats",
  "/proc/sched_debug",
  "/proc/scsi",
  "/proc/timer_list",
  "/proc/timer_stats",
  "/sys/dev/block",
  "/sys/devices/virtual/powercap",
  "/sys/firmware",
  "/sys/fs/selinux",
];

const readonly = ["/proc/asound", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

type Choice = Pick<ContainerSecurity, "privileged" | "mask" | "unmask">;

/** What is hidden: nothing by default when privileged; asked-for masks always. */
export function maskedPaths(security: Choice): readonly string[] {
  const defaults = security.privileged ? [] : masked.filter((path) => !isUnmasked(path, security.unmask));
  return [...new Set([...defaults, ...security.mask])];
}

/** What is read-only. `withoutDefaults`: /proc is the host's, where a normal user can write nothing anyway. */
export function readonlyPaths(
  security: Choice,
  { withoutDefaults }: { readonly withoutDefaults: boolean },
): readonly string[] {
  if (security.privileged || withoutDefaults) return [];
  return readonly.filter((path) => !isUnmasked(path, security.unmask));
}

function isUnmasked(path: string, unmask: readonly string[]): boolean {
  return unmask.some((pattern) => pattern.toUpperCase() === "ALL" || matchGlob(pattern, path));
}
