/** What every engine must do with containers. */

import assert from "node:assert/strict";
import { bytes, created, fails, said, specOf, started, type Suite, until } from "./subject.ts";

const unlisted = "no-such-container-here";

export const containerSuite: Suite = {
  "create() gives an id of 64 digits and runs nothing": async (subject) => {
    const { containers } = subject.engine;
    const { Id } = await containers.create({ spec: specOf(subject, ["true"], { name: "first" }) });
    assert.match(Id, /^[0-9a-f]{64}$/);
    assert.equal((await containers.inspect({ name: "first" })).State.Status, "created");
    assert.deepEqual(await containers.list({}), []);
    assert.deepEqual((await containers.list({ all: true })).map((one) => [one.Id, one.Names]), [[Id, ["first"]]]);
  },

  "create() refuses a name in use": async (subject) => {
    await created(subject, ["true"], { name: "taken" });
    await fails("containerExists", () => created(subject, ["true"], { name: "taken" }));
  },

  "create() refuses an image that is not there": async (subject) => {
    await fails("noSuchImage", () => created(subject, ["true"], { image: "localhost/absent:latest" }));
  },

  "create() keeps a label named __proto__": async (subject) => {
    const labels = JSON.parse('{"__proto__":"mine","constructor":"too"}');
    const name = await created(subject, ["true"], { labels });
    const { Labels } = (await subject.engine.containers.inspect({ name })).Config;
    assert.equal(Object.hasOwn(Labels, "__proto__"), true);
    assert.equal(Labels.constructor, "too");
  },

  "a container that nobody knows is refused by every operation": async ({ engine: { containers } }) => {
    const name = unlisted;
    await fails("noSuchContainer", () => containers.inspect({ name }));
    await fails("noSuchContainer", () => containers.start({ name }));
    await fails("noSuchContainer", () => containers.stop({ name }));
    await fails("noSuchContainer", () => containers.kill({ name }));
    await fails("noSuchContainer", () => containers.wait({ name }));
    await fails("noSuchContainer", () => containers.remove({ name }));
    await fails("noSuchContainer", () => containers.attach({ name }));
    await fails("noSuchContainer", () => said(containers.logs({ name })));
    assert.equal(await containers.exists({ name }), false);
  },

  "wait() gives the exit code": async (subject) => {
    const name = await started(subject, ["sh", "-c", "exit 3"]);
    assert.equal(await subject.engine.containers.wait({ name }), 3);
  },

  "wait() ends when its signal aborts": async (subject) => {
    const name = await started(subject, ["sleep", "1000"]);
    const stop = new AbortController();
    const waiting = subject.engine.containers.wait({ name }, stop.signal);
    waiting.catch(() => {});
    stop.abort();
    await assert.rejects(waiting);
    await subject.engine.containers.kill({ name });
  },

  "start() leaves a running container alone": async (subject) => {
    const name = await started(subject, ["sleep", "1000"]);
    await fails("notModified", () => subject.engine.containers.start({ name }));
    await subject.engine.containers.kill({ name });
  },

  "logs() tells the two streams apart": async (subject) => {
    const name = await started(subject, ["sh", "-c", "echo out; echo err >&2"]);
    await subject.engine.containers.wait({ name });
    const { containers } = subject.engine;
    assert.deepEqual(await said(containers.logs({ name })), { stdout: "out\n", stderr: "err\n" });
    assert.deepEqual(await said(containers.logs({ name, stderr: false })), { stdout: "out\n", stderr: "" });
  },

  "logs() gives the last lines": async (subject) => {
    const name = await started(subject, ["sh", "-c", "echo one; echo two; echo three"]);
    await subject.engine.containers.wait({ name });
    assert.equal((await said(subject.engine.containers.logs({ name, tail: 2 }))).stdout, "two\nthree\n");
  },

  "logs() follows until the container has ended": async (subject) => {
    const name = await created(subject, ["sh", "-c", "cat; echo end"], { stdin: true });
    const { containers } = subject.engine;
    const line = await containers.attach({ name });
    await containers.start({ name });
    const following = said(containers.logs({ name, follow: true }));
    await line.write(bytes("typed\n"));
    await line.closeInput();
    assert.equal((await following).stdout, "typed\nend\n");
    line.close();
  },

  "attach() before the start misses nothing": async (subject) => {
    const name = await created(subject, ["sh", "-c", "echo out; echo err >&2"]);
    const line = await subject.engine.containers.attach({ name, stdin: false });
    await subject.engine.containers.start({ name });
    assert.deepEqual(await said(line.output), { stdout: "out\n", stderr: "err\n" });
    assert.equal(await line.ended, "finished");
  },

  "attach() goes on after its input was closed": async (subject) => {
    const name = await created(subject, ["sh", "-c", "echo late"]);
    const line = await subject.engine.containers.attach({ name, stdin: false });
    await line.closeInput();
    await subject.engine.containers.inspect({ name });
    await subject.engine.containers.start({ name });
    assert.equal((await said(line.output)).stdout, "late\n");
  },

  "attach() carries input, and its end": async (subject) => {
    const name = await created(subject, ["cat"], { stdin: true });
    const { containers } = subject.engine;
    const line = await containers.attach({ name });
    await containers.start({ name });
    await line.write(bytes("one "));
    await line.write(bytes("two\n"));
    await line.closeInput();
    assert.equal((await said(line.output)).stdout, "one two\n");
    assert.equal(await containers.wait({ name }), 0);
  },

  "attach() carries a megabyte unharmed": async (subject) => {
    const name = await created(subject, ["cat"], { stdin: true });
    const line = await subject.engine.containers.attach({ name });
    await subject.engine.containers.start({ name });
    const text = "0123456789abcdef".repeat(65536);
    const output = said(line.output);
    await line.write(bytes(text));
    await line.closeInput();
    assert.equal((await output).stdout, text);
  },

  "attach() leaves at the keys to detach, and the container runs on": async (subject) => {
    const name = await created(subject, ["cat"], { stdin: true, terminal: true });
    const { containers } = subject.engine;
    const line = await containers.attach({ name, detachKeys: "ctrl-a,x" });
    await containers.start({ name });
    await line.write(bytes("hello\n"));
    await until(line, "hello");
    await line.write(new Uint8Array([1]));
    await line.write(bytes("x"));
    assert.equal(await line.ended, "detached");
    line.close();
    assert.equal((await containers.inspect({ name })).State.Running, true);
    await containers.kill({ name });
  },

  "kill() ends a container with its signal": async (subject) => {
    const name = await started(subject, ["sleep", "1000"]);
    await subject.engine.containers.kill({ name, signal: "KILL" });
    assert.equal(await subject.engine.containers.wait({ name }), 137);
    await fails("containerState", () => subject.engine.containers.kill({ name }));
  },

  "stop() without patience kills": async (subject) => {
    const name = await started(subject, ["sleep", "1000"]);
    await subject.engine.containers.stop({ name, timeout: 0 });
    assert.equal((await subject.engine.containers.inspect({ name })).State.ExitCode, 137);
  },

  "stop() may ignore that there is no such container": async ({ engine }) => {
    await engine.containers.stop({ name: unlisted, ignore: true });
  },

  "remove() refuses a running container unless forced": async (subject) => {
    const { containers } = subject.engine;
    const name = await started(subject, ["sleep", "1000"]);
    await fails("containerRunning", () => containers.remove({ name }));
    const reports = await containers.remove({ name, force: true });
    assert.deepEqual(reports.map(({ Id, Err }) => [Id, Err ?? null]), [[name, null]]);
    assert.equal(await containers.exists({ name }), false);
  },

  "a container may be named by the beginning of its id": async (subject) => {
    const id = await created(subject, ["true"]);
    assert.equal((await subject.engine.containers.inspect({ name: id.slice(0, 12) })).Id, id);
  },

  "list() filters by name and label": async (subject) => {
    const id = await created(subject, ["true"], { name: "wanted", labels: { colour: "red" } });
    await created(subject, ["true"], { name: "other", labels: { colour: "blue" } });
    const ids = async (filters: Readonly<Record<string, readonly string[]>>) =>
      (await subject.engine.containers.list({ all: true, filters })).map(({ Id }) => Id);
    assert.deepEqual(await ids({ name: ["wanted"] }), [id]);
    assert.deepEqual(await ids({ label: ["colour=red"] }), [id]);
    assert.deepEqual(await ids({ label: ["colour=green"] }), []);
  },

  "resize() is taken by a terminal": async (subject) => {
    const name = await started(subject, ["cat"], { terminal: true, stdin: true });
    await subject.engine.containers.resize({ name, width: 100, height: 40 });
    await subject.engine.containers.kill({ name });
  },
};
