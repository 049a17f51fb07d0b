/** The programs that are compared: the same command line, each with a store of its own. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { type Command, run } from "./measure.ts";

export type Engine = {
  readonly name: string;
  /** The folder of all its files. */
  readonly place: string;
  /** The command line for `words`, with this engine's store and runtime before them. */
  readonly command: (...words: readonly string[]) => Command;
  /** The same engine with another, empty store below `folder`. */
  readonly at: (folder: string) => Engine;
};

export type EngineOptions = { readonly name: string; readonly program: string; readonly runtime: string };

/** An engine whose store is below `folder`. */
export function makeEngine(folder: string, options: EngineOptions): Engine {
  const { name, program, runtime } = options;
  const place = join(folder, name);
  const flags = ["--root", join(place, "root"), "--runroot", join(place, "run"), "--tmpdir", join(place, "tmp")];
  const global = [...flags, "--runtime", runtime, "--cgroup-manager", "cgroupfs"];
  return {
    name,
    place,
    command: (...words) => ({ argv: [program, ...global, ...words] }),
    at: (other) => makeEngine(other, options),
  };
}

/** Removes the engine's containers and then its files, whose layers may belong to anybody. */
export async function clear({ place, command }: Engine): Promise<void> {
  if (!existsSync(place)) return;
  await run(command("rm", "-a", "-f", "-t", "0")).catch(() => {});
  await run({ argv: ["sh", "-c", 'umount -l "$1"/root/overlay 2>/dev/null; rm -rf "$1"', "sh", place] });
}

/** Runs `action` with the same engine on an empty store, and removes that store again. */
export async function inNewStore<T>(engine: Engine, action: (fresh: Engine) => Promise<T>): Promise<T> {
  const folder = join(dirname(engine.place), "new"); // Podman takes no runroot beyond 50 characters
  const fresh = engine.at(folder);
  try {
    return await action(fresh);
  } finally {
    await clear(fresh);
    await Deno.remove(folder, { recursive: true });
  }
}
