/** Sets of Linux capabilities, written `CAP_…` and sorted. */

import { invalid } from "./invalid.ts";

/** By their bit in the kernel's masks. */
export const capabilityNames = ("CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP " +
  "LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO " +
  "SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE " +
  "AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF " +
  "CHECKPOINT_RESTORE").split(" ").map((name) => `CAP_${name}`);

const all = "ALL";

/** The names in a mask such as `CapBnd` of /proc/self/status (hexadecimal). */
export function capabilitiesOfMask(mask: string): readonly string[] {
  const bits = BigInt(`0x${mask.trim()}`);
  return capabilityNames.filter((_, bit) => (bits >> BigInt(bit)) & 1n).toSorted();
}

/** `net_admin` → `CAP_NET_ADMIN`, `all` → `ALL`. Throws `"CAP_X": unknown capability`. */
export function normalizeCapabilities(names: readonly string[]): readonly string[] {
  return names.map((name) => {
    const upper = name.toUpperCase();
    if (upper === all) return all;
    const full = upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
    if (!capabilityNames.includes(full)) throw invalid(`${JSON.stringify(full)}: unknown capability`);
    return full;
  });
}

type Change = {
  readonly add: readonly string[];
  readonly drop: readonly string[];
  /** What `ALL` means: more than the engine's own bounding set cannot be given. */
  readonly bounding: readonly string[];
};

/** `base` with `add` and without `drop`; both may have `ALL`, the other then makes exceptions. Sorted. */
export function mergeCapabilities(base: readonly string[], { add, drop, bounding }: Change): readonly string[] {
  const start = normalizeCapabilities(base);
  const more = normalizeCapabilities(add);
  const less = normalizeCapabilities(drop);
  const addAll = more.includes(all);
  const dropAll = less.includes(all);
  if (addAll && dropAll) throw invalid("adding all caps and removing all caps not allowed");
  if (dropAll) return sortedSet(more);
  if (addAll) return bounding.filter((name) => !less.includes(name)).toSorted();
  const both = more.find((name) => less.includes(name));
  if (both !== undefined) throw invalid(`capability ${JSON.stringify(both)} cannot be dropped and added`);
  return sortedSet([...start, ...more]).filter((name) => !less.includes(name));
}

function sortedSet(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted();
}
