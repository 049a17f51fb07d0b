import { readSmallFile } from "../sys/fd.ts";
import type { WhiteoutNamespace } from "./whiteout.ts";

let known: boolean | undefined;

/** True where this process is not in the initial user namespace: no devices, no `trusted.` attributes. */
export function inUserNamespace(): boolean {
  known ??= !isInitialMap(readSmallFile("/proc/self/uid_map"));
  return known;
}

/** The initial namespace maps every id to itself. */
export function isInitialMap(uidMap: string): boolean {
  return /^\s*0\s+0\s+4294967295\s*$/.test(uidMap);
}

export function whiteoutNamespace(): WhiteoutNamespace {
  return inUserNamespace() ? "user" : "trusted";
}
