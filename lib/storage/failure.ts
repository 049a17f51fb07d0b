import { EngineError, type ErrorKindName, messageOf } from "../errors.ts";
import { isSysError, SysError } from "../sys/errno.ts";

/**
 * Anything that went wrong while doing `action`, as an `EngineError`: a full disk, missing rights, and the rest as
 * `otherwise`. Errors of the engine (and aborts) pass through.
 */
export function failureOf(
  error: unknown,
  { action, otherwise = "internal" }: { readonly action: string; readonly otherwise?: ErrorKindName },
): unknown {
  if (error instanceof EngineError) return error;
  if (!(error instanceof SysError) && otherwise === "internal") return error;
  const kind = isSysError(error, "ENOSPC", "EDQUOT")
    ? "noSpace"
    : isSysError(error, "EACCES", "EPERM", "EROFS")
    ? "permission"
    : otherwise;
  return new EngineError(kind, `${action}: ${messageOf(error)}`, { cause: error });
}
