import { EngineError } from "../errors.ts";
import { isSysError } from "../sys/errno.ts";
import { AT_FDCWD, O, open } from "../sys/fd.ts";
import { tryUnlinkAt } from "../sys/file.ts";
import { MNT, mount, MS, umount } from "../sys/mount.ts";
import { run } from "../sys/run.ts";

/**
 * Makes a network namespace that lives without a process: unshare(1) binds it to RUNROOT/netns/<id>, so that no thread of
 * ours ever enters it. Returns the path. Errors: `helperMissing` without util-linux.
 */
export async function createNetns(input: { readonly runRoot: string; readonly id: string }): Promise<string> {
  const path = `${input.runRoot}/netns/${input.id}`;
  Deno.mkdirSync(`${input.runRoot}/netns`, { recursive: true, mode: 0o711 });
  open(path, O.WRONLY | O.CREAT, { mode: 0o600 })[Symbol.dispose]();
  try {
    await run(netnsArgv(path));
  } catch (error) {
    deleteNetns(path);
    if (isSysError(error, "ENOENT")) {
      throw new EngineError(
        "helperMissing",
        'make network namespace: "unshare" is not installed (Debian: util-linux)',
        {
          cause: error,
        },
      );
    }
    throw new EngineError("internal", `make network namespace "${path}": ${String(error)}`, { cause: error });
  }
  return path;
}

/**
 * Binds the network namespace of a process to RUNROOT/netns/<id>, so that it is held and found as those that we make. For
 * containers with a user namespace of their own, whose network namespace has to belong to it.
 */
export function bindNetns(input: { readonly runRoot: string; readonly id: string; readonly pid: number }): string {
  const path = `${input.runRoot}/netns/${input.id}`;
  Deno.mkdirSync(`${input.runRoot}/netns`, { recursive: true, mode: 0o711 });
  open(path, O.WRONLY | O.CREAT, { mode: 0o600 })[Symbol.dispose]();
  try {
    mount({ source: `/proc/${input.pid}/ns/net`, target: path, flags: MS.BIND });
  } catch (error) {
    deleteNetns(path);
    throw new EngineError("internal", `hold network namespace of process ${input.pid}: ${String(error)}`, {
      cause: error,
    });
  }
  return path;
}

/** unshare(1) keeps the namespace alive with a bind mount on `path`, which must be a file. */
export function netnsArgv(path: string): readonly string[] {
  return ["unshare", `--net=${path}`, "true"];
}

/** Lets the namespace go. Missing is fine; one still used by a process lives on until that ends. */
export function deleteNetns(path: string): void {
  try {
    umount(path, MNT.DETACH);
  } catch (error) {
    if (!isSysError(error, "EINVAL", "ENOENT")) {
      throw new EngineError("internal", `remove network namespace "${path}": ${String(error)}`, { cause: error });
    }
  }
  tryUnlinkAt(AT_FDCWD, path);
}
