/** What went wrong with a file, in the kernel's words, without the runtime's decoration. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "no such file or directory";
  if (cause instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (cause instanceof Deno.errors.IsADirectory) return "is a directory";
  if (cause instanceof Deno.errors.NotADirectory) return "not a directory";
  return cause instanceof Error ? cause.message : String(cause);
}

/** True if the disk or the quota is full. */
export function isDiskFull(cause: unknown): boolean {
  if (!(cause instanceof Error) || !("code" in cause)) return false;
  return cause.code === "ENOSPC" || cause.code === "EDQUOT";
}
