/** What every engine must do with exec sessions. */

import assert from "node:assert/strict";
import type { ExecCreateConfig } from "../../../lib/engine/mod.ts";
import { bytes, created, fails, said, started, type Subject, type Suite } from "./subject.ts";

function configOf(Cmd: readonly string[], more: Partial<ExecCreateConfig> = {}): ExecCreateConfig {
  return {
    User: "",
    Privileged: false,
    Tty: false,
    AttachStdin: false,
    AttachStderr: true,
    AttachStdout: true,
    DetachKeys: "",
    Env: [],
    WorkingDir: "",
    Cmd,
    Detach: false,
    ...more,
  };
}

async function session(subject: Subject, command: readonly string[], more: Partial<ExecCreateConfig> = {}) {
  const name = await started(subject, ["sleep", "1000"]);
  const { Id } = await subject.engine.containers.execCreate({ name, config: configOf(command, more) });
  return { name, id: Id };
}

export const execSuite: Suite = {
  "execStart() carries output, and execInspect() the exit code": async (subject) => {
    const { containers } = subject.engine;
    const { name, id } = await session(subject, ["sh", "-c", "echo out; echo err >&2; exit 5"]);
    const line = await containers.execStart({ id });
    assert.deepEqual(await said(line.output), { stdout: "out\n", stderr: "err\n" });
    assert.equal(await line.ended, "finished");
    const report = await containers.execInspect({ id });
    assert.deepEqual([report.Running, report.ExitCode, report.ContainerID], [false, 5, name]);
    await containers.kill({ name });
  },

  "execStart() carries input": async (subject) => {
    const { name, id } = await session(subject, ["cat"], { AttachStdin: true });
    const line = await subject.engine.containers.execStart({ id });
    await line.write(bytes("typed"));
    await line.closeInput();
    assert.equal((await said(line.output)).stdout, "typed");
    await subject.engine.containers.kill({ name });
  },

  "execStartDetached() does not wait": async (subject) => {
    const { name, id } = await session(subject, ["sleep", "1000"], { Detach: true });
    await subject.engine.containers.execStartDetached({ id });
    assert.equal((await subject.engine.containers.execInspect({ id })).Running, true);
    await subject.engine.containers.kill({ name });
  },

  "execCreate() refuses a container that does not run": async (subject) => {
    const name = await created(subject, ["true"]);
    const config = configOf(["true"]);
    await fails("containerState", () => subject.engine.containers.execCreate({ name, config }));
  },

  "a session that nobody knows is refused": async ({ engine: { containers } }) => {
    const id = "0".repeat(64);
    await fails("noSuchExecSession", () => containers.execInspect({ id }));
    await fails("noSuchExecSession", () => containers.execStart({ id }));
    await fails("noSuchExecSession", () => containers.execStartDetached({ id }));
    await fails("noSuchExecSession", () => containers.execRemove({ id }));
  },

  "execRemove() forgets a session": async (subject) => {
    const { name, id } = await session(subject, ["true"]);
    await subject.engine.containers.execRemove({ id });
    await fails("noSuchExecSession", () => subject.engine.containers.execInspect({ id }));
    await subject.engine.containers.kill({ name });
  },
};
