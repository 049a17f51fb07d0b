import { environmentLines, stringArray } from "./_argv.ts";
import { path } from "./_scratch.ts";
import { Errno, SysError } from "./errno.ts";
import { AT_FDCWD } from "./fd.ts";
import { access, tryStatAt } from "./file.ts";
import { errno, libc } from "./libc.ts";

/** Directories that a search path may lack though system programs live there. */
const systemDirs = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** The path of a program: the first executable file `name` in `dirs`, by default `PATH` and the system's directories. */
export function findProgram(name: string, dirs?: readonly string[]): string | undefined {
  if (name.includes("/")) return isProgram(name) ? name : undefined;
  const places = dirs ?? [...(Deno.env.get("PATH") ?? "").split(":"), ...systemDirs];
  for (const dir of places) {
    if (dir !== "" && isProgram(`${dir}/${name}`)) return `${dir}/${name}`;
  }
  return undefined;
}

function isProgram(file: string): boolean {
  return access(file, 1) && tryStatAt(AT_FDCWD, file, { follow: true })?.type === "file";
}

/** As `findProgram`, or ENOENT. A name with a slash is taken as it is. */
export function programPath(name: string): string {
  if (name.includes("/")) return name;
  const found = name === "" ? undefined : findProgram(name);
  if (found === undefined) throw new SysError("start", Errno.ENOENT, name);
  return found;
}

/**
 * Replaces this process by another program: same pid, terminal, working directory and inheritable descriptors; no code
 * of ours runs after it. Returns only by throwing.
 */
export function execve(
  program: string,
  argv: readonly string[],
  options: { readonly env: Readonly<Record<string, string>> },
): never {
  const words = stringArray(argv);
  const environment = stringArray(environmentLines(options.env));
  defaultSigpipe();
  libc.execve(path(program), words.array, environment.array);
  throw new SysError("exec", errno(), program);
}

/** The runtime ignores SIGPIPE, and what is ignored stays so across exec. */
function defaultSigpipe(): void {
  // struct sigaction, all zero: SIG_DFL, no flags, an empty mask.
  libc.sigaction(13, new Uint8Array(256), null);
}
