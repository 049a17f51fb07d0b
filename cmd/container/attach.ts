/** `attach`: joins the terminal of a running container. */

import { EngineError } from "../../lib/errors.ts";
import type { Command, CommandContext } from "../command.ts";
import type { FlagValues } from "../flag_values.ts";
import { detachKeys } from "./_detach_keys.ts";
import { talk } from "./_attach.ts";
import { latestContainer } from "./_select.ts";

export const command: Command = {
  path: "container attach",
  summary: "Connect the terminal's stdio to the main process of a container that is up",
  examples: ["attach web", "attach --no-stdin job"],
  args: { text: "[options] CONTAINER", min: 1, max: 1, check: checkAttach },
  flags: [
    {
      name: "detach-keys",
      type: "string",
      default: "ctrl-p,ctrl-q",
      value: "KEYS",
      text: "Keys that leave the container running",
    },
    { name: "latest", type: "bool", short: "l", remote: false, text: "Take the newest container" },
    { name: "no-stdin", type: "bool", text: "Leave standard input alone" },
    { name: "sig-proxy", type: "bool", default: true, text: "Pass signals on to the container" },
  ],
  remote: true,
  access: "writes",
  run: attach,
};

type Call = { readonly commandPath: string };

function checkAttach(args: readonly string[], flags: FlagValues, { commandPath }: Call): string | undefined {
  const latest = flags.all.get("latest") === true;
  if (args.length > 1 || (args.length === 0 && !latest)) {
    return `"${commandPath}" requires a name, id, or the "--latest" flag`;
  }
  return args.length === 1 && latest ? "--latest and containers cannot be used together" : undefined;
}

async function attach(context: CommandContext): Promise<void> {
  const { args, engine, flags, io, signal } = context;
  const name = args[0] ?? await latestContainer(context);
  const { Config, Id, State } = await engine.containers.inspect({ name }, signal);
  if (!State.Running) {
    const words = `attaching to container ${Id}: you can only attach to running containers`;
    throw new EngineError("containerState", words);
  }
  const streams = { stdin: Config.OpenStdin && !flags.on("no-stdin"), stdout: true, stderr: true };
  const duplex = await engine.containers.attach(
    { name: Id, ...streams, detachKeys: detachKeys(context) },
    signal,
  );
  await talk(io, {
    duplex,
    tty: Config.Tty,
    ...streams,
    resize: (size) => engine.containers.resize({ name: Id, ...size }),
    ...(flags.on("sig-proxy") ? { kill: (which: string) => engine.containers.kill({ name: Id, signal: which }) } : {}),
  });
}
