/** Processes that serve a container nobody knows them of any more: what a killed engine had started and not written down. */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path/posix";
import { geteuid } from "../../sys/id.ts";
import { isSysError } from "../../sys/errno.ts";
import { pidfdKill, pidfdOpen, waitForExit } from "../../sys/signal.ts";
import type { Local } from "../context.ts";
import { namespaceFile, runDirectory } from "../paths.ts";

const SIGKILL = 9;

/** Programs that are started for one container and name it in their arguments. The engine itself is none of them. */
const programs = /^(conmon|crun|runc|youki|slirp4netns|pasta(\.avx2)?|fuse-overlayfs|unshare)$/;

/** Kills conmon, the runtime and the helpers of a network that serve the container; the caller holds its lock. */
export async function killStrays(local: Local, id: string): Promise<void> {
  const { paths } = local.config;
  const directory = runDirectory(paths, id);
  const serves = (argv: readonly string[]) =>
    programs.test(basename(argv[0] ?? "")) &&
    argv.some((word) => word === id || word.startsWith(directory) || word.endsWith(namespaceFile(paths, id)));
  for (const pid of ownProcesses()) {
    if (serves(argvOf(pid))) await kill(pid, serves);
  }
}

function ownProcesses(): readonly number[] {
  const own = geteuid();
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => ownerOf(pid) === own);
}

function ownerOf(pid: number): number {
  try {
    return statSync(`/proc/${pid}`).uid;
  } catch {
    return -1; // it has ended
  }
}

function argvOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return []; // it has ended
  }
}

/** Looks again once the process is held, as its number may have become another's. */
async function kill(pid: number, serves: (argv: readonly string[]) => boolean): Promise<void> {
  try {
    using pidfd = pidfdOpen(pid);
    if (!serves(argvOf(pid))) return;
    pidfdKill(pidfd, SIGKILL);
    await waitForExit(pidfd);
  } catch (error) {
    if (!isSysError(error, "ESRCH", "EINVAL")) throw error;
  }
}
