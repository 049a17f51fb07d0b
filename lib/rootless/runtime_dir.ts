import { EngineError } from "../errors.ts";
import { isSysError } from "../sys/errno.ts";
import { AT_FDCWD, O, open, type OwnedFd } from "../sys/fd.ts";
import { fchmod, fstat, mkdirAt } from "../sys/file.ts";
import { geteuid } from "../sys/id.ts";

/**
 * Makes the runtime directory in /tmp, where anybody could have made it first, with whatever in it: it must be a directory of
 * the user's own (as seen in this process's namespace) into which nobody else can have written. Errors: `permission`.
 */
export function secureRuntimeDir(path: string): void {
  const refuse = (reason: string) =>
    new EngineError(
      "permission",
      `using runtime directory "${path}": ${reason}; set XDG_RUNTIME_DIR to one of your own`,
    );
  makeDirectory(path);
  using directory = openDirectory(path, refuse);
  const { uid, mode } = fstat(directory);
  if (uid !== geteuid()) throw refuse(`it belongs to user ${uid}`);
  if ((mode & 0o022) !== 0) throw refuse("others can write into it");
  if ((mode & 0o777) !== 0o700) fchmod(directory, 0o700);
}

function makeDirectory(path: string): void {
  try {
    mkdirAt(AT_FDCWD, path, { mode: 0o700 });
  } catch (error) {
    if (!isSysError(error, "EEXIST")) throw error;
  }
}

function openDirectory(path: string, refuse: (reason: string) => EngineError): OwnedFd {
  try {
    return open(path, O.RDONLY | O.DIRECTORY | O.NOFOLLOW);
  } catch (error) {
    if (isSysError(error, "ENOTDIR", "ELOOP")) throw refuse("it is no directory");
    if (isSysError(error, "EACCES")) throw refuse("it cannot be read");
    throw error;
  }
}
