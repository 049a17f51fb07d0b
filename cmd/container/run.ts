/** `run`: create, attach, start, talk, and end as the container ended. */

import { EngineError } from "../../lib/errors.ts";
import type { CreateSpec } from "../../lib/engine/mod.ts";
import { type Command, type CommandContext, CommandFailure } from "../command.ts";
import { talk } from "./_attach.ts";
import { createContainer } from "./_create.ts";
import { detachKeys } from "./_detach_keys.ts";
import { createFlags, runFlags, unsupportedCreateFlags, unsupportedRunFlags } from "./create_flags.ts";

export const command: Command = {
  path: "container run",
  summary: "Create a container from an image and start it at once",
  description:
    "Makes a container from the image, starts it and stays with it until it ends, then exits with its exit code.",
  examples: ["run hello", "run --rm -it debian bash", "run -d --name web -p 8080:80 nginx"],
  args: { text: "[options] IMAGE [COMMAND [ARG...]]", min: 1, max: null },
  flags: [...createFlags, ...runFlags],
  unsupported: unsupportedCreateFlags + unsupportedRunFlags,
  remote: true,
  access: "writes",
  flagsBeforeArgsOnly: true,
  run: runContainer,
};

type Streams = { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };

async function runContainer(context: CommandContext): Promise<number> {
  const { engine, flags, io, signal } = context;
  const streams = wantedStreams(context);
  const { id, spec } = await createContainer(context);
  const preserve = flags.number("preserve-fds");
  const start = { name: id, detachKeys: detachKeys(context), ...(preserve > 0 ? { preserveFds: preserve } : {}) };
  if (flags.on("detach")) {
    await orDrop(context, id, { action: engine.containers.start(start, signal) });
    io.stdout.write(`${id}\n`);
    return 0;
  }
  if (spec.log_configuration?.driver?.startsWith("passthrough") === true) {
    await orDrop(context, id, { action: engine.containers.start(start, signal) });
  } else if (await runAttached(context, { start, spec, streams }) === "detached") {
    return 0;
  }
  return await engine.containers.wait({ name: id }, signal);
}

/**
 * A container with `--rm` that could not start goes at once; the first failure is the one to tell. What fails once there
 * is a container has exit code 126, as Podman's, or 127 for a command that is not there.
 */
async function orDrop<T>(
  { engine, flags }: CommandContext,
  id: string,
  { action }: { readonly action: Promise<T> },
): Promise<T> {
  try {
    return await action;
  } catch (error) {
    if (flags.on("rm")) {
      await engine.containers.remove({ name: id, force: true, volumes: true, ignore: true }).catch(() => {});
    }
    const isGeneral = error instanceof EngineError && error.exitCode === 125 && error.kind !== "cancelled";
    throw isGeneral ? new CommandFailure(126, [error]) : error;
  }
}

type Attached = {
  readonly start: { readonly name: string; readonly detachKeys: string; readonly preserveFds?: number };
  readonly spec: CreateSpec;
  readonly streams: Streams;
};

async function runAttached(context: CommandContext, run: Attached): Promise<"finished" | "detached"> {
  const { engine, flags, io, signal } = context;
  const { name } = run.start;
  const attaching = engine.containers.attach({ ...run.start, ...run.streams }, signal);
  const duplex = await orDrop(context, name, { action: attaching });
  return await talk(io, {
    duplex,
    tty: run.spec.terminal === true,
    ...run.streams,
    begin: () => orDrop(context, name, { action: engine.containers.start(run.start, signal) }),
    resize: (size) => engine.containers.resize({ name, ...size }),
    ...(flags.on("sig-proxy") ? { kill: (which: string) => engine.containers.kill({ name, signal: which }) } : {}),
  });
}

/** Those of `--attach`; without it output, and input with `--interactive`. */
function wantedStreams({ flags }: CommandContext): Streams {
  const stdin = flags.on("interactive");
  if (!flags.given("attach")) return { stdin, stdout: true, stderr: true };
  const asked = flags.list("attach").map((name) => name.toLowerCase());
  const unknown = asked.find((name) => !["stdin", "stdout", "stderr"].includes(name));
  if (unknown !== undefined) {
    const words =
      `invalid stream "${unknown}" for --attach - must be one of stdin, stdout, or stderr: invalid argument`;
    throw new EngineError("invalidArgument", words);
  }
  return {
    stdin: stdin || asked.includes("stdin"),
    stdout: asked.includes("stdout"),
    stderr: asked.includes("stderr"),
  };
}
