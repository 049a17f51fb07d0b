import { EngineError } from "../errors.ts";
import { stat } from "../sys/file.ts";
import { findProgram } from "../sys/program.ts";
import { ProcessError, run } from "../sys/run.ts";
import { type RuntimeHost, usualDirs } from "./_programs.ts";

const helperDirs = ["/usr/libexec/podman", "/usr/local/libexec/podman", "/usr/lib/podman"];

export type FindConmonOptions = {
  /** `paths` were asked for: nothing else will do. */
  readonly only?: boolean;
  readonly find?: RuntimeHost["find"];
};

/** The path of conmon: `paths` (containers.conf `conmon_path`, `--conmon`) in order, then the usual places. */
export function findConmon(
  paths: readonly string[],
  { only = false, find = findProgram }: FindConmonOptions = {},
): string {
  for (const path of paths) {
    if (find(path) !== undefined) return path;
  }
  if (only) {
    const tried = paths.map((path) => `"${path}"`).join(", ");
    throw new EngineError("invalidArgument", `find conmon: ${tried} is no program that can be executed`);
  }
  const found = find("conmon", [...helperDirs, ...usualDirs]) ?? find("conmon");
  if (found !== undefined) return found;
  throw new EngineError(
    "helperMissing",
    'find "conmon": not installed; every container needs it as its monitor (Debian: apt-get install conmon)',
  );
}

/** What this conmon knows beyond what every one does. */
export type ConmonFeatures = { readonly noSyncLog: boolean };

/**
 * Asks conmon once and keeps the answer in `cacheFile` (RUNROOT/conmon.json), as long as it is the same file. The cache
 * is only a saving: one that cannot be read or written is passed over.
 */
export async function conmonFeatures(
  input: { readonly conmon: string; readonly cacheFile: string },
): Promise<ConmonFeatures> {
  const { ino, size, mtime } = stat(input.conmon);
  const key = `${input.conmon} ${ino} ${size} ${mtime.sec}.${mtime.nsec}`;
  const cached = readCache(input.cacheFile, key);
  if (cached !== undefined) return cached;
  const features = { noSyncLog: (await helpOf(input.conmon)).includes("--no-sync-log") };
  writeCache(input.cacheFile, JSON.stringify({ key, ...features }));
  return features;
}

async function helpOf(conmon: string): Promise<string> {
  try {
    return (await run([conmon, "--help"])).stdout;
  } catch (error) {
    if (error instanceof ProcessError) return "";
    throw error;
  }
}

function readCache(file: string, key: string): ConmonFeatures | undefined {
  try {
    const value: unknown = JSON.parse(Deno.readTextFileSync(file));
    if (typeof value !== "object" || value === null || !("key" in value) || value.key !== key) return undefined;
    return { noSyncLog: "noSyncLog" in value && value.noSyncLog === true };
  } catch {
    return undefined;
  }
}

/** Written aside and renamed: another engine may read it at this moment. */
function writeCache(file: string, text: string): void {
  const aside = `${file}.${Deno.pid}`;
  try {
    Deno.writeTextFileSync(aside, text, { mode: 0o600 });
    Deno.renameSync(aside, file);
  } catch {
    // A read-only run directory: asked again next time.
  }
}
