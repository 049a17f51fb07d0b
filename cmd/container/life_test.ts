import assert from "node:assert/strict";
import { EngineError } from "../../lib/errors.ts";
import { runCommandLine } from "../_run_command.ts";
import { exited, running } from "./_samples.ts";

const list = () => Promise.resolve([running, exited]);
const nothing = () => Promise.resolve();
const missing = (name: string) =>
  new EngineError("noSuchContainer", `no container with ID or name "${name}" found: no such container`);
const busy = new EngineError("containerState", "cannot remove container x as it is running: container state improper");

type Named = { readonly name: string };

function removeAllBut(failures: Readonly<Record<string, Error>>) {
  return ({ name }: Named) => {
    const error = failures[name];
    return error === undefined ? Promise.resolve([{ Id: name.padEnd(64, "0"), Err: null }]) : Promise.reject(error);
  };
}

Deno.test("rm goes on after a failure, prints what it removed and every complaint", async () => {
  const remove = removeAllBut({ a: missing("a"), c: busy });
  const outcome = await runCommandLine(["rm", "a", "b", "c", "d"], { containers: { remove } });
  assert.deepEqual([outcome.code, outcome.stdout], [2, "b\nd\n"]);
  assert.equal(outcome.stderr, `Error: ${missing("a").message}\nError: ${busy.message}\n`);
});

Deno.test("rm exits 1 for missing ones alone, 2 for running ones, 125 for the rest", async () => {
  const codeOf = async (...errors: readonly Error[]) => {
    const failures = Object.fromEntries(errors.map((error, at) => [`c${at}`, error]));
    const outcome = await runCommandLine(["rm", ...Object.keys(failures)], {
      containers: { remove: removeAllBut(failures) },
    });
    return outcome.code;
  };
  assert.equal(await codeOf(missing("a")), 1);
  assert.equal(await codeOf(busy), 2);
  assert.equal(await codeOf(missing("a"), busy), 2);
  assert.equal(await codeOf(missing("a"), new EngineError("internal", "disk on fire")), 125);
});

Deno.test("rm --all means every container, --filter those that match, --latest the newest", async () => {
  const remove = ({ name }: Named) => Promise.resolve([{ Id: name, Err: null }]);
  const removed = async (...argv: readonly string[]) =>
    (await runCommandLine(["rm", ...argv], { containers: { list, remove } })).calls;
  assert.deepEqual((await removed("--all")).map(([operation]) => operation), [
    "containers.list",
    "containers.remove",
    "containers.remove",
  ]);
  assert.deepEqual((await removed("--filter", "name=x"))[0]?.[1], {
    all: true,
    filters: Object.assign(Object.create(null), { name: ["x"] }),
  });
  assert.deepEqual((await removed("--latest")).length, 2);
});

Deno.test("rm --cidfile reads the id, and with --ignore does without a missing file", async () => {
  const remove = ({ name }: Named) => Promise.resolve([{ Id: name, Err: null }]);
  const there = await runCommandLine(["rm", "--cidfile", "/id"], {
    containers: { remove },
    io: { files: { "/id": "abc\n" } },
  });
  assert.equal(there.stdout, "abc\n");
  const gone = await runCommandLine(["rm", "--cidfile", "/id"], { containers: { remove } });
  assert.deepEqual([gone.code, gone.stderr], [125, "Error: reading CIDFile: open /id: no such file or directory\n"]);
  const ignored = await runCommandLine(["rm", "--ignore", "--cidfile", "/id"], { containers: { remove } });
  assert.equal(ignored.code, 0);
});

Deno.test("stop --all means those that live, and hands the time over only if given", async () => {
  const { calls, stdout } = await runCommandLine(["stop", "--all"], { containers: { list, stop: nothing } });
  assert.deepEqual(calls.at(-1), ["containers.stop", { name: running.Id, ignore: false }]);
  assert.equal(stdout, `${running.Id}\n`);
  const timed = await runCommandLine(["stop", "--timeout", "3", "web"], { containers: { stop: nothing } });
  assert.deepEqual(timed.calls[0]?.[1], { name: "web", ignore: false, timeout: 3 });
});

Deno.test("kill sends KILL unless told otherwise", async () => {
  const plain = await runCommandLine(["kill", "web"], { containers: { kill: nothing } });
  assert.deepEqual(plain.calls[0]?.[1], { name: "web", signal: "KILL" });
  const hup = await runCommandLine(["container", "kill", "-s", "HUP", "web"], { containers: { kill: nothing } });
  assert.deepEqual([hup.calls[0]?.[1], hup.stdout], [{ name: "web", signal: "HUP" }, "web\n"]);
});

Deno.test("start leaves a running container alone and fails for one that is missing", async () => {
  const start = ({ name }: Named) =>
    name === "gone"
      ? Promise.reject(missing("gone"))
      : Promise.reject(new EngineError("notModified", "container already started"));
  const outcome = await runCommandLine(["start", "web", "gone"], { containers: { start } });
  assert.deepEqual([outcome.code, outcome.stdout], [125, "web\n"]);
});

Deno.test("wait prints a code for each, and -1 with --ignore for those that are missing", async () => {
  const wait = ({ name }: Named) => name === "gone" ? Promise.reject(missing("gone")) : Promise.resolve(3);
  const outcome = await runCommandLine(["wait", "--ignore", "web", "gone"], { containers: { wait } });
  assert.deepEqual([outcome.code, outcome.stdout], [0, "3\n-1\n"]);
});

Deno.test("wait --exit-first-match prints the first and lets the others go", async () => {
  const wait = ({ name }: Named, signal?: AbortSignal) =>
    name === "quick"
      ? Promise.resolve(5)
      : new Promise<number>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  const outcome = await runCommandLine(["wait", "--exit-first-match", "slow", "quick"], { containers: { wait } });
  assert.deepEqual([outcome.code, outcome.stdout], [0, "5\n"]);
});

Deno.test("container exists answers by its exit code alone", async () => {
  const exists = ({ name }: Named) => Promise.resolve(name === "web");
  const yes = await runCommandLine(["container", "exists", "web"], { containers: { exists } });
  const no = await runCommandLine(["container", "exists", "nosuch"], { containers: { exists } });
  assert.deepEqual([yes.code, no.code, no.stdout + no.stderr], [0, 1, ""]);
});

Deno.test("container cleanup hands conmon's words to the engine", async () => {
  const { calls } = await runCommandLine(["container", "cleanup", "--stopped-only", "--rm", "abc"], {
    containers: { cleanup: nothing },
  });
  assert.deepEqual(calls[0]?.[1], { name: "abc", remove: true, stoppedOnly: true });
});
