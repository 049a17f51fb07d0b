import { join } from "node:path/posix";
import { EngineError, messageOf } from "../../errors.ts";
import { O, open, type OwnedFd } from "../../sys/fd.ts";
import { mkdirAt, removeTree, tryStatAt, unlinkAt } from "../../sys/file.ts";
import { MNT, umount } from "../../sys/mount.ts";
import { findProgram } from "../../sys/program.ts";
import { inUserNamespace, whiteoutNamespace } from "../user_namespace.ts";
import { makeWhiteout, WhiteoutStyle } from "../whiteout.ts";
import { mountFuse } from "./fuse.ts";
import { mountOverlay, type OverlayMount, parseMountOptions, withDefaults } from "./overlay.ts";

/** How root file systems are made here: by the kernel, by a fuse program, or by copying. */
export type Driver =
  | { readonly kind: "native" }
  | { readonly kind: "fuse"; readonly program: string }
  | { readonly kind: "vfs" };

/** Where and with which options to try. */
export type Trial = {
  /** A directory on the storage's file system. */
  readonly staging: string;
  readonly mountOptions: string;
};

/** Tries the kernel, then fuse-overlayfs; copying is the last resort, unless overlay is wanted. */
export async function probe(trial: Trial, wanted: "overlay" | undefined): Promise<Driver> {
  const native = await attempt(trial, mountOverlay);
  if (native === undefined) return { kind: "native" };
  if (trial.mountOptions !== "" && await works({ ...trial, mountOptions: "" })) {
    throw new EngineError("invalidArgument", `overlay mount options "${trial.mountOptions}": ${native}`);
  }
  const program = findProgram("fuse-overlayfs");
  const fuse = program === undefined ? undefined : await attempt(trial, (input) => mountFuse(program, input));
  if (program !== undefined && fuse === undefined) return { kind: "fuse", program };
  if (wanted === undefined) return { kind: "vfs" };
  const reason = fuse === undefined ? "" : `; fuse-overlayfs: ${fuse}`;
  throw new EngineError(
    "unsupported",
    `storage driver "overlay": the kernel cannot mount it here (${native})${reason}; install fuse-overlayfs or use vfs`,
  );
}

async function works(trial: Trial): Promise<boolean> {
  return await attempt(trial, mountOverlay) === undefined;
}

/** Mounts a small overlay and deletes something in it. `undefined` when all went well, else the reason. */
async function attempt(
  trial: Trial,
  mount: (input: OverlayMount) => void | Promise<void>,
): Promise<string | undefined> {
  using staging = open(trial.staging, O.RDONLY | O.DIRECTORY);
  const name = `probe-${crypto.randomUUID()}`;
  try {
    const input = makeTree(staging, name, trial);
    await mount(input);
    try {
      return checkDeletion(input);
    } finally {
      umount(input.target, MNT.DETACH);
    }
  } catch (error) {
    return messageOf(error);
  } finally {
    removeTree(staging, name);
  }
}

function makeTree(staging: OwnedFd, name: string, trial: Trial): OverlayMount {
  const root = join(trial.staging, name);
  const dirs = ["", "/lower", "/lower/remade", "/second", "/second/remade", "/second/remade/old", "/second/hidden"];
  for (const dir of [...dirs, "/second/gone", "/upper", "/work", "/merged"]) {
    mkdirAt(staging, `${name}${dir}`, { mode: 0o700 });
  }
  makeWhiteout(staging, `${name}/lower/hidden`);
  using remade = open(`${root}/lower/remade`, O.RDONLY | O.DIRECTORY);
  new WhiteoutStyle(whiteoutNamespace()).markOpaque(remade);
  const options = withDefaults(parseMountOptions(trial.mountOptions), { userNamespace: inUserNamespace() });
  return {
    lower: [`${root}/lower`, `${root}/second`],
    upper: `${root}/upper`,
    work: `${root}/work`,
    target: `${root}/merged`,
    options,
  };
}

/** Whether deletions in layers are seen, and can be made. */
function checkDeletion(input: OverlayMount): string | undefined {
  using merged = open(input.target, O.RDONLY | O.DIRECTORY);
  if (tryStatAt(merged, "hidden") !== undefined) return "whiteouts are not seen";
  if (tryStatAt(merged, "remade/old") !== undefined) return "opaque directories are not seen";
  unlinkAt(merged, "gone", { directory: true });
  return tryStatAt(merged, "gone") === undefined ? undefined : "nothing can be deleted";
}
