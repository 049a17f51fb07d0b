import { EngineError, messageOf } from "../../errors.ts";
import { run } from "../../sys/run.ts";
import { flagWords, type OverlayMount } from "./overlay.ts";

/**
 * Mounts with fuse-overlayfs (or another program of that command line), which stays in the background until the mount is
 * gone. Its option syntax escapes `,`, `:` and `\` with a backslash.
 */
export async function mountFuse(program: string, input: OverlayMount): Promise<void> {
  const argv = fuseArgv(program, input);
  try {
    await run(argv, { stdin: "null" });
  } catch (cause) {
    throw new EngineError("internal", `mounting "${input.target}" with "${program}": ${messageOf(cause)}`, { cause });
  }
}

/** Options that only the kernel's overlay knows. */
const kernelOnly = /^(?:index|redirect_dir|metacopy|userxattr|xino|nfs_export)(?:=|$)/;

export function fuseArgv(program: string, input: OverlayMount): string[] {
  const own = input.options.data.filter((option) => !kernelOnly.test(option));
  const data = [
    ...flagWords(input.options.flags),
    ...own,
    `lowerdir=${input.lower.map(escaped).join(":")}`,
    `upperdir=${escaped(input.upper)}`,
    `workdir=${escaped(input.work)}`,
  ];
  return [program, "-o", data.join(","), input.target];
}

function escaped(path: string): string {
  return path.replace(/[\\,:]/g, "\\$&");
}
