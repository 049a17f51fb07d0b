/** `USER[:GROUP]` of a container against the text of its own /etc/passwd and /etc/group. Both files are hostile. */

import { cut, invalid } from "./invalid.ts";

export type UserLookupInput = {
  /** As given or as the image says; empty is root. */
  readonly user: string;
  /** `--group-add`: names or numbers. */
  readonly groups: readonly string[];
  /** Empty where the file is missing. */
  readonly passwd: string;
  readonly group: string;
};

export type FoundUser = {
  readonly uid: number;
  readonly gid: number;
  /** Without duplicates. */
  readonly additionalGids: readonly number[];
  readonly home: string;
  /** Empty if there is no entry. */
  readonly username: string;
  /** The host's supplementary groups stay (`--group-add keep-groups`). */
  readonly keepGroups: boolean;
};

type PasswdEntry = { readonly name: string; readonly uid: number; readonly gid: number; readonly home: string };
type GroupEntry = { readonly name: string; readonly gid: number; readonly members: readonly string[] };

/** Beyond this a file is not searched: no real one is so large. */
export const maximumUserFile = 8 * 1024 * 1024;
const highestId = 2 ** 31 - 1;

/** Finds the ids. Throws `unable to find user x: no matching entries in passwd file` and its like. */
export function lookUpUser(input: UserLookupInput): FoundUser {
  checkSize(input.passwd, "passwd");
  checkSize(input.group, "group");
  const [userText, groupText] = cut(input.user, ":");
  const entry = findUser(userText || "0", input.passwd);
  const uid = entry?.uid ?? numericId(userText || "0", "user");
  const gid = groupText ? findGroup(groupText, input.group) : entry?.gid ?? 0;
  const named = groupText || entry === undefined ? [] : groupsOf(entry.name, input.group);
  const keepGroups = input.groups.includes("keep-groups");
  if (keepGroups && input.groups.length > 1) {
    throw invalid("the '--group-add keep-groups' option is not allowed with any other --group-add options");
  }
  const extra = keepGroups ? [] : input.groups.map((group) => findGroup(group, input.group));
  return {
    uid,
    gid,
    additionalGids: [...new Set([...(entry === undefined || groupText ? [] : [gid]), ...named, ...extra])]
      .filter((one) => one !== 0 || gid !== 0 || extra.includes(0)),
    home: entry?.home || "/",
    username: entry?.name ?? "",
    keepGroups,
  };
}

function checkSize(text: string, name: string): void {
  if (text.length > maximumUserFile) throw invalid(`reading /etc/${name} of the container: the file is too large`);
}

/** The entry by name, or by number; a name that looks like a number is a name first. */
function findUser(text: string, passwd: string): PasswdEntry | undefined {
  const number = /^\d+$/.test(text) ? Number(text) : undefined;
  let byNumber: PasswdEntry | undefined;
  for (const line of linesOf(passwd)) {
    const entry = parsePasswdLine(line);
    if (entry === undefined) continue;
    if (entry.name === text) return entry;
    if (byNumber === undefined && entry.uid === number) byNumber = entry;
  }
  return byNumber;
}

function numericId(text: string, kind: "user" | "group"): number {
  const file = kind === "user" ? "passwd" : "group";
  if (!/^\d+$/.test(text)) throw invalid(`unable to find ${kind} ${text}: no matching entries in ${file} file`);
  const id = Number(text);
  if (id > highestId) throw invalid("uids and gids must be in range 0-2147483647");
  return id;
}

function findGroup(text: string, group: string): number {
  for (const line of linesOf(group)) {
    const entry = parseGroupLine(line);
    if (entry?.name === text) return entry.gid;
  }
  return numericId(text, "group");
}

function groupsOf(user: string, group: string): readonly number[] {
  return [...linesOf(group)].flatMap((line) => {
    const entry = line.includes(user) ? parseGroupLine(line) : undefined;
    return entry?.members.includes(user) ? [entry.gid] : [];
  });
}

function* linesOf(text: string): Generator<string> {
  let at = 0;
  while (at < text.length) {
    const end = text.indexOf("\n", at);
    yield text.slice(at, end < 0 ? text.length : end).trim();
    if (end < 0) return;
    at = end + 1;
  }
}

function parsePasswdLine(line: string): PasswdEntry | undefined {
  if (line === "" || line.startsWith("#")) return undefined;
  const [name = "", , uid = "", gid = "", , home = ""] = line.split(":", 7);
  if (name === "" || !isId(uid) || !isId(gid)) return undefined;
  return { name, uid: Number(uid), gid: Number(gid), home: home.startsWith("/") ? home : "/" };
}

function parseGroupLine(line: string): GroupEntry | undefined {
  if (line === "" || line.startsWith("#")) return undefined;
  const [name = "", , gid = "", members = ""] = line.split(":", 4);
  if (name === "" || !isId(gid)) return undefined;
  return { name, gid: Number(gid), members: members.split(",").map((member) => member.trim()) };
}

function isId(text: string): boolean {
  return /^\d{1,10}$/.test(text) && Number(text) <= highestId;
}
