/**
 * posix_spawn(3). Taken instead of `Deno.Command`, which is as quick, because it names exactly the descriptors that a
 * program gets, whatever else is open or being started at the same moment.
 */
import { cString } from "./_scratch.ts";
import { environmentLines, stringArray } from "./_argv.ts";
import { SysError } from "./errno.ts";
import { dup, type Fd, fdNumber, isOpen, type OwnedFd } from "./fd.ts";
import { hasSymbol, libc } from "./libc.ts";

export type SpawnInput = {
  readonly program: string;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What the program finds under each number. */
  readonly fds: ReadonlyMap<number, Fd>;
  /** A session of its own, without a controlling terminal. */
  readonly newSession?: boolean;
  /** A process group of its own: terminal signals do not reach it. */
  readonly newProcessGroup?: boolean;
};

// posix_spawn_file_actions_t has 80 bytes, posix_spawnattr_t 336, in glibc and musl alike.
const actions = new Uint8Array(128);
const attributes = new Uint8Array(512);
const pidCell = new Int32Array(1);
const pidBytes = new Uint8Array(pidCell.buffer);

const SETPGROUP = 0x02;
const SETSIGDEF = 0x04;
const SETSIGMASK = 0x08;
const SETSID = 0x80;
const SIGPIPE = 13;

/** Starts `program` and returns its process id. ENOENT, EACCES and ENOEXEC of the program come from here too. */
export function spawn(input: SpawnInput): number {
  const argv = stringArray(input.argv);
  const environment = stringArray(environmentLines(input.environment));
  const lifted: OwnedFd[] = [];
  const cwd = input.cwd === undefined ? undefined : cString(input.cwd);
  checkNumber(libc.posix_spawn_file_actions_init(actions), "spawn");
  try {
    if (cwd !== undefined) checkNumber(libc.posix_spawn_file_actions_addchdir_np(actions, cwd), "spawn");
    addDescriptors(input.fds, lifted);
    setAttributes(input);
    const program = cString(input.program);
    const failed = libc.posix_spawn(pidBytes, program, actions, attributes, argv.array, environment.array);
    if (failed !== 0) throw new SysError("start", failed, input.program);
    return pidCell[0] ?? -1;
  } finally {
    libc.posix_spawn_file_actions_destroy(actions);
    for (const fd of lifted) fd[Symbol.dispose]();
  }
}

function checkNumber(result: number, call: string): void {
  if (result !== 0) throw new SysError(call, result);
}

/** A descriptor that would be overwritten before its turn is first duplicated out of the way. */
function addDescriptors(fds: ReadonlyMap<number, Fd>, lifted: OwnedFd[]): void {
  const minimum = Math.max(3, ...fds.keys()) + 1;
  for (const [target, fd] of fds) {
    let source = fdNumber(fd);
    if (source === target && !isOpen(source)) continue;
    if (source !== target && fds.has(source)) {
      const copy = dup(source, { minimum });
      lifted.push(copy);
      source = copy.value;
    }
    // Onto itself: clears close-on-exec in the new program only.
    checkNumber(libc.posix_spawn_file_actions_adddup2(actions, source, target), "spawn");
  }
  closeOthers(fds);
}

let hasCloseFrom: boolean | undefined;

/** What whoever started us left open is not for the programs that we start. */
function closeOthers(fds: ReadonlyMap<number, Fd>): void {
  hasCloseFrom ??= hasSymbol("posix_spawn_file_actions_addclosefrom_np");
  if (!hasCloseFrom) return;
  const largest = Math.max(2, ...fds.keys());
  for (let number = 3; number < largest; number++) {
    if (!fds.has(number)) checkNumber(libc.posix_spawn_file_actions_addclose(actions, number), "spawn");
  }
  checkNumber(libc.posix_spawn_file_actions_addclosefrom_np(actions, largest + 1), "spawn");
}

/**
 * Writes posix_spawnattr_t directly, which glibc and musl lay out alike, for ever: flags at 0, the process group at 4,
 * the signals to reset at 8, the signal mask at 136. Five calls of setters would cost more than the start itself.
 */
function setAttributes(input: SpawnInput): void {
  attributes.fill(0);
  let flags = SETSIGDEF | SETSIGMASK;
  if (input.newSession) flags |= SETSID;
  // Process group 0 stands for a new one.
  else if (input.newProcessGroup) flags |= SETPGROUP;
  attributes[0] = flags;
  // The runtime ignores SIGPIPE, which programs would inherit.
  attributes[8 + ((SIGPIPE - 1) >> 3)] = 1 << ((SIGPIPE - 1) & 7);
}

/** How a process ended. */
export type Ended = { readonly code: number } | { readonly signal: number };

/** waitpid(2) without blocking: `undefined` while the child runs; code 255 for what is no child of ours. */
export function reapChild(pid: number): Ended | undefined {
  const WNOHANG = 1;
  const status = pidCell;
  const result = libc.waitpid(pid, pidBytes, WNOHANG);
  if (result === 0) return undefined;
  if (result < 0) return { code: 255 };
  const word = status[0] ?? 0;
  const signal = word & 0x7f;
  return signal === 0 ? { code: (word >> 8) & 0xff } : { signal };
}
