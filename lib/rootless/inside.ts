/** What a process finds when it starts inside the namespaces, and how it takes up where it left off. */
import { isSysError } from "../sys/errno.ts";
import { isOpen, OwnedFd, readSmallFile } from "../sys/fd.ts";
import { geteuid } from "../sys/id.ts";
import { reapChild } from "../sys/process.ts";
import { type IdMap, isIdentity, parseIdMap } from "./id_map.ts";

/** Who started us, in the host's ids. */
export type RootlessIdentity = { readonly uid: number; readonly gid: number; readonly home: string };

/** Variables that lead through the re-execution. All but the first three are for `resumeInside` alone. */
export const variables = {
  uid: "_BELUGA_ROOTLESS_UID",
  gid: "_BELUGA_ROOTLESS_GID",
  home: "_BELUGA_ROOTLESS_HOME",
  cwd: "_BELUGA_ROOTLESS_CWD",
  close: "_BELUGA_ROOTLESS_CLOSE",
  helper: "_BELUGA_ROOTLESS_HELPER",
} as const;

/** The id maps of this process's user namespace. */
export function currentMaps(): { readonly uids: IdMap; readonly gids: IdMap } {
  return {
    uids: parseIdMap(readSmallFile("/proc/self/uid_map")),
    gids: parseIdMap(readSmallFile("/proc/self/gid_map")),
  };
}

/**
 * Who started us, when this process is inside namespaces that `enterNamespace` made; `undefined` outside. The variables
 * alone prove nothing, since a container's process may have inherited them or a user set them: being root under a map
 * that is not the host's must hold as well.
 */
export function insideIdentity(): RootlessIdentity | undefined {
  const uid = Deno.env.get(variables.uid);
  if (uid === undefined || !/^\d+$/.test(uid) || geteuid() !== 0) return undefined;
  if (isIdentity(currentMaps().uids)) return undefined;
  return {
    uid: Number(uid),
    gid: Number(Deno.env.get(variables.gid) ?? uid),
    home: Deno.env.get(variables.home) ?? "",
  };
}

/**
 * To be called first thing by a process that may have been re-executed: closes the descriptors that were only for the
 * way, returns to the working directory and reaps the helper. Does nothing outside.
 */
export function resumeInside(): RootlessIdentity | undefined {
  const identity = insideIdentity();
  if (identity !== undefined) {
    closeLeftovers();
    restoreCwd();
    reapHelper();
  }
  for (const name of [variables.cwd, variables.close, variables.helper]) {
    if (Deno.env.get(name) !== undefined) Deno.env.delete(name);
  }
  return identity;
}

function closeLeftovers(): void {
  for (const text of (Deno.env.get(variables.close) ?? "").split(",")) {
    if (/^\d+$/.test(text) && Number(text) > 2 && isOpen(Number(text))) new OwnedFd(Number(text))[Symbol.dispose]();
  }
}

/** Who wrote our id map ended long before we got here, and is our child. */
function reapHelper(): void {
  const pid = Number(Deno.env.get(variables.helper));
  if (Number.isInteger(pid) && pid > 1) reapChild(pid);
}

/** Entering a mount namespace leaves us at its root. A directory that is not there inside is left behind. */
function restoreCwd(): void {
  const cwd = Deno.env.get(variables.cwd);
  if (cwd === undefined) return;
  try {
    Deno.chdir(cwd);
  } catch (error) {
    if (
      !(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied || isSysError(error))
    ) {
      throw error;
    }
  }
}
