/** Which containers a command means: by name, `--all`, `--filter`, `--latest` or `--cidfile`. */

import { EngineError } from "../../lib/errors.ts";
import type { ListContainer } from "../../lib/engine/mod.ts";
import { parseFilters } from "../_filters.ts";
import type { CommandContext } from "../command.ts";
import { fileReason } from "../io.ts";
import type { FlagValues } from "../flag_values.ts";

function has(flags: FlagValues, name: string): boolean {
  return flags.given(name) && (flags.all.get(name) !== false);
}

/** Podman's rule for `rm`, `stop` and `kill`. */
export function checkSelection(args: readonly string[], flags: FlagValues): string | undefined {
  const all = has(flags, "all");
  const latest = has(flags, "latest");
  const cidfile = has(flags, "cidfile");
  const filter = has(flags, "filter");
  if (cidfile && (all || latest)) return "--all, --latest, and --cidfile cannot be used together";
  if (all && latest) return "--all and --latest cannot be used together";
  if (filter && args.length > 0) return "--filter takes no arguments";
  if (all && args.length > 0) return "no arguments are needed with --all";
  if (latest && args.length > 0) return "no arguments are needed with --latest";
  if (args.length > 0 || all || latest || cidfile || filter) return undefined;
  return "you must provide at least one name or id";
}

/** What was typed for a container, and what the engine shall look for. */
export type Selected = { readonly name: string };

/** Those that the flags and arguments mean; with `--all` only those that pass `fits`. */
export async function selectContainers(
  context: CommandContext,
  fits: (container: ListContainer) => boolean = () => true,
): Promise<readonly string[]> {
  const { args, flags } = context;
  if (has(flags, "all")) {
    const listed = await list(context, flags.given("filter") ? flags.list("filter") : []);
    return listed.filter(fits).map((container) => container.Id);
  }
  if (has(flags, "filter")) return (await list(context, flags.list("filter"))).map((container) => container.Id);
  if (has(flags, "latest")) return [await latestContainer(context)];
  const fromFiles = flags.given("cidfile") ? await readCidFiles(context, flags.list("cidfile")) : [];
  return [...args, ...fromFiles];
}

async function list({ engine, signal }: CommandContext, words: readonly string[]): Promise<readonly ListContainer[]> {
  const filters = parseFilters(words);
  return await engine.containers.list({
    all: true,
    ...(words.length > 0 ? { filters } : {}),
  }, signal);
}

/** The id of the newest container. */
export async function latestContainer({ engine, signal }: CommandContext): Promise<string> {
  const [newest] = await engine.containers.list({ all: true, last: 1 }, signal);
  if (newest === undefined) throw new EngineError("noSuchContainer", "no such container");
  return newest.Id;
}

/** First lines of the files; with `--ignore` a missing file names nothing. */
export async function readCidFiles(context: CommandContext, paths: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const path of paths) {
    const text = await readCidFile(context, path);
    if (text !== undefined) ids.push(text.split("\n", 1)[0]?.trim() ?? "");
  }
  return ids;
}

async function readCidFile({ flags, io }: CommandContext, path: string): Promise<string | undefined> {
  try {
    return await io.files.readText(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound && flags.all.get("ignore") === true) return undefined;
    throw new EngineError("usage", `reading CIDFile: open ${path}: ${fileReason(error)}`, { cause: error });
  }
}
