import assert from "node:assert/strict";
import type { Duplex } from "../engine/stream.ts";
import { isKind } from "../errors.ts";
import { O, open } from "../sys/fd.ts";
import { DirectoryWatch } from "../sys/inotify.ts";
import { isAlive, startTime } from "../sys/proc.ts";
import { cannotRun, makeBundle, processOf, runtimes } from "./_bundle_fixture.ts";
import { attachSocket, resizeTerminal } from "./attach.ts";
import { removeCgroup } from "./cgroup.ts";
import { createContainer, execContainer } from "./create.ts";
import { readExitFile, waitForExit } from "./exit.ts";
import { readLogs } from "./logs.ts";
import type { CreateRuntimeContainer, ExecRuntimeContainer, OciRuntime } from "./types.ts";
import {
  deleteContainer,
  killContainer,
  pauseContainer,
  resumeContainer,
  runtimeState,
  startContainer,
} from "./verbs.ts";

type Case = (runtime: OciRuntime, root: string) => Promise<void>;

/** The same case on every runtime that is installed. */
function onEach(name: string, run: Case): void {
  Deno.test({ name, ignore: cannotRun, fn: (t) => each(t, run), sanitizeResources: false });
}

async function each(t: Deno.TestContext, run: Case): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "beluga-runtime-" });
  try {
    for (const runtime of await runtimes(root)) await t.step(runtime.name, () => run(runtime, root));
  } finally {
    await removeCgroup("/beluga-test");
    await Deno.remove(root, { recursive: true });
  }
}

async function text(line: Duplex): Promise<{ stdout: string; stderr: string }> {
  const said = { stdout: "", stderr: "" };
  for await (const frame of line.output) said[frame.stream] += new TextDecoder().decode(frame.data);
  return said;
}

const bytes = (words: string) => new TextEncoder().encode(words);

async function remove(input: CreateRuntimeContainer): Promise<void> {
  await deleteContainer(input.handle, { id: input.id, force: true });
  assert.equal(await runtimeState(input.handle, input.id), undefined);
}

onEach("a container is created, attached, started, and its exit code and log are read", async (runtime, root) => {
  const input = await makeBundle({ runtime, root, args: ["sh", "-c", "cat; echo oops >&2; exit 3"], stdin: true });
  const created = await createContainer(input);
  assert.equal((await runtimeState(input.handle, input.id))?.status, "created");
  const line = await attachSocket(`${input.bundle}/attach`);
  await startContainer(input.handle, input.id);
  await line.write(bytes("hello\n"));
  await line.closeInput();
  assert.deepEqual(await text(line), { stdout: "hello\n", stderr: "oops\n" });
  assert.equal(await line.ended, "finished");
  const exit = await waitForExit({ ...input, ...created });
  assert.equal(exit.exitCode, 3);
  assert.equal(exit.oomKilled, false);
  const log = await Array.fromAsync(readLogs({ path: `${input.bundle}/ctr.log` }));
  assert.deepEqual(log.map((entry) => `${entry.stream} ${new TextDecoder().decode(entry.data)}`), [
    "stdout hello",
    "stderr oops",
  ]);
  await remove(input);
});

onEach("createContainer() tells a missing command from one that cannot be run", async (runtime, root) => {
  const missing = await makeBundle({ runtime, root, args: ["nosuch"] });
  await assert.rejects(createContainer(missing), (error) => isKind(error, "commandNotFound"));
  const directory = await makeBundle({ runtime, root, args: ["/proc"], terminal: true });
  await assert.rejects(createContainer(directory), (error) => isKind(error, "commandNotInvokable"));
  for (const input of [missing, directory]) await remove(input);
});

onEach("killContainer() ends a container with 128 and the signal", async (runtime, root) => {
  const input = await makeBundle({ runtime, root, args: ["sleep", "1000"] });
  const created = await createContainer(input);
  await startContainer(input.handle, input.id);
  await killContainer(input.handle, { id: input.id, signal: 9 });
  assert.equal((await waitForExit({ ...input, ...created })).exitCode, 137);
  await killContainer(input.handle, { id: input.id, signal: 15 });
  await remove(input);
  await killContainer(input.handle, { id: input.id, signal: 15 });
});

onEach("a paused container stands still until it is resumed", async (runtime, root) => {
  const input = await makeBundle({ runtime, root, args: ["sleep", "1000"] });
  const created = await createContainer(input);
  await startContainer(input.handle, input.id);
  await pauseContainer(input.handle, input.id);
  assert.equal((await runtimeState(input.handle, input.id))?.status, "paused");
  await resumeContainer(input.handle, input.id);
  assert.equal((await runtimeState(input.handle, input.id))?.status, "running");
  await remove(input);
  assert.equal(isAlive(created.process), false);
});

onEach("a terminal takes its size from resizeTerminal()", async (runtime, root) => {
  const args = [
    "sh",
    "-c",
    'while [ "$(stty size)" != "17 91" ]; do :; done; echo resized; read line; echo "got $line"',
  ];
  const input = await makeBundle({ runtime, root, args, terminal: true });
  await createContainer(input);
  const line = await attachSocket(`${input.bundle}/attach`);
  await startContainer(input.handle, input.id);
  resizeTerminal(input.bundle, { width: 91, height: 17 });
  await line.write(bytes("go\n"));
  assert.match((await text(line)).stdout, /resized[^]*got go/);
  await remove(input);
});

onEach("the keys to detach leave the container running", async (runtime, root) => {
  // Without this the end of the only client is the end of the container's input.
  const input = { ...await makeBundle({ runtime, root, args: ["cat"], stdin: true }), leaveStdinOpen: true };
  const created = await createContainer(input);
  const scanner = { scan: () => ({ pass: bytes("last\n"), detached: true }) };
  const line = await attachSocket(`${input.bundle}/attach`, { scanner });
  await startContainer(input.handle, input.id);
  const output = text(line);
  await line.write(bytes("last\n\x10\x11"));
  await output;
  assert.equal(await line.ended, "detached");
  assert.equal(isAlive(created.conmon), true);
  await remove(input);
});

async function session(input: CreateRuntimeContainer, args: readonly string[]): Promise<ExecRuntimeContainer> {
  const name = `${input.id}-exec-${crypto.randomUUID().slice(0, 8)}`;
  const bundle = `${input.bundle}/${name}`;
  await Deno.mkdir(bundle);
  return {
    ...input,
    session: name,
    bundle,
    stdin: true,
    terminal: false,
    log: { driver: "none" },
    process: processOf(args),
    conmonPidFile: `${bundle}/conmon.pid`,
    pidFile: `${bundle}/pidfile`,
  };
}

const exitPlace = ({ id, bundle }: ExecRuntimeContainer) => ({ id, bundle, exitDir: bundle });

onEach("execContainer() runs a second process, attached and detached", async (runtime, root) => {
  const input = await makeBundle({ runtime, root, args: ["sleep", "1000"] });
  await createContainer(input);
  await startContainer(input.handle, input.id);
  const attached = await session(input, ["sh", "-c", "cat; exit 7"]);
  const output = Promise.withResolvers<Promise<{ stdout: string; stderr: string }>>();
  const started = await execContainer({
    ...attached,
    onAttachable: async (socket) => {
      const line = await attachSocket(socket);
      output.resolve(text(line).finally(() => line.close()));
      await line.write(bytes("typed\n"));
      await line.closeInput();
    },
  });
  assert.deepEqual(await (await output.promise), { stdout: "typed\n", stderr: "" });
  assert.equal((await waitForExit({ ...exitPlace(attached), ...started })).exitCode, 7);
  const detached = await session(input, ["sh", "-c", "exit 5"]);
  const second = await execContainer(detached);
  assert.equal((await waitForExit({ ...exitPlace(detached), ...second })).exitCode, 5);
  const missing = await session(input, ["nosuch"]);
  await assert.rejects(execContainer(missing), (error) => isKind(error, "commandNotFound"));
  await remove(input);
});

onEach("waitForExit() gives -1 when conmon was killed before it could tell", async (runtime, root) => {
  const input = await makeBundle({ runtime, root, args: ["sleep", "1000"] });
  const created = await createContainer(input);
  await startContainer(input.handle, input.id);
  const exit = waitForExit({ ...input, ...created });
  Deno.kill(created.conmon.pid, "SIGKILL");
  await deleteContainer(input.handle, { id: input.id, force: true });
  assert.equal((await exit).exitCode, -1);
  assert.equal(readExitFile(input), undefined);
});

onEach("removeCgroup() ends what a container left in the host's pid namespace", async (runtime, root) => {
  const base = await makeBundle({ runtime, root, args: ["sh", "-c", "sleep 1000 & echo $! >/tmp/left"] });
  const path = `${base.bundle}/config.json`;
  const config = JSON.parse(await Deno.readTextFile(path));
  config.linux.namespaces = [{ type: "mount" }];
  delete config.hostname;
  await Deno.writeTextFile(path, JSON.stringify(config));
  const created = await createContainer(base);
  await startContainer(base.handle, base.id);
  // conmon keeps the output open for the process that is left: the exit file may wait for it.
  const left = await leftBehind(`${base.bundle}/rootfs/tmp`);
  await removeCgroup(`/beluga-test/${base.id}`);
  assert.equal(startTime(left), undefined);
  await waitForExit({ ...base, ...created });
  await remove(base);
});

async function leftBehind(directory: string): Promise<number> {
  using watch = new DirectoryWatch(directory);
  for (;;) {
    const text = await Deno.readTextFile(`${directory}/left`).catch(() => "");
    if (text.endsWith("\n")) return Number(text);
    await watch.changed();
  }
}

onEach(
  "--preserve-fds: the process gets descriptors from 3 up, and nothing that conmon holds",
  async (runtime, root) => {
    const args = ["sh", "-c", "cat <&3; ls /proc/self/fd | wc -l"];
    const base = await makeBundle({ runtime, root, args, extra: ["ls", "wc"] });
    await Deno.writeTextFile(`${root}/given`, "given\n");
    using given = open(`${root}/given`, O.RDONLY);
    using held = open("/dev/null", O.RDONLY);
    const input = { ...base, preservedFds: [given], heldFds: [held] };
    const created = await createContainer(input);
    await startContainer(input.handle, input.id);
    assert.equal((await waitForExit({ ...input, ...created })).exitCode, 0);
    const log = await Array.fromAsync(readLogs({ path: `${input.bundle}/ctr.log` }));
    const words = log.map((entry) => new TextDecoder().decode(entry.data).trim());
    // 0, 1, 2, the given one, and the directory that ls reads.
    assert.deepEqual(words, ["given", "5"]);
    await remove(input);
  },
);

onEach("conmon kills a container after its timeout, and writes no log where none is wanted", async (runtime, root) => {
  const base = await makeBundle({ runtime, root, args: ["sleep", "1000"] });
  const input = { ...base, timeout: 1, log: { driver: "none" } as const, noSyncLog: true };
  const created = await createContainer(input);
  await startContainer(input.handle, input.id);
  // What conmon says of a timeout; Podman exits with 255 then.
  assert.equal((await waitForExit({ ...input, ...created })).exitCode, -1);
  await assert.rejects(Deno.stat(`${input.bundle}/ctr.log`), Deno.errors.NotFound);
  await remove(input);
});
