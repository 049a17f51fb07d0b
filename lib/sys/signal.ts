import { Errno, SysError } from "./errno.ts";
import { check, type Fd, fdNumber, OwnedFd } from "./fd.ts";
import { errno, libc } from "./libc.ts";
import { readable } from "./reactor.ts";

export { parseSignal, signalName, signalNames } from "../signal_names.ts";

/** kill(2): signal 0 only asks. ESRCH when there is no such process. */
export function kill(pid: number, signal: number): void {
  check(libc.kill(pid, signal), "kill", String(pid));
}

/** As `kill`; false where there is no such process. */
export function tryKill(pid: number, signal: number): boolean {
  if (libc.kill(pid, signal) === 0) return true;
  const code = errno();
  if (code === Errno.ESRCH) return false;
  throw new SysError("kill", code, String(pid));
}

/** pidfd_open(2): a descriptor that means this process for ever, even after its number is used again. */
export function pidfdOpen(pid: number): OwnedFd {
  return new OwnedFd(check(libc.pidfd_open(434, pid, 0), "pidfd_open", String(pid)));
}

/** Signals the process that a pidfd means. */
export function pidfdKill(pidfd: Fd, signal: number): void {
  check(libc.pidfd_send_signal(424, fdNumber(pidfd), signal, null, 0), "pidfd_send_signal");
}

/** Resolves when the process of a pidfd has ended; it need not be a child. */
export function waitForExit(pidfd: Fd, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
  return readable(pidfd, options);
}
