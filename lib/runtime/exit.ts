import type { ProcessIdentity } from "../engine/container.ts";
import { isSysError } from "../sys/errno.ts";
import { AT_FDCWD, O, open, type OwnedFd, readAll } from "../sys/fd.ts";
import { fstat, tryStatAt, tryUnlinkAt } from "../sys/file.ts";
import { DirectoryWatch } from "../sys/inotify.ts";
import { isAlive } from "../sys/proc.ts";
import { pidfdOpen, waitForExit as waitForProcess } from "../sys/signal.ts";
import type { ContainerExit, ExitPlace } from "./types.ts";

/** What conmon wrote when the process ended; `undefined` as long as it has not. */
export function readExitFile(place: ExitPlace): ContainerExit | undefined {
  try {
    using fd = open(`${place.exitDir}/${place.id}`, O.RDONLY);
    const text = new TextDecoder().decode(readAll(fd)).trim();
    const code = Number(text);
    const exitCode = text !== "" && Number.isInteger(code) ? code : -1;
    return { exitCode, oomKilled: wasOomKilled(place), at: timestamp(fstat(fd).mtime) };
  } catch (error) {
    if (isSysError(error, "ENOENT")) return undefined;
    throw error;
  }
}

function wasOomKilled(place: ExitPlace): boolean {
  return tryStatAt(AT_FDCWD, `${place.bundle}/oom`) !== undefined;
}

/** RFC 3339 with nanoseconds. */
function timestamp(time: { readonly sec: number; readonly nsec: number }): string {
  const seconds = new Date(time.sec * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(time.nsec).padStart(9, "0")}Z`;
}

export function removeExitFile(place: Pick<ExitPlace, "id" | "exitDir">): void {
  tryUnlinkAt(AT_FDCWD, `${place.exitDir}/${place.id}`);
}

export type WaitForExitInput = ExitPlace & { readonly process: ProcessIdentity; readonly conmon: ProcessIdentity };

/**
 * Waits for the end of a container or session: for its process, then for conmon's exit file. conmon itself lives on until
 * its exit command is done and is not waited for. Where conmon died first there is no exit file: the exit code is -1.
 */
export async function waitForExit(input: WaitForExitInput, signal?: AbortSignal): Promise<ContainerExit> {
  const early = readExitFile(input);
  if (early !== undefined) return early;
  await processEnd(input.process, signal);
  return readExitFile(input) ?? await exitFileOrLost(input, signal);
}

/** Resolves when the process has ended; a zombie has. */
async function processEnd(process: ProcessIdentity, signal?: AbortSignal): Promise<void> {
  using pidfd = openIdentity(process);
  if (pidfd !== undefined) await waitForProcess(pidfd, { signal });
}

/** A pidfd of exactly this process; `undefined` if it has ended. */
function openIdentity(process: ProcessIdentity): OwnedFd | undefined {
  let pidfd: OwnedFd | undefined;
  try {
    pidfd = pidfdOpen(process.pid);
  } catch (error) {
    if (isSysError(error, "ESRCH", "EINVAL")) return undefined;
    throw error;
  }
  if (isAlive(process)) return pidfd;
  pidfd[Symbol.dispose]();
  return undefined;
}

/** Milliseconds before each look at a file that conmon writes when it has drained the output, a few after the end. */
const looks = [1, 1, 1, 2, 2, 3, 5, 5, 10, 10, 10];

/**
 * Watches the directory only if the file is late: the kernel takes some 25 milliseconds to close an inotify descriptor,
 * because it waits until nobody can still be reading the watch.
 */
async function exitFileOrLost(input: WaitForExitInput, signal?: AbortSignal): Promise<ContainerExit> {
  for (const milliseconds of looks) {
    if (!isAlive(input.conmon)) break;
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    signal?.throwIfAborted();
    const exit = readExitFile(input);
    if (exit !== undefined) return exit;
  }
  return await watchForExitFile(input, signal);
}

async function watchForExitFile(input: WaitForExitInput, signal?: AbortSignal): Promise<ContainerExit> {
  using watch = new DirectoryWatch(input.exitDir);
  using conmon = openIdentity(input.conmon);
  const stop = new AbortController();
  const stopped = AbortSignal.any([stop.signal, ...(signal === undefined ? [] : [signal])]);
  const end = () => stop.abort();
  if (conmon === undefined) end();
  else waitForProcess(conmon, { signal: stopped }).then(end, end);
  for (;;) {
    const over = stop.signal.aborted;
    const exit = readExitFile(input);
    if (exit === undefined && over) return lost(input);
    if (exit !== undefined) {
      end();
      return exit;
    }
    await watch.changed({ signal: stopped }).catch(ignoreAbort(stopped));
    signal?.throwIfAborted();
  }
}

function ignoreAbort(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}

function lost(place: ExitPlace): ContainerExit {
  return { exitCode: -1, oomKilled: wasOomKilled(place), at: timestamp(now()) };
}

function now(): { readonly sec: number; readonly nsec: number } {
  const milliseconds = Date.now();
  return { sec: Math.floor(milliseconds / 1000), nsec: (milliseconds % 1000) * 1_000_000 };
}
