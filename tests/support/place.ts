/**
 * A place where the program runs: a user, an OCI runtime, namespaces, and a root, a run root and a home of its own.
 * The same expectations run in several places, and on Podman when BELUGA_TEST_PROGRAM says so.
 */

import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path/posix";
import { execute, type Execution, mustExecute, plainEnvironment, type Result, type Running, start } from "./execute.ts";
import { type Namespaces, openNamespaces } from "./namespaces.ts";
import { asPerson, ordinaryPerson, ownDirectory, type Person } from "./rootless.ts";

/** The program under test. A missing one fails every test. */
export const program = findProgram();
/** Whether the expectations are being proven on Podman. */
export const isPodman = basename(program) === "podman";

export type Where = {
  readonly user: "root" | "rootless";
  readonly runtime: "runc" | "crun";
  /** A network namespace of its own, so that nothing of the host's network is seen or touched. */
  readonly ownNetwork?: boolean;
  /** Another user than the ordinary one. */
  readonly person?: () => Promise<Person>;
};

export const rootRunc: Where = { user: "root", runtime: "runc" };
export const rootCrun: Where = { user: "root", runtime: "crun" };
export const rootlessRunc: Where = { user: "rootless", runtime: "runc" };
export const rootlessCrun: Where = { user: "rootless", runtime: "crun" };
/** Each user and each runtime once, for what depends on both but not on how they meet. */
export const twoPlaces: readonly Where[] = [rootRunc, rootlessCrun];
export const allPlaces: readonly Where[] = [rootRunc, rootCrun, rootlessRunc, rootlessCrun];

const rootPerson: Person = { name: "root", uid: 0, gid: 0 };

export type Call = Execution & {
  /** The program's own flags before the command are left out. */
  readonly bare?: boolean;
};

export class Place implements AsyncDisposable {
  readonly where: Where;
  readonly name: string;
  #open: { readonly dir: string; readonly person: Person; readonly namespaces: Namespaces } | undefined;

  constructor(where: Where) {
    this.where = where;
    this.name = `${where.user}, ${where.runtime}`;
  }

  get rootless(): boolean {
    return this.where.user === "rootless";
  }

  /** An empty directory that the user of this place owns, with a short path (sockets have little room). */
  get dir(): string {
    return this.#opened.dir;
  }

  get person(): Person {
    return this.#opened.person;
  }

  /** The process whose namespaces this place uses; "self" where they are the host's. */
  get witness(): string {
    return this.#opened.namespaces.witness;
  }

  get #opened() {
    if (this.#open === undefined) throw new Error("the place is not open");
    return this.#open;
  }

  async open(): Promise<void> {
    if (Deno.uid() !== 0) {
      throw new Error("the system tests run as root, which makes the users and namespaces they need");
    }
    const { where } = this;
    const person = where.user === "root" ? rootPerson : await (where.person ?? ordinaryPerson)();
    const dir = ownDirectory(Deno.makeTempDirSync({ prefix: "bt-" }), person);
    for (const name of ["home", "xdg", "tmp"]) ownDirectory(join(dir, name), person);
    const namespaces = await openNamespaces({
      forCrun: where.runtime === "crun",
      ownNetwork: where.ownNetwork === true,
    });
    this.#open = { dir, person, namespaces };
  }

  /** `path` inside this place's directory. */
  path(...names: string[]): string {
    return join(this.dir, ...names);
  }

  /** A new directory that the user of this place owns. */
  folder(name: string): string {
    return ownDirectory(this.path(name), this.person);
  }

  /** The environment of every process here; nothing of the tests' own gets in. */
  get environment(): Readonly<Record<string, string>> {
    return {
      ...plainEnvironment,
      HOME: this.path("home"),
      USER: this.person.name,
      XDG_RUNTIME_DIR: this.path("xdg"),
      TMPDIR: this.path("tmp"),
    };
  }

  /** The program's argv for `args`, with this place's roots and runtime. An ordinary user has roots of their own by default. */
  argv(args: readonly string[], { bare = false }: { readonly bare?: boolean } = {}): readonly string[] {
    const roots = this.rootless ? [] : ["--root", this.path("root"), "--runroot", this.path("run")];
    const network = this.where.ownNetwork === true ? ["--network-config-dir", this.path("networks")] : [];
    const flags = bare ? [] : [...roots, ...network, "--runtime", this.where.runtime];
    return this.inside([program, ...flags, ...args]);
  }

  /** `argv` made to run as this place's user in its namespaces. */
  inside(argv: readonly string[], cwd = this.dir): readonly string[] {
    const { namespaces, person } = this.#opened;
    return [...namespaces.prefix, ...(this.rootless ? asPerson(person) : []), "env", "-C", cwd, ...argv];
  }

  /** Runs the program with `args` to its end. */
  run(args: readonly string[], { bare, cwd, ...options }: Call = {}): Promise<Result> {
    return execute(this.#argv(args, { bare, cwd }), { ...options, env: { ...this.environment, ...options.env } });
  }

  /** Runs the program and gives what it prints, without the last newline; throws unless it ends with 0. */
  must(args: readonly string[], { bare, cwd, ...options }: Call = {}): Promise<string> {
    return mustExecute(this.#argv(args, { bare, cwd }), { ...options, env: { ...this.environment, ...options.env } });
  }

  /** Starts the program and leaves it running. */
  start(args: readonly string[], { bare, cwd, ...options }: Call & { readonly keepInput?: boolean } = {}): Running {
    return start(this.#argv(args, { bare, cwd }), { ...options, env: { ...this.environment, ...options.env } });
  }

  /** Runs another program as this place's user in its namespaces and gives what it prints. */
  host(argv: readonly string[], options: Execution = {}): Promise<Result> {
    return execute(this.inside(argv, options.cwd), {
      ...options,
      cwd: undefined,
      env: { ...this.environment, ...options.env },
    });
  }

  #argv(args: readonly string[], { bare, cwd }: Pick<Call, "bare" | "cwd">): readonly string[] {
    const argv = this.argv(args, { bare });
    return cwd === undefined ? argv : argv.map((word) => word === this.dir ? cwd : word);
  }

  /** Mounts below this place's directory, as the processes here see them. */
  mounts(): readonly string[] {
    const table = readFileSync(`/proc/${this.witness}/mountinfo`, "utf8");
    return table.split("\n").map((line) => line.split(" ")[4] ?? "").filter((path) => path.startsWith(`${this.dir}/`));
  }

  /** Command lines of processes that name this place's directory: conmon, runtimes, helpers of networks. */
  processes(): readonly string[] {
    return processesNaming(this.dir).map(({ line }) => line);
  }

  /** Removes every container, ends what is left, and removes the directory. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#open === undefined) return;
    const { dir, namespaces } = this.#open;
    await this.run(["rm", "-f", "-a", "-t", "0"]).catch(() => {});
    for (const { pid } of processesNaming(dir)) endProcess(pid);
    endProcess(readPid(join(dir, "xdg/libpod/tmp/pause.pid")));
    for (const path of this.mounts().toReversed()) await execute([...namespaces.prefix, "umount", "-l", path]);
    await namespaces[Symbol.asyncDispose]();
    await execute(["rm", "-rf", dir]);
    this.#open = undefined;
  }
}

function findProgram(): string {
  const named = Deno.env.get("BELUGA_TEST_PROGRAM") ?? Deno.env.get("BELUGA") ?? "dist/beluga";
  if (named.includes("/")) return resolve(import.meta.dirname ?? ".", "../..", named);
  const folder = (plainEnvironment.PATH ?? "").split(":").find((one) => existsSync(join(one, named)));
  return folder === undefined ? named : join(folder, named);
}

/** Processes whose command line or environment names `text`; never those of the tests themselves. */
export function processesNaming(text: string): readonly { readonly pid: number; readonly line: string }[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== Deno.pid).flatMap((name) => {
    const line = readText(`/proc/${name}/cmdline`).replaceAll("\0", " ").trim();
    return line.includes(text) ? [{ pid: Number(name), line }] : [];
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // the process has ended meanwhile
  }
}

function readPid(path: string): number {
  return Number(readText(path).trim() || 0);
}

function endProcess(pid: number): void {
  if (pid <= 1) return;
  try {
    Deno.kill(pid, "SIGKILL");
  } catch {
    // it has ended meanwhile
  }
}

/** Removes what a test wrote, whoever owns it. */
export function removeAll(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
