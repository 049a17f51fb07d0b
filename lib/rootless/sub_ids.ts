import { EngineError } from "../errors.ts";
import { isSysError } from "../sys/errno.ts";
import { readSmallFile } from "../sys/fd.ts";
import { findProgram, run } from "../sys/process.ts";
import { type IdRange, parseGetsubids, parseSubIds } from "./id_map.ts";

/** A user as /etc/passwd (or another source of accounts) knows it. */
export type User = { readonly name: string; readonly uid: number; readonly gid: number; readonly home: string };

/** Subordinate ids of a user; empty where it has none. */
export type SubordinateIds = { readonly uids: readonly IdRange[]; readonly gids: readonly IdRange[] };

function readIfThere(path: string): string {
  try {
    return readSmallFile(path);
  } catch (error) {
    if (isSysError(error, "ENOENT")) return "";
    throw new EngineError("permission", `read ${JSON.stringify(path)}: ${String(error)}`, { cause: error });
  }
}

/** The account with `uid` in the text of a passwd(5) file. */
export function parsePasswd(text: string, uid: number): User | undefined {
  for (const line of text.split("\n")) {
    const fields = line.split(":");
    if (fields.length < 7 || fields[2] !== String(uid)) continue;
    return { name: fields[0] ?? "", uid, gid: Number(fields[3]), home: fields[5] ?? "" };
  }
  return undefined;
}

/** The account of `uid`: from /etc/passwd, else from whatever getent(1) asks (LDAP, systemd-homed, …). */
export async function lookUpUser(uid: number): Promise<User | undefined> {
  const local = parsePasswd(readIfThere("/etc/passwd"), uid);
  if (local !== undefined) return local;
  const getent = findProgram("getent");
  if (getent === undefined) return undefined;
  try {
    const { stdout } = await run([getent, "passwd", String(uid)], { timeoutMs: 10_000 });
    return parsePasswd(stdout, uid);
  } catch {
    // It says "unknown" by its exit code, as it says everything else.
    return undefined;
  }
}

/**
 * The subordinate ids of a user, from /etc/subuid and /etc/subgid; where the system keeps them elsewhere (an nss
 * module), as `getsubids` of the uidmap package tells them.
 */
export async function subordinateIds(user: { readonly name: string; readonly uid: number }): Promise<SubordinateIds> {
  const uids = parseSubIds(readIfThere("/etc/subuid"), user);
  const gids = parseSubIds(readIfThere("/etc/subgid"), user);
  if (uids.length > 0 && gids.length > 0) return { uids, gids };
  if (!/^\s*subid\s*:/m.test(readIfThere("/etc/nsswitch.conf"))) return { uids, gids };
  return { uids: await getsubids(user.name, []), gids: await getsubids(user.name, ["-g"]) };
}

async function getsubids(name: string, flags: readonly string[]): Promise<IdRange[]> {
  const program = findProgram("getsubids");
  if (program === undefined) return [];
  try {
    return parseGetsubids((await run([program, ...flags, name], { timeoutMs: 10_000 })).stdout);
  } catch {
    // A user without ranges makes it fail, too.
    return [];
  }
}
