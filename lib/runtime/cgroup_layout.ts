import { isSysError } from "../sys/errno.ts";
import { readSmallFile } from "../sys/fd.ts";
import { access, statfs } from "../sys/file.ts";
import { geteuid } from "../sys/id.ts";
import type { CgroupLayout } from "./types.ts";

const cgroup2Magic = 0x63677270;
const root = "/sys/fs/cgroup";

function isCgroup2(path: string): boolean {
  try {
    return Number(statfs(path).type) === cgroup2Magic;
  } catch (error) {
    if (isSysError(error, "ENOENT", "EACCES")) return false;
    throw error;
  }
}

/** How cgroups are mounted: two statfs(2), as the runtimes themselves decide. */
export function cgroupMode(): CgroupLayout["mode"] {
  if (isCgroup2(root)) return "v2";
  return isCgroup2(`${root}/unified`) ? "hybrid" : "v1";
}

/** Layout, controllers and what this user may do with them. */
export function detectCgroups(): CgroupLayout {
  const mode = cgroupMode();
  const own = ownCgroups(readSmallFile("/proc/self/cgroup"));
  if (mode !== "v2") return { mode, controllers: own.v1, delegated: geteuid() === 0 && access(root, 2) };
  const directory = geteuid() === 0 ? root : `${root}${own.v2 === "/" ? "" : own.v2}`;
  return { mode, controllers: controllersOf(directory), delegated: access(`${directory}/cgroup.procs`, 2) };
}

function controllersOf(directory: string): readonly string[] {
  try {
    return readSmallFile(`${directory}/cgroup.controllers`).trim().split(" ").filter((name) => name !== "");
  } catch (error) {
    if (isSysError(error, "ENOENT", "EACCES")) return [];
    throw error;
  }
}

/** /proc/PID/cgroup: lines of `hierarchy:controllers:path`; version 2 has hierarchy 0 and no controllers. */
export function ownCgroups(text: string): { readonly v1: readonly string[]; readonly v2: string } {
  const v1: string[] = [];
  let v2 = "/";
  for (const line of text.split("\n")) {
    const [hierarchy, names = "", ...path] = line.split(":");
    if (path.length === 0) continue;
    if (hierarchy === "0" && names === "") v2 = path.join(":");
    else v1.push(...names.split(",").filter((name) => !name.startsWith("name=")));
  }
  return { v1, v2 };
}
