/** `logs`: what containers have said. */

import type { Command, CommandContext } from "../command.ts";
import type { FlagValues } from "../flag_values.ts";
import type { Output } from "../io.ts";
import { selectContainers } from "./_select.ts";

export const command: Command = {
  path: "container logs",
  summary: "Print what containers wrote to stdout and stderr",
  examples: ["logs web", "logs -f --tail 10 web", "logs --since 10m -t web"],
  args: { text: "[options] CONTAINER [CONTAINER...]", min: 1, max: null, check: checkLogs },
  flags: [
    { name: "color", type: "bool", text: "Colour the names" },
    { name: "follow", type: "bool", short: "f", text: "Go on with what comes" },
    { name: "latest", type: "bool", short: "l", remote: false, text: "Take the newest container" },
    { name: "names", type: "bool", short: "n", text: "Put the container's name before each line" },
    { name: "since", type: "string", value: "TIME", text: "From this time on" },
    { name: "tail", type: "int64", default: -1, text: "So many lines from the end; -1: all" },
    { name: "timestamps", type: "bool", short: "t", text: "Put the time before each line" },
    { name: "until", type: "string", value: "TIME", text: "Up to this time" },
  ],
  unsupported: "details:bool!hidden",
  remote: true,
  access: "reads",
  run: showLogs,
};

function checkLogs(args: readonly string[], flags: FlagValues): string | undefined {
  const latest = flags.all.get("latest") === true;
  if (latest && args.length > 0) return "--latest and containers cannot be used together";
  return latest || args.length > 0 ? undefined : "specify at least one container name or ID to log";
}

async function showLogs(context: CommandContext): Promise<void> {
  const names = await selectContainers(context);
  const one = (name: string, index: number) => showOne(context, name, { index });
  if (context.flags.on("follow")) {
    await Promise.all(names.map(one));
    return;
  }
  for (const [index, name] of names.entries()) await one(name, index);
}

async function showOne(
  context: CommandContext,
  name: string,
  { index }: { readonly index: number },
): Promise<void> {
  const { engine, flags, io, signal } = context;
  const text = (flag: string) => flags.text(flag) === "" ? {} : { [flag]: flags.text(flag) };
  const prefix = linePrefix(flags, name, { index });
  const outputs = { stdout: prefixed(io.stdout, prefix), stderr: prefixed(io.stderr, prefix) };
  const frames = engine.containers.logs({
    name,
    follow: flags.on("follow"),
    stdout: true,
    stderr: true,
    timestamps: flags.on("timestamps"),
    ...text("since"),
    ...text("until"),
    ...(flags.number("tail") >= 0 ? { tail: flags.number("tail") } : {}),
  }, signal);
  for await (const frame of frames) outputs[frame.stream](frame.data);
}

/** Of the six colours that read well on dark and light. */
function linePrefix(flags: FlagValues, name: string, { index }: { readonly index: number }): string {
  if (!flags.on("names") && !flags.on("color")) return "";
  const label = flags.on("names") ? `${name} ` : `${name.slice(0, 12)} `;
  return flags.on("color") ? `\x1b[${31 + (index % 6)}m${label}\x1b[0m` : label;
}

/** Writes with `prefix` at the beginning of each line. */
function prefixed(output: Output, prefix: string): (data: Uint8Array) => void {
  if (prefix === "") return output.write;
  const decoder = new TextDecoder();
  let fresh = true;
  return (data) => {
    const text = decoder.decode(data, { stream: true });
    if (text === "") return;
    const lines = text.endsWith("\n") ? text.slice(0, -1) : text;
    output.write((fresh ? prefix : "") + lines.replaceAll("\n", `\n${prefix}`) + (text.endsWith("\n") ? "\n" : ""));
    fresh = text.endsWith("\n");
  };
}
