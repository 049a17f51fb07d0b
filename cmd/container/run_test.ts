import assert from "node:assert/strict";
import { EngineError } from "../../lib/errors.ts";
import type { ContainerCreateResponse, PullEvent } from "../../lib/engine/mod.ts";
import { fakeLine } from "../_fake_engine.ts";
import { runCommandLine } from "../_run_command.ts";

const id = "c0ffee".padEnd(64, "0");
const created = (): Promise<ContainerCreateResponse> => Promise.resolve({ Id: id, Warnings: [] });
const nothing = () => Promise.resolve();

function containers(line = fakeLine([["stdout", "hi\n"], ["stderr", "oh\n"]])) {
  return {
    create: created,
    attach: () => Promise.resolve(line.duplex),
    start: nothing,
    wait: () => Promise.resolve(7),
    remove: () => Promise.resolve([]),
    kill: nothing,
    resize: nothing,
  };
}

function operations(calls: readonly (readonly [string, unknown])[]): readonly string[] {
  return calls.map(([operation]) => operation);
}

Deno.test("run attaches before it starts, prints what is said and ends as the container did", async () => {
  const outcome = await runCommandLine(["run", "--rm", "alpine", "true"], { containers: containers() });
  assert.deepEqual([outcome.code, outcome.stdout, outcome.stderr], [7, "hi\n", "oh\n"]);
  assert.deepEqual(operations(outcome.calls), [
    "containers.create",
    "containers.attach",
    "containers.start",
    "containers.wait",
  ]);
});

Deno.test("run hands image, command and the command line to the engine", async () => {
  const { calls } = await runCommandLine(["run", "-e", "A=1", "alpine", "ls", "-l"], { containers: containers() });
  const { spec } = calls[0]?.[1] as { spec: Record<string, unknown> };
  assert.equal(spec.image, "alpine");
  assert.deepEqual(spec.command, ["ls", "-l"]);
  assert.deepEqual(spec.containerCreateCommand, ["beluga", "run", "-e", "A=1", "alpine", "ls", "-l"]);
});

Deno.test("run -d prints the id and neither attaches nor waits", async () => {
  const outcome = await runCommandLine(["run", "-d", "alpine"], { containers: containers() });
  assert.equal(outcome.stdout, `${id}\n`);
  assert.deepEqual(operations(outcome.calls), ["containers.create", "containers.start"]);
});

Deno.test("run -i hands input over and half-closes it at its end", async () => {
  const line = fakeLine([["stdout", "done\n"]], { echo: true });
  await runCommandLine(["run", "-i", "alpine", "cat"], { containers: containers(line), io: { stdin: ["a", "b"] } });
  assert.deepEqual(line.written, ["a", "b", "<end>"]);
  assert.equal(line.closed(), true);
});

Deno.test("run without -i leaves input alone", async () => {
  const line = fakeLine([]);
  const { calls } = await runCommandLine(["run", "alpine"], { containers: containers(line), io: { stdin: ["a"] } });
  assert.deepEqual(line.written, []);
  assert.equal((calls[1]?.[1] as { stdin: boolean }).stdin, false);
});

Deno.test("run -it makes the terminal raw, tells its size, and leaves it as it was", async () => {
  const io = { terminal: true, size: { width: 80, height: 24 }, stdinOpen: true };
  const outcome = await runCommandLine(["run", "-it", "alpine"], { containers: containers(), io });
  assert.deepEqual(outcome.io.terminal, ["raw", "cooked"]);
  assert.deepEqual(outcome.calls.find(([operation]) => operation === "containers.resize")?.[1], {
    name: id,
    width: 80,
    height: 24,
  });
  assert.equal(outcome.io.send("SIGWINCH"), false);
});

Deno.test("run passes signals on until it ends", async () => {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  const line = fakeLine([], { until: ended });
  const kills: unknown[] = [];
  const kill = (input: unknown) => Promise.resolve(void kills.push(input));
  const { fakeIo } = await import("../_fake_io.ts");
  const { talk } = await import("./_attach.ts");
  const io = fakeIo();
  const talking = talk(io.io, {
    duplex: line.duplex,
    tty: false,
    stdin: false,
    stdout: true,
    stderr: true,
    begin: () => Promise.resolve(start()),
    resize: nothing,
    kill,
  });
  await started;
  assert.equal(io.send("SIGTERM"), true);
  end();
  assert.equal(await talking, "finished");
  assert.deepEqual(kills, ["TERM"]);
  assert.equal(io.send("SIGTERM"), false);
});

Deno.test("run ends with 0 and does not wait when the keys to detach were typed", async () => {
  const line = fakeLine([["stdout", "x"]], { ended: "detached" });
  const outcome = await runCommandLine(["run", "-it", "alpine"], { containers: containers(line) });
  assert.equal(outcome.code, 0);
  assert.ok(!operations(outcome.calls).includes("containers.wait"));
});

Deno.test("run pulls an image that is missing and creates again, with progress on stderr", async () => {
  let tries = 0;
  async function* pull(): AsyncGenerator<PullEvent> {
    yield { stream: "Trying to pull docker.io/library/alpine:latest...\n" };
    yield { progress: { digest: "sha256:aa", what: "blob", current: 1, total: 2, state: "running" } };
    yield { progress: { digest: "sha256:aa", what: "blob", current: 2, total: 2, state: "done" } };
    yield await Promise.resolve({ id: "f00", images: ["f00"] });
  }
  const create = () =>
    tries++ === 0 ? Promise.reject(new EngineError("noSuchImage", "alpine: image not known")) : created();
  const outcome = await runCommandLine(["run", "alpine"], {
    containers: { ...containers(), create },
    images: { pull },
  });
  assert.equal(outcome.code, 7);
  assert.equal(
    outcome.stderr,
    "Trying to pull docker.io/library/alpine:latest...\nCopying blob sha256:aa\noh\n",
  );
  assert.deepEqual(operations(outcome.calls).slice(0, 3), ["containers.create", "images.pull", "containers.create"]);
});

Deno.test("run --pull=never leaves a missing image missing", async () => {
  const create = () => Promise.reject(new EngineError("noSuchImage", "nosuch: image not known"));
  const outcome = await runCommandLine(["run", "--pull", "never", "nosuch"], { containers: { create } });
  assert.deepEqual([outcome.code, outcome.stderr], [125, "Error: nosuch: image not known\n"]);
});

Deno.test("run --rm removes a container that could not start and exits with the code of its failure", async () => {
  const start = () => Promise.reject(new EngineError("commandNotFound", 'exec: "nosuch": not found'));
  const outcome = await runCommandLine(["run", "--rm", "alpine", "nosuch"], { containers: { ...containers(), start } });
  assert.equal(outcome.code, 127);
  assert.equal(outcome.calls.at(-1)?.[0], "containers.remove");
});

Deno.test("run refuses an existing cidfile before it creates, and writes a new one", async () => {
  const there = await runCommandLine(["run", "--cidfile", "/id", "alpine"], { io: { files: { "/id": "" } } });
  assert.deepEqual([there.code, there.calls.length], [125, 0]);
  const fresh = await runCommandLine(["run", "-d", "--cidfile", "/id", "alpine"], { containers: containers() });
  assert.equal(fresh.io.files.get("/id"), id);
});

Deno.test("run --replace needs a name and removes what has it", async () => {
  const nameless = await runCommandLine(["run", "--replace", "alpine"]);
  assert.equal(nameless.stderr, "Error: cannot replace container without --name being set\n");
  const { calls } = await runCommandLine(["run", "-d", "--replace", "--name", "web", "alpine"], {
    containers: containers(),
  });
  assert.deepEqual(calls[0], ["containers.remove", { name: "web", force: true, ignore: true }]);
});

Deno.test("run refuses a stream or a pull policy that it does not know", async () => {
  const stream = await runCommandLine(["run", "-a", "nosuch", "alpine"]);
  assert.match(stream.stderr, /invalid stream "nosuch" for --attach - must be one of stdin, stdout, or stderr/);
  const policy = await runCommandLine(["run", "--pull", "bad", "alpine"]);
  assert.deepEqual([policy.code, policy.stderr], [125, 'Error: unsupported pull policy "bad"\n']);
});

Deno.test("run whose reader went away leaves the container alone", async () => {
  const { OutputClosed } = await import("../io.ts");
  const line = fakeLine([["stdout", "y\n"]]);
  const broken = () => {
    throw new OutputClosed("gone");
  };
  const { fakeIo } = await import("../_fake_io.ts");
  const { talk } = await import("./_attach.ts");
  const { io } = fakeIo();
  const talking = talk({ ...io, stdout: { ...io.stdout, write: broken } }, {
    duplex: line.duplex,
    tty: false,
    stdin: false,
    stdout: true,
    stderr: true,
    resize: nothing,
  });
  await assert.rejects(talking, OutputClosed);
  assert.equal(line.closed(), true);
});

Deno.test("run keeps no password in the command line that stays with the container", async () => {
  const line = ["run", "-d", "--creds", "me:secret", "--creds=me:secret", "alpine", "--creds", "shown"];
  const { calls } = await runCommandLine(line, { containers: containers() });
  const { spec } = calls[0]?.[1] as { spec: Record<string, unknown> };
  assert.deepEqual(spec.containerCreateCommand, [
    ...["beluga", "run", "-d", "--creds", "***", "--creds=***", "alpine", "--creds", "shown"],
  ]);
});
