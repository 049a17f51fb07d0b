/** The real thing, as a user that the test makes: needs root, useradd, and the uidmap package. */
import { deepEqual, equal, match } from "node:assert/strict";
import { geteuid } from "../sys/id.ts";
import { type Child, findProgram, run, type RunOutput, start } from "../sys/process.ts";

const programs = ["useradd", "userdel", "setpriv", "newuidmap", "nsenter", "unshare"];
const possible = geteuid() === 0 && programs.every((name) => findProgram(name) !== undefined);
const module = import.meta.resolve("./mod.ts");
const processes = import.meta.resolve("../sys/process.ts");

/** Becomes a member and runs the shell script that it is given: exit code and streams are those of the shell. */
const program = `
import { enterNamespace, resumeInside } from ${JSON.stringify(module)};
import { execve } from ${JSON.stringify(processes)};
const script = Deno.args[0];
if (resumeInside() !== undefined) execve("/bin/sh", ["sh", "-c", script], { env: Deno.env.toObject() });
const runDir = Deno.env.get("RUN_DIR");
const argv = [Deno.execPath(), "run", "-A", "--no-check", import.meta.filename, script];
try {
  await enterNamespace({ runDir, argv, env: Deno.env.toObject(), notice: (text) => console.error("notice:", text) });
} catch (error) {
  console.error("Error: " + error.message);
  Deno.exitCode = 125;
}
`;

/** A user of its own with subordinate ids, an own run folder, and a copy of the sources that it may read. */
class TestUser implements AsyncDisposable {
  private constructor(readonly name: string, readonly root: string) {}

  static async make(): Promise<TestUser> {
    const root = await Deno.makeTempDir({ prefix: "beluga-rootless-" });
    const name = `beluga-${Deno.pid}-${crypto.randomUUID().slice(0, 6)}`;
    await run(["useradd", "--no-create-home", "--home-dir", `${root}/home`, name]);
    const user = new TestUser(name, root);
    await Deno.chmod(root, 0o755);
    await Deno.mkdir(`${root}/home`);
    await Deno.mkdir(`${root}/run`);
    await Deno.writeTextFile(`${root}/main.ts`, program);
    await run(["chown", `${name}:`, `${root}/home`, `${root}/run`]);
    return user;
  }

  #argv(script: string): string[] {
    const drop = ["setpriv", "--reuid", this.name, "--regid", this.name, "--clear-groups"];
    return [...drop, Deno.execPath(), "run", "-A", "--no-check", `${this.root}/main.ts`, script];
  }

  #options(path = "") {
    const environment = {
      PATH: `${path}${Deno.env.get("PATH")}`,
      HOME: `${this.root}/home`,
      RUN_DIR: `${this.root}/run`,
    };
    return { env: { ...environment, DENO_NO_UPDATE_CHECK: "1" }, cwd: `${this.root}/home` };
  }

  run(script: string, options: { readonly input?: string; readonly path?: string } = {}): Promise<RunOutput> {
    return run(this.#argv(script), { ...this.#options(options.path), input: options.input });
  }

  start(script: string): Child {
    return start(this.#argv(script), { ...this.#options(), stdin: "piped", stdout: "piped" });
  }

  /** A member that stays until its standard input ends, once it has said "in". */
  async holder(script = ""): Promise<Child> {
    const child = this.start(`${script} echo in; exec cat >/dev/null`);
    const { value } = await child.stdout.getReader().read();
    equal(new TextDecoder().decode(value), "in\n");
    return child;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run(["userdel", "--force", this.name]);
    await Deno.remove(this.root, { recursive: true });
  }
}

type Step = (user: TestUser) => Promise<void>;

const steps: Readonly<Record<string, Step>> = {
  "the user is root there, with its subordinate ids, its directory and its standard input": async (user) => {
    const { stdout } = await user.run("id -u; wc -l </proc/self/uid_map; pwd; cat", { input: "text" });
    deepEqual(stdout.split("\n"), ["0", "2", `${user.root}/home`, "text"]);
  },

  "the pid stays, so exit codes and signals are the program's own": async (user) => {
    const error = await user.run("exit 7").catch((reason) => reason);
    deepEqual(error.ended, { code: 7 });
    await using child = user.start("echo $$; exec cat");
    const { value } = await child.stdout.getReader().read();
    equal(Number(new TextDecoder().decode(value)), child.pid);
    child.kill("SIGKILL");
    deepEqual(await child.wait(), { signal: 9 });
  },

  "nothing but the three streams reaches the program": async (user) => {
    await using _holder = await user.holder();
    const { stdout } = await user.run("ls /proc/self/fd; env | grep -c _BELUGA_");
    deepEqual(stdout.trim().split("\n"), ["0", "1", "2", "3", "3"]);
  },

  "ten at once that find nobody make one namespace": async (user) => {
    const children = await Promise.all(Array.from({ length: 10 }, () => user.holder()));
    const names = children.map((child) => Deno.readLinkSync(`/proc/${child.pid}/ns/user`));
    equal(new Set(names).size, 1);
    for (const child of children) await child.stdin.close();
    for (const child of children) deepEqual(await child.wait(), { code: 0 });
  },

  "a mount of one is there for the next as long as any member lives": async (user) => {
    const mount = `mkdir -p $RUN_DIR/m; mount -t tmpfs none $RUN_DIR/m; echo kept >$RUN_DIR/m/file;`;
    await using first = await user.holder(mount);
    await using second = await user.holder();
    first.kill("SIGKILL");
    await first.wait();
    equal((await user.run("cat $RUN_DIR/m/file")).stdout, "kept\n");
    second.kill("SIGKILL");
    await second.wait();
    equal((await user.run("test -e $RUN_DIR/m/file || echo gone")).stdout, "gone\n");
  },

  "who is killed on the way in does not keep others out": async (user) => {
    const children = Array.from({ length: 4 }, () => user.start("exec cat"));
    for (const [index, child] of children.entries()) {
      if (index > 0) await user.run("true");
      await child[Symbol.asyncDispose]();
    }
    equal((await user.run("echo well")).stdout, "well\n");
  },

  "a refused map is one line and exit code 125": async (user) => {
    await Deno.mkdir(`${user.root}/bin`);
    await Deno.writeTextFile(`${user.root}/bin/newuidmap`, "#!/bin/sh\necho newuidmap: not today >&2; exit 1\n");
    await Deno.chmod(`${user.root}/bin/newuidmap`, 0o4755);
    const error = await user.run("true", { path: `${user.root}/bin:` }).catch((reason) => reason);
    deepEqual(error.ended, { code: 125 });
    equal(error.stderr, "Error: map the ids of the user namespace: newuidmap: not today\n");
    await Deno.chmod(`${user.root}/bin/newuidmap`, 0o755);
    const plain = await user.run("true", { path: `${user.root}/bin:` }).catch((reason) => reason);
    deepEqual(plain.ended, { code: 125 });
    match(plain.stderr, /^Error: map user ids: \S+ is not set-uid root; as root: chmod u\+s \S+\n$/);
  },

  "without subordinate ids there is one id, and one notice": async (user) => {
    const lines = (await Deno.readTextFile("/etc/subuid")).split("\n");
    await Deno.writeTextFile("/etc/subuid", lines.filter((line) => !line.startsWith(`${user.name}:`)).join("\n"));
    const { stdout, stderr } = await user.run("id -u; wc -l </proc/self/uid_map");
    equal(stdout, "0\n1\n");
    match(stderr, /^notice: no subordinate ids for user "beluga-[^"]*" in \/etc\/subuid: [^\n]*\n$/);
  },
};

Deno.test("enterNamespace() leads a user into namespaces of its own", { ignore: !possible }, async (test) => {
  await using user = await TestUser.make();
  for (const [name, step] of Object.entries(steps)) await test.step(name, () => step(user));
});
