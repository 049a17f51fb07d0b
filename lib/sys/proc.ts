import { isSysError } from "./errno.ts";
import { readSmallFile } from "./fd.ts";

/** A process that can be told from a later one with the same number. */
export type ProcessIdentity = { readonly pid: number; readonly startTime: number };

function statFields(pid: number): string[] | undefined {
  try {
    const text = readSmallFile(`/proc/${pid}/stat`);
    // pid (command) state …: the command may contain blanks and parentheses.
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch (error) {
    if (isSysError(error, "ENOENT", "ESRCH")) return undefined;
    throw error;
  }
}

/** When a process started, in clock ticks since boot; `undefined` when there is none, or it is a zombie. */
export function startTime(pid: number): number | undefined {
  const fields = statFields(pid);
  if (fields === undefined || fields[0] === "Z" || fields[0] === "X") return undefined;
  return Number(fields[19]);
}

/** True while that very process runs (zombies do not). */
export function isAlive(process: ProcessIdentity): boolean {
  return startTime(process.pid) === process.startTime;
}

/** The name of a process as the kernel knows it, at most 15 bytes; "" when there is none. */
export function processName(pid: number): string {
  try {
    return readSmallFile(`/proc/${pid}/comm`).trimEnd();
  } catch (error) {
    if (isSysError(error, "ENOENT", "ESRCH")) return "";
    throw error;
  }
}
