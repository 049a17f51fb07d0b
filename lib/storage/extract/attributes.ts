import { EngineError } from "../../errors.ts";
import { isSysError } from "../../sys/errno.ts";
import type { OwnedFd } from "../../sys/fd.ts";
import { chmodAt, chownAt, fchmod, fchown, futimens, utimensAt } from "../../sys/file.ts";
import { fsetxattr, lsetxattr } from "../../sys/xattr.ts";
import { toBytes, toName, toText } from "../byte_string.ts";
import type { TarEntry } from "../tar/entry.ts";

export type AttributeOptions = {
  /** Single-id mode: files whose owner has no place in the user namespace stay with the one who extracts. */
  readonly ignoreChownErrors: boolean;
  /** In one, attributes that only real root may set are left out. */
  readonly inUserNamespace: boolean;
};

/** Owner first, as changing it drops set-id bits and file capabilities; then mode, attributes, times. */
export function applyToFile(fd: OwnedFd, entry: TarEntry, options: AttributeOptions): void {
  changeOwner(entry, { options, change: (owner) => fchown(fd, owner) });
  fchmod(fd, entry.mode);
  for (const [name, value] of entry.xattrs) {
    setAttribute(name, { options, change: (text) => fsetxattr(fd, text, { value }) });
  }
  futimens(fd, { atime: entry.mtime, mtime: entry.mtime });
}

/** As `applyToFile`, without the time, which what is put into the directory would change again. */
export function applyToDirectory(fd: OwnedFd, entry: TarEntry, options: AttributeOptions): void {
  changeOwner(entry, { options, change: (owner) => fchown(fd, owner) });
  fchmod(fd, entry.mode);
  for (const [name, value] of entry.xattrs) {
    setAttribute(name, { options, change: (text) => fsetxattr(fd, text, { value }) });
  }
}

/** Links, fifos and devices: things that must not be opened. */
export function applyToNode(dir: OwnedFd, name: string, { entry, options }: NodeAttributes): void {
  const at = toName(name);
  changeOwner(entry, { options, change: (owner) => chownAt(dir, at, owner) });
  if (entry.type !== "symlink") chmodAt(dir, at, { mode: entry.mode });
  const full = toName(`/proc/self/fd/${dir.value}/${name}`);
  for (const [attribute, value] of entry.xattrs) {
    setAttribute(attribute, { options, change: (text) => lsetxattr(full, text, { value }) });
  }
  utimensAt(dir, at, { atime: entry.mtime, mtime: entry.mtime, nofollow: true });
}

export type NodeAttributes = { readonly entry: TarEntry; readonly options: AttributeOptions };

const maxId = 0xfffffffe;

type Change<T> = { readonly options: AttributeOptions; readonly change: (value: T) => void };

function changeOwner(
  entry: TarEntry,
  { options, change }: Change<{ readonly uid: number; readonly gid: number }>,
): void {
  const { uid, gid } = entry;
  if (uid < 0 || gid < 0 || uid > maxId || gid > maxId) {
    throw new EngineError("corrupt", `extracting "${toText(entry.path)}": owner ${uid}:${gid} is out of range`);
  }
  try {
    change({ uid, gid });
  } catch (cause) {
    if (options.ignoreChownErrors && isSysError(cause, "EINVAL", "EPERM", "EOVERFLOW")) return;
    if (isSysError(cause, "EINVAL", "EOVERFLOW")) throw insufficientIds(entry, cause);
    throw cause;
  }
}

/** Podman's words. */
function insufficientIds({ path, uid, gid }: TarEntry, cause: unknown): EngineError {
  const message = `potentially insufficient UIDs or GIDs available in user namespace (requested ${uid}:${gid} for ` +
    `/${toText(path).replace(/^\/+/, "")}): check /etc/subuid and /etc/subgid: lchown: invalid argument`;
  return new EngineError("permission", message, { cause });
}

/** Attributes that speak to overlay itself: an image that could set them would redirect the mount. */
const overlayOwn = /^(?:trusted\.overlay\.|user\.overlay\.|user\.fuseoverlayfs\.|user\.containers\.)/;

function setAttribute(name: string, { options, change }: Change<string>): void {
  if (overlayOwn.test(name)) return;
  try {
    change(new TextDecoder().decode(toBytes(name)));
  } catch (error) {
    if (isSysError(error, "EOPNOTSUPP")) return;
    // `trusted.` and others' `security.` attributes; `user.` ones on links and fifos.
    if (isSysError(error, "EPERM") && (options.inUserNamespace || name.startsWith("user."))) return;
    throw error;
  }
}
