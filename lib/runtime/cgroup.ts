import { isSysError } from "../sys/errno.ts";
import { AT_FDCWD, O, open, readSmallFile, writeAll } from "../sys/fd.ts";
import { fsMagic, statfs, tryUnlinkAt } from "../sys/file.ts";
import { pidfdKill, pidfdOpen, waitForExit } from "../sys/signal.ts";
import { cgroupMode } from "./cgroup_layout.ts";

export type CgroupsPathInput = {
  readonly driver: "cgroupfs" | "systemd";
  /** `--cgroup-parent`; empty: the default. */
  readonly parent: string;
  readonly id: string;
  readonly rootless: boolean;
};

/** Podman's default parents, so that tools which look for its containers find ours. */
const cgroupfsParent = "/libpod_parent";

/** `linux.cgroupsPath` for the runtime: a path for cgroupfs, `slice:prefix:name` for systemd. */
export function cgroupsPath(input: CgroupsPathInput): string {
  if (input.driver === "systemd") {
    const slice = input.parent === "" ? (input.rootless ? "user.slice" : "machine.slice") : input.parent;
    return `${slice}:libpod:${input.id}`;
  }
  return `${input.parent === "" ? cgroupfsParent : input.parent}/libpod-${input.id}`.replaceAll(/\/+/g, "/");
}

/** Where conmon itself goes beside its containers (cgroupfs as root). */
export function conmonCgroup(parent: string): string {
  return `${parent === "" ? cgroupfsParent : parent}/conmon`.replaceAll(/\/+/g, "/");
}

const mountRoot = "/sys/fs/cgroup";

/** Directories of all hierarchies: the one of version 2, or those of version 1 (with `unified` in hybrid mode). */
function hierarchies(): readonly string[] {
  if (cgroupMode() === "v2") return [mountRoot];
  return [...Deno.readDirSync(mountRoot)]
    .filter((entry) => entry.isDirectory)
    .map((entry) => `${mountRoot}/${entry.name}`)
    .filter((path) => cgroupMagics.includes(statfs(path).type));
}

/** A directory left where a hierarchy was unmounted is none. */
const cgroupMagics: readonly number[] = [fsMagic.cgroup, fsMagic.cgroup2];

/** Moves a process into the cgroup `path` of every hierarchy, making it where it can: where not, the process stays. */
export function joinCgroup(path: string, pid: number): void {
  for (const hierarchy of hierarchies()) {
    try {
      Deno.mkdirSync(`${hierarchy}${path}`, { recursive: true, mode: 0o755 });
      using procs = open(`${hierarchy}${path}/cgroup.procs`, O.WRONLY);
      writeAll(procs, new TextEncoder().encode(String(pid)));
    } catch (error) {
      // A cpuset without cpus, a hierarchy of another owner: conmon only loses its accounting there.
      if (!isSysError(error) && !(error instanceof Error && "code" in error)) throw error;
    }
  }
}

/**
 * Removes what a runtime left of a container's cgroup, in every hierarchy, with the groups below it. Processes that are
 * still in it are killed: a container in the host's pid namespace leaves its background processes behind. Missing is fine.
 */
export async function removeCgroup(path: string): Promise<void> {
  if (path === "" || path === "/" || path.includes(":")) return;
  for (const hierarchy of hierarchies()) await removeGroup(`${hierarchy}${path}`);
}

async function removeGroup(directory: string): Promise<void> {
  if (tryRemove(directory)) return;
  for (const entry of Deno.readDirSync(directory)) {
    if (entry.isDirectory) await removeGroup(`${directory}/${entry.name}`);
  }
  await killMembers(directory);
  // Whoever forked meanwhile keeps the group, for the next clean-up.
  tryRemove(directory);
}

/** False for a group with processes or with groups below it. */
function tryRemove(directory: string): boolean {
  try {
    tryUnlinkAt(AT_FDCWD, directory, { directory: true });
    return true;
  } catch (error) {
    if (isSysError(error, "EBUSY", "ENOTEMPTY")) return false;
    throw error;
  }
}

async function killMembers(directory: string): Promise<void> {
  const pids = readSmallFile(`${directory}/cgroup.procs`).split("\n").filter((line) => line !== "").map(Number);
  await Promise.all(pids.map(killAndWait));
}

async function killAndWait(pid: number): Promise<void> {
  try {
    using pidfd = pidfdOpen(pid);
    pidfdKill(pidfd, 9);
    await waitForExit(pidfd);
  } catch (error) {
    if (!isSysError(error, "ESRCH", "EINVAL")) throw error;
  }
}
