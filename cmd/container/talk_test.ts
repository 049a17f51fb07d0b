import assert from "node:assert/strict";
import { EngineError } from "../../lib/errors.ts";
import type { Frame, InspectContainerData } from "../../lib/engine/mod.ts";
import { fakeLine } from "../_fake_engine.ts";
import { runCommandLine } from "../_run_command.ts";

const nothing = () => Promise.resolve();

function inspected(fields: { readonly Running?: boolean; readonly Tty?: boolean; readonly OpenStdin?: boolean }) {
  const { Running = true, Tty = false, OpenStdin = false } = fields;
  const report = { Id: "f00", State: { Running }, Config: { Tty, OpenStdin } };
  return () => Promise.resolve(readInspection(report));
}

function readInspection(report: unknown): InspectContainerData {
  return report as InspectContainerData;
}

Deno.test("exec runs a session attached and exits as it did", async () => {
  const line = fakeLine([["stdout", "out"], ["stderr", "err"]]);
  const outcome = await runCommandLine(["exec", "-e", "A=1", "-w", "/srv", "web", "ls", "-l"], {
    containers: {
      execCreate: () => Promise.resolve({ Id: "5e55" }),
      execStart: () => Promise.resolve(line.duplex),
      execInspect: () => Promise.resolve({ ExitCode: 9 } as never),
      execRemove: nothing,
    },
  });
  assert.deepEqual([outcome.code, outcome.stdout, outcome.stderr], [9, "out", "err"]);
  const { config } = outcome.calls[0]?.[1] as { config: Record<string, unknown> };
  assert.deepEqual([config.Cmd, config.Env, config.WorkingDir], [["ls", "-l"], ["A=1"], "/srv"]);
});

Deno.test("exec on a container that is not running exits 255", async () => {
  const words = "can only create exec sessions on running containers: container state improper";
  const execCreate = () => Promise.reject(new EngineError("containerState", words));
  const outcome = await runCommandLine(["exec", "c3", "true"], { containers: { execCreate } });
  assert.deepEqual([outcome.code, outcome.stderr], [255, `Error: ${words}\n`]);
});

Deno.test("exec -d prints the session and does not attach", async () => {
  const outcome = await runCommandLine(["exec", "-d", "web", "true"], {
    containers: { execCreate: () => Promise.resolve({ Id: "5e55" }), execStartDetached: nothing },
  });
  assert.deepEqual([outcome.code, outcome.stdout], [0, "5e55\n"]);
});

Deno.test("start -a talks and exits as the container did", async () => {
  const line = fakeLine([["stdout", "hello world\n"]]);
  const outcome = await runCommandLine(["start", "-a", "job"], {
    containers: {
      inspect: inspected({ Running: false }),
      attach: () => Promise.resolve(line.duplex),
      start: nothing,
      wait: () => Promise.resolve(3),
    },
  });
  assert.deepEqual([outcome.code, outcome.stdout], [3, "hello world\n"]);
});

Deno.test("attach refuses a container that does not run", async () => {
  const outcome = await runCommandLine(["attach", "c3"], { containers: { inspect: inspected({ Running: false }) } });
  const words = "Error: attaching to container f00: you can only attach to running containers\n";
  assert.deepEqual([outcome.code, outcome.stderr], [125, words]);
});

Deno.test("attach hands input over only if the container reads it", async () => {
  const closed = fakeLine([]);
  await runCommandLine(["attach", "web"], {
    containers: { inspect: inspected({}), attach: () => Promise.resolve(closed.duplex) },
    io: { stdin: ["x"] },
  });
  assert.deepEqual(closed.written, []);
  const open = fakeLine([], { echo: true });
  await runCommandLine(["attach", "web"], {
    containers: { inspect: inspected({ OpenStdin: true }), attach: () => Promise.resolve(open.duplex) },
    io: { stdin: ["x"] },
  });
  assert.deepEqual(open.written, ["x", "<end>"]);
});

async function* frames(...texts: readonly (readonly [Frame["stream"], string])[]): AsyncGenerator<Frame> {
  for (const [stream, text] of texts) yield await Promise.resolve({ stream, data: new TextEncoder().encode(text) });
}

Deno.test("logs keeps the two streams apart and asks for what the flags say", async () => {
  const logs = () => frames(["stdout", "a\n"], ["stderr", "b\n"]);
  const outcome = await runCommandLine(["logs", "-t", "--tail", "2", "--since", "10m", "web"], {
    containers: { logs },
  });
  assert.deepEqual([outcome.stdout, outcome.stderr], ["a\n", "b\n"]);
  assert.deepEqual(outcome.calls[0]?.[1], {
    name: "web",
    follow: false,
    stdout: true,
    stderr: true,
    timestamps: true,
    since: "10m",
    tail: 2,
  });
});

Deno.test("logs -n puts the name before each line, also before one that comes in pieces", async () => {
  const logs = () => frames(["stdout", "one\ntw"], ["stdout", "o\n"]);
  const outcome = await runCommandLine(["logs", "-n", "web"], { containers: { logs } });
  assert.equal(outcome.stdout, "web one\nweb two\n");
});
