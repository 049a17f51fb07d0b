/** Where this user's files are. Our data never shares a directory with Podman's. */

import type { ConfigInput, Paths } from "./config.ts";
import { EngineError } from "../errors.ts";

type PathChoice = Pick<Paths, "root" | "runRoot"> & {
  readonly volumePath: string;
  readonly networkConfigDir: string;
  readonly tmp: string;
};

/** The user's configuration directory, `$XDG_CONFIG_HOME` or `~/.config`. */
export function userConfigDir(input: Pick<ConfigInput, "env" | "home">): string {
  return input.env.XDG_CONFIG_HOME || `${input.home}/.config`;
}

/** Places by the input's environment and what files and flags say (`choice`, empty strings where they say nothing). */
export function choosePaths(input: ConfigInput, choice: PathChoice): Paths {
  const { env, uid, home } = input;
  const runtime = runtimeDirOf(input);
  const root = choice.root || (uid === 0 ? "/var/lib/beluga" : `${env.XDG_DATA_HOME || `${home}/.local/share`}/beluga`);
  const runRoot = choice.runRoot || `${runtime.path}/beluga`;
  return {
    root: absolute(root, "--root"),
    runRoot: absolute(runRoot, "--runroot"),
    runtimeDir: runtime.path,
    runtimeDirIsFallback: runtime.fallback,
    volumes: absolute(choice.volumePath || `${root}/volumes`, "--volumepath"),
    networkConfigDir: choice.networkConfigDir && absolute(choice.networkConfigDir, "--network-config-dir"),
    tmp: absolute(choice.tmp, "TMPDIR"),
    socket: `${runtime.path}/beluga/beluga.sock`,
    userConfig: userConfigDir(input),
  };
}

/** A runtime directory counts only if it is the user's own: another's could be swapped under us. */
function runtimeDirOf({ env, uid, files }: ConfigInput): { readonly path: string; readonly fallback: boolean } {
  if (uid === 0) return { path: "/run", fallback: false };
  const candidates = [env.XDG_RUNTIME_DIR, `/run/user/${uid}`];
  const usable = candidates.find((path) => path?.startsWith("/") && files.owner(path) === uid);
  if (usable !== undefined) return { path: usable, fallback: false };
  return { path: `/tmp/beluga-run-${uid}`, fallback: true };
}

function absolute(path: string, what: string): string {
  if (path.startsWith("/")) return path.length > 1 ? path.replace(/\/+$/, "") : path;
  throw new EngineError("invalidArgument", `${what} "${path}": must be an absolute path`);
}
