/**
 * Who is in the user's namespaces. There is no process that only holds them open: they live as long as any member does,
 * a conmon for instance, and are found through it.
 *
 *     RUNDIR/ns/lock    taken by who joins or makes the namespaces
 *     RUNDIR/ns/<pid>   a member, or one on its way in; content: its start time (clock ticks since boot)
 */
import { EngineError } from "../errors.ts";
import { isSysError } from "../sys/errno.ts";
import { AT_FDCWD, O, open, openat, type OwnedFd, readSmallFile, writeAll } from "../sys/fd.ts";
import { fstat, readDir, renameAt, statAt, tryStatAt, tryUnlinkAt } from "../sys/file.ts";
import { geteuid } from "../sys/id.ts";
import { libc } from "../sys/libc.ts";
import { isAlive, startTime } from "../sys/process.ts";

/** Open namespaces: they stay while these are open, whoever ends meanwhile. */
export type Namespaces = Disposable & { readonly user: OwnedFd; readonly mount: OwnedFd; readonly pid: number };

/** The folder of the members; made when it is not there. */
export function membersDir(runDir: string): string {
  const dir = `${runDir}/ns`;
  if (tryStatAt(AT_FDCWD, dir) === undefined) Deno.mkdirSync(dir, { recursive: true, mode: 0o700 });
  return dir;
}

/**
 * Notes that `pid` (this process, a conmon) keeps the namespaces alive. Call it from inside, or with the lock held just
 * before entering. A process that has ended already is no error.
 */
export function registerMember(runDir: string, pid: number): void {
  const time = startTime(pid);
  if (time === undefined) return;
  const dir = membersDir(runDir);
  const draft = `${dir}/.${pid}.${Deno.pid}`;
  {
    using file = open(draft, O.WRONLY | O.CREAT | O.TRUNC, { mode: 0o600 });
    writeAll(file, new TextEncoder().encode(`${time}\n`));
  }
  renameAt({ name: draft }, { name: `${dir}/${pid}` });
}

/** Takes the note back: the process will not be, or is no longer, a member. */
export function forgetMember(runDir: string, pid: number): void {
  tryUnlinkAt(AT_FDCWD, `${membersDir(runDir)}/${pid}`);
}

/** The notes of processes that still run; those of others are removed. */
function liveMembers(dir: string): number[] {
  using directory = open(dir, O.RDONLY | O.DIRECTORY);
  const alive: number[] = [];
  for (const { name } of readDir(directory)) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid <= 0) continue;
    if (isAlive({ pid, startTime: readStartTime(directory, name) })) alive.push(pid);
    else tryUnlinkAt(directory, name);
  }
  return alive;
}

function readStartTime(directory: OwnedFd, name: string): number {
  try {
    using file = openat(directory, name, { flags: O.RDONLY | O.NOFOLLOW });
    return Number(readSmallFile(`/proc/self/fd/${file.value}`));
  } catch (error) {
    if (isSysError(error, "ENOENT", "ELOOP")) return NaN;
    throw error;
  }
}

/** A member on its way in is waited for this long. */
const arrivalMs = 5000;
const arrivalStepMs = 2;

/**
 * Opens the namespaces of a live member; `undefined` when there is none. Only with the lock held: who makes them holds
 * it until their id map is written.
 */
export async function findNamespaces(runDir: string): Promise<Namespaces | undefined> {
  const deadline = Date.now() + arrivalMs;
  const dir = membersDir(runDir);
  for (;;) {
    let arriving = false;
    for (const pid of liveMembers(dir)) {
      const found = openNamespaces(pid);
      if (found === "outside") arriving = arriving || pid !== Deno.pid;
      else if (found !== undefined) return found;
    }
    if (!arriving || Date.now() > deadline) return undefined;
    await new Promise((resolve) => setTimeout(resolve, arrivalStepMs));
  }
}

/** "outside": the process is (still) in our own user namespace. `undefined`: gone, or none of ours. */
function openNamespaces(pid: number): Namespaces | "outside" | undefined {
  using stack = new DisposableStack();
  try {
    const user = stack.use(open(`/proc/${pid}/ns/user`, O.RDONLY));
    if (fstat(user).ino === statAt(AT_FDCWD, "/proc/self/ns/user", { follow: true }).ino) return "outside";
    if (ownerOf(user) !== geteuid()) return undefined;
    const mount = stack.use(open(`/proc/${pid}/ns/mnt`, O.RDONLY));
    const keep = stack.move();
    return { user, mount, pid, [Symbol.dispose]: () => keep.dispose() };
  } catch (error) {
    if (isSysError(error, "ENOENT", "ESRCH", "EACCES", "EPERM")) return undefined;
    throw new EngineError("internal", `look at the namespaces of process ${pid}: ${String(error)}`, { cause: error });
  }
}

/** The user (as seen here) that made a user namespace; -1 when the kernel does not say. */
function ownerOf(namespace: OwnedFd): number {
  const NS_GET_OWNER_UID = 0xb704;
  const uid = new Uint32Array(1);
  const result = libc.ioctl(namespace.value, NS_GET_OWNER_UID, new Uint8Array(uid.buffer));
  return result === 0 ? uid[0] ?? -1 : -1;
}
