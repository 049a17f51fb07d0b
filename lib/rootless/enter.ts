/**
 * Entering the user's namespaces: this process becomes one inside, with the same pid, exit code, signals, terminal and
 * descriptors; nobody waits in between.
 *
 * Joining:   beluga P ── execve ──> nsenter (setns by descriptor) ── execve ──> beluga P, inside
 *
 * Making:    beluga P ── execve ──> unshare ── execve ──> sh: "here I am" ··· "mapped" ── execve ──> beluga P, inside
 *                └ helper (holds the lock): waits for P, newuidmap P, newgidmap P, answers, ends
 *
 * sh speaks with the helper through two pipes that it opens by their names in /proc, as its own syntax knows descriptors
 * of one digit only. Standard input is never moved, because the runtime takes hold of it before our first line runs.
 * `resumeInside` reaps the helper.
 */
import { EngineError } from "../errors.ts";
import { isSysError } from "../sys/errno.ts";
import { dup, O, open, type OwnedFd, pipe, readSmallFile, setCloexec } from "../sys/fd.ts";
import { fgetxattr, fstat } from "../sys/file.ts";
import { getegid, geteuid } from "../sys/id.ts";
import { type FileLock, lockFile } from "../sys/lock.ts";
import { execve, findProgram, start } from "../sys/process.ts";
import { type IdMap, mapArguments, namespaceMap } from "./id_map.ts";
import { variables } from "./inside.ts";
import { findNamespaces, forgetMember, membersDir, type Namespaces, registerMember } from "./members.ts";
import { lookUpUser, subordinateIds } from "./sub_ids.ts";

export type EnterInput = {
  /** The engine's folder for run-time files of this user; one pair of namespaces per folder. */
  readonly runDir: string;
  /** The program that goes on inside, with its arguments: ourselves. `argv[0]` is a path. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Told in one line when the namespaces can only have a single id. */
  readonly notice?: (text: string) => void;
  readonly signal?: AbortSignal;
};

/**
 * Becomes `argv` inside the user's namespaces: those of a live member, else new ones. Does not return; throws an
 * `EngineError` as long as this process is still itself. What goes wrong later is one line on standard error and exit
 * code 125.
 */
export async function enterNamespace(input: EnterInput): Promise<never> {
  const lock = await lockFile(`${membersDir(input.runDir)}/lock`, { signal: input.signal, command: "enter namespace" });
  try {
    const found = await findNamespaces(input.runDir);
    registerMember(input.runDir, Deno.pid);
    if (found !== undefined) return join(input, found);
    return await make(input, lock);
  } catch (error) {
    forgetMember(input.runDir, Deno.pid);
    throw error;
  } finally {
    lock[Symbol.dispose]();
  }
}

function needed(name: string): string {
  const program = findProgram(name);
  if (program !== undefined) return program;
  throw new EngineError("helperMissing", `find ${name}, needed to enter the user namespace: install "util-linux"`);
}

type Way = { readonly close: readonly OwnedFd[]; readonly helper?: number };

async function environmentInside(input: EnterInput, way: Way): Promise<Record<string, string>> {
  const user = await lookUpUser(geteuid());
  return {
    ...input.env,
    ...wayInside(way),
    [variables.uid]: String(geteuid()),
    [variables.gid]: String(getegid()),
    [variables.home]: input.env.HOME ?? user?.home ?? "/",
  };
}

function wayInside(way: Way): Record<string, string> {
  const entries: Record<string, string> = { [variables.close]: way.close.map((fd) => fd.value).join(",") };
  if (way.helper !== undefined) entries[variables.helper] = String(way.helper);
  try {
    entries[variables.cwd] = Deno.cwd();
  } catch {
    // The directory has been removed: there is none to return to.
  }
  return entries;
}

async function join(input: EnterInput, found: Namespaces): Promise<never> {
  using namespaces = found;
  const nsenter = needed("nsenter");
  const env = await environmentInside(input, { close: [namespaces.user, namespaces.mount] });
  setCloexec(namespaces.user, false);
  setCloexec(namespaces.mount, false);
  const words = [
    "nsenter",
    "--preserve-credentials",
    `--user=/proc/self/fd/${namespaces.user.value}`,
    `--mount=/proc/self/fd/${namespaces.mount.value}`,
    "--",
    ...input.argv,
  ];
  return become(nsenter, words, { env });
}

function become(
  program: string,
  argv: readonly string[],
  options: { readonly env: Readonly<Record<string, string>> },
): never {
  try {
    return execve(program, argv, options);
  } catch (error) {
    const message = `enter the user namespace with ${JSON.stringify(program)}: ${String(error)}`;
    throw new EngineError("internal", message, { cause: error });
  }
}

async function make(input: EnterInput, lock: FileLock): Promise<never> {
  requireUserNamespaces();
  const plan = await planMap();
  if (plan.kind === "single") {
    input.notice?.(`${plan.reason}: only one user id is available in containers; see subuid(5)`);
    return makeSingle(input);
  }
  return makeMapped(input, plan, lock);
}

/** Kernels and distributions have switches for it. */
function requireUserNamespaces(): void {
  for (const name of ["/proc/sys/user/max_user_namespaces", "/proc/sys/kernel/unprivileged_userns_clone"]) {
    if (readSetting(name) !== "0") continue;
    const command = `sysctl -w ${name.slice("/proc/sys/".length).replaceAll("/", ".")}=${
      name.includes("max") ? 15000 : 1
    }`;
    throw new EngineError("permission", `make a user namespace: switched off by ${name}; as root: ${command}`);
  }
}

function readSetting(name: string): string | undefined {
  try {
    return readSmallFile(name).trim();
  } catch (error) {
    if (isSysError(error)) return undefined;
    throw error;
  }
}

type MappedPlan = {
  readonly kind: "mapped";
  readonly newuidmap: string;
  readonly newgidmap: string;
  readonly uids: IdMap;
  readonly gids: IdMap;
};

type Plan = MappedPlan | { readonly kind: "single"; readonly reason: string };

async function planMap(): Promise<Plan> {
  const uid = geteuid();
  const user = await lookUpUser(uid);
  const name = user?.name ?? String(uid);
  const ids = await subordinateIds({ name, uid });
  const missing = ids.uids.length === 0 ? "/etc/subuid" : ids.gids.length === 0 ? "/etc/subgid" : undefined;
  if (missing !== undefined) {
    return { kind: "single", reason: `no subordinate ids for user ${JSON.stringify(name)} in ${missing}` };
  }
  const newuidmap = findProgram("newuidmap");
  const newgidmap = findProgram("newgidmap");
  if (newuidmap === undefined || newgidmap === undefined) {
    return { kind: "single", reason: "newuidmap and newgidmap are not installed (package uidmap)" };
  }
  requirePrivileged(newuidmap);
  requirePrivileged(newgidmap);
  const uids = namespaceMap(uid, ids.uids);
  return { kind: "mapped", newuidmap, newgidmap, uids, gids: namespaceMap(getegid(), ids.gids) };
}

/** Images and backups lose the set-uid bit or file capability without which the program cannot do its work. */
function requirePrivileged(program: string): void {
  using file = open(program, O.PATH);
  const setuid = (fstat(file).mode & 0o4000) !== 0;
  if (setuid || hasFileCapability(program)) return;
  throw new EngineError("permission", `map user ids: ${program} is not set-uid root; as root: chmod u+s ${program}`);
}

function hasFileCapability(program: string): boolean {
  try {
    using file = open(program, O.RDONLY);
    return fgetxattr(file, "security.capability") !== undefined;
  } catch (error) {
    // A program that may be run but not read is left to speak for itself.
    if (isSysError(error, "EACCES")) return true;
    throw error;
  }
}

const unshareFlags = ["--user", "--mount", "--propagation", "slave"];

async function makeSingle(input: EnterInput): Promise<never> {
  const unshare = needed("unshare");
  const env = await environmentInside(input, { close: [] });
  return become(unshare, ["unshare", ...unshareFlags, "--map-root-user", "--", ...input.argv], { env });
}

/** Arguments: pid, newuidmap, newgidmap, number of words of the uid map, the words of both maps. */
const helperScript = `
read -r line <&4 || exit 1
pid=$1 newuidmap=$2 newgidmap=$3 count=$4
shift 4
uids=
while [ "$count" -gt 0 ]; do uids="$uids $1"; shift; count=$((count - 1)); done
if text=$("$newuidmap" "$pid" $uids 2>&1 5>&- 4>&- 3>&-) && text=$("$newgidmap" "$pid" "$@" 2>&1 5>&- 4>&- 3>&-); then
  echo mapped >&5
else
  printf 'Error: map the ids of the user namespace: %s\\n' "$text" >&2
  echo failed >&5
fi
`;

/** Arguments: the descriptors to write to and to read from, then the program inside with its arguments. */
const memberScript = `
echo here >/proc/self/fd/$1
read -r line </proc/self/fd/$2 && [ "$line" = mapped ] || exit 125
shift 2
exec "$@"
`;

async function makeMapped(input: EnterInput, plan: MappedPlan, lock: FileLock): Promise<never> {
  const unshare = needed("unshare");
  const shell = needed("sh");
  const question = pipe();
  const answer = pipe();
  const helper = startHelper(plan, { shell, lock, read: question.read, write: answer.write });
  using write = dup(question.write, { minimum: 10 });
  using read = dup(answer.read, { minimum: 10 });
  question.write[Symbol.dispose]();
  answer.read[Symbol.dispose]();
  const env = await environmentInside(input, { close: [write, read], helper });
  setCloexec(write, false);
  setCloexec(read, false);
  const member = [shell, "-c", memberScript, "beluga", String(write.value), String(read.value)];
  return become(unshare, ["unshare", ...unshareFlags, "--", ...member, ...input.argv], { env });
}

type HelperInput = {
  readonly shell: string;
  readonly lock: FileLock;
  readonly read: OwnedFd;
  readonly write: OwnedFd;
};

/**
 * The helper holds the lock (an inherited descriptor) until the map is there, so that nobody joins before. It ends by
 * itself, by end of file, when this process does. Takes both descriptors.
 */
function startHelper(plan: MappedPlan, input: HelperInput): number {
  using read = input.read;
  using write = input.write;
  const uids = mapArguments(plan.uids);
  const words = [
    ...[input.shell, "-c", helperScript, "beluga-map", String(Deno.pid), plan.newuidmap, plan.newgidmap],
    ...[String(uids.length), ...uids, ...mapArguments(plan.gids)],
  ];
  const helper = start(words, {
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
    fds: new Map([[3, input.lock.fd], [4, read], [5, write]]),
  });
  return helper.pid;
}
