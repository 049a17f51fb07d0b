import { EngineError } from "../errors.ts";
import type { ProcessIdentity } from "../engine/container.ts";
import { type Fd, type OwnedFd, pipe, setNonblock } from "../sys/fd.ts";
import { isSysError } from "../sys/errno.ts";
import { isAlive, startTime } from "../sys/proc.ts";
import { run } from "../sys/run.ts";
import { pidfdKill, pidfdOpen, waitForExit } from "../sys/signal.ts";
import { readSome } from "../sys/stream.ts";

/**
 * The shell is gone as soon as it has told the pid: the helper belongs to init, and an engine that lives on (the API
 * service) need not reap it. Values are positional parameters.
 */
const script = 'exec 9>&1 >&2; "$@" 9>&- & echo $! >&9';

export type Background = {
  readonly argv: readonly string[];
  /** Gets what the helper says on standard output and error. */
  readonly log: Fd;
  readonly fds: ReadonlyMap<number, Fd>;
  readonly env: Readonly<Record<string, string>>;
  /** Working directory; ours when absent. */
  readonly cwd?: string;
};

/** Starts a program that outlives us. */
export async function startInBackground(input: Background): Promise<ProcessIdentity> {
  // The shell's own output, the pid, is kept apart from the helper's.
  const { read, write } = pipe();
  using ours = read;
  {
    using theirs = write;
    const words = ["/bin/sh", "-c", script, "sh", ...input.argv];
    await run(words, {
      env: input.env,
      cwd: input.cwd,
      fds: input.fds,
      stdout: theirs,
      stderr: input.log,
      newSession: true,
    });
  }
  const pid = Number((await readLine(ours)).trim());
  return { pid, startTime: startTime(pid) ?? 0 };
}

async function readLine(fd: OwnedFd): Promise<string> {
  setNonblock(fd, true);
  const buffer = new Uint8Array(64);
  return new TextDecoder().decode(buffer.subarray(0, await readSome(fd, buffer)));
}

/** Waits for a byte; false if the writer ended without one. */
export async function isReady(fd: OwnedFd, signal?: AbortSignal): Promise<boolean> {
  setNonblock(fd, true);
  return await readSome(fd, new Uint8Array(1), { signal }) > 0;
}

/** Ends a helper; one that has gone already, or whose pid is another's now, is left alone. */
export async function stopHelper(helper: ProcessIdentity): Promise<void> {
  let pidfd: OwnedFd;
  try {
    pidfd = pidfdOpen(helper.pid);
  } catch (error) {
    if (isSysError(error, "ESRCH", "EINVAL")) return;
    throw new EngineError("internal", `stop process ${helper.pid}: ${String(error)}`, { cause: error });
  }
  using owned = pidfd;
  if (!isAlive(helper)) return;
  pidfdKill(owned, 9);
  await waitForExit(owned);
}
