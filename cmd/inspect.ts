/** `inspect`: any object by name or id, containers first. */

import { EngineError, type ErrorKindName, isKind } from "../lib/errors.ts";
import { checkNames, containerNames, inspectAll } from "./_inspect.ts";
import type { Command, CommandContext } from "./command.ts";
import type { FlagValues } from "./flag_values.ts";
import { latestContainer } from "./container/_select.ts";

export const command: Command = {
  path: "inspect",
  summary: "Low-level JSON description of any object, found by name or ID",
  examples: ["inspect web", "inspect --type image alpine", 'inspect --format "{{.State.Status}}" web'],
  args: { text: "[options] {ARTIFACT|CONTAINER|IMAGE|POD|NETWORK|VOLUME} [...]", check: checkInspect },
  flags: [
    {
      name: "format",
      type: "string",
      short: "f",
      default: "json",
      value: "FORMAT",
      text: "Print as json or by a Go template",
    },
    { name: "latest", type: "bool", short: "l", remote: false, text: "Take the newest container" },
    { name: "size", type: "bool", short: "s", text: "Add sizes of containers" },
    {
      name: "type",
      type: "string",
      short: "t",
      default: "all",
      value: "TYPE",
      text: "What to look for (all, container, image, network, volume)",
    },
  ],
  remote: true,
  access: "reads",
  run: inspect,
};

function checkInspect(args: readonly string[], flags: FlagValues): string | undefined {
  const latest = flags.all.get("latest") === true;
  if (latest && args.length > 0) return "--latest and arguments cannot be used together";
  return latest ? undefined : checkNames(args);
}

type Noun = { readonly missing: ErrorKindName; readonly lookUp: (name: string) => Promise<unknown> };

function nounsOf({ engine, flags, signal }: CommandContext): Readonly<Record<string, Noun>> {
  const size = flags.on("size");
  return {
    container: {
      missing: "noSuchContainer",
      lookUp: (name) => engine.containers.inspect({ name, size }, signal),
    },
    image: { missing: "noSuchImage", lookUp: (name) => engine.images.inspect({ name }, signal) },
    volume: { missing: "noSuchVolume", lookUp: (name) => engine.volumes.inspect({ name }, signal) },
    network: { missing: "noSuchNetwork", lookUp: (name) => engine.networks.inspect({ name }, signal) },
  };
}

async function inspect(context: CommandContext): Promise<void> {
  const { args, flags } = context;
  const nouns = nounsOf(context);
  const type = flags.text("type");
  if (["pod", "artifact"].includes(type)) throw new EngineError("unsupported", `--type ${type} is not supported yet`);
  if (type !== "all" && !Object.hasOwn(nouns, type)) {
    const words =
      `invalid type "${type}": must be "image", "container", "pod", "network", "volume", "artifact", or "all"`;
    throw new EngineError("usage", words);
  }
  const wanted = type === "all" ? Object.values(nouns) : [nouns[type]].filter((noun) => noun !== undefined);
  const names = flags.all.get("latest") === true ? [await latestContainer(context)] : args;
  await inspectAll(context, { names, renamed: containerNames, lookUp: (name) => lookUpAny(wanted, name) });
}

async function lookUpAny(nouns: readonly Noun[], name: string): Promise<unknown> {
  for (const noun of nouns) {
    try {
      return await noun.lookUp(name);
    } catch (error) {
      if (!isKind(error, noun.missing) || nouns.length === 1) throw error;
    }
  }
  throw new EngineError("notFound", `no such object: "${name}"`);
}
