/** An ordinary user of this machine, with subordinate ids, as whom the rootless tests run. */

import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { mustExecute } from "./execute.ts";

export type Person = { readonly name: string; readonly uid: number; readonly gid: number };

/** The user named by BELUGA_TEST_USER, made by `useradd -m` (which also writes /etc/subuid and /etc/subgid) if missing. */
export async function ordinaryPerson(): Promise<Person> {
  const name = Deno.env.get("BELUGA_TEST_USER") ?? "beluga-test";
  for (const device of ["/dev/net/tun", "/dev/fuse"]) {
    if (existsSync(device)) chmodSync(device, 0o666); // as on ordinary hosts
  }
  return findPerson(name) ?? await makePerson(name);
}

/** A user of their own without subordinate ids. */
export async function personWithoutRanges(): Promise<Person> {
  const name = `${(await ordinaryPerson()).name}-single`;
  const person = findPerson(name) ?? await makePerson(name, ["--key", "SUB_UID_COUNT=0", "--key", "SUB_GID_COUNT=0"]);
  if (hasRange(name)) throw new Error(`user "${name}" has subordinate ids`);
  return person;
}

/** A directory that belongs to `person`, who alone may enter it. */
export function ownDirectory(path: string, person: Person): string {
  mkdirSync(path, { recursive: true });
  chownSync(path, person.uid, person.gid);
  chmodSync(path, 0o700);
  return path;
}

/** What goes in front of an argv so that it runs as `person`, without anything of root's. */
export function asPerson(person: Person): readonly string[] {
  const ids = [`--reuid=${person.uid}`, `--regid=${person.gid}`, "--init-groups"];
  return ["setpriv", ...ids, "--inh-caps=-all", "--"];
}

function findPerson(name: string): Person | undefined {
  const row = readFileSync("/etc/passwd", "utf8").split("\n").find((line) => line.startsWith(`${name}:`));
  const [, , uid, gid] = row?.split(":") ?? [];
  return row === undefined ? undefined : { name, uid: Number(uid), gid: Number(gid) };
}

async function makePerson(name: string, words: readonly string[] = []): Promise<Person> {
  await mustExecute(["flock", "/run/lock/beluga-test-user", "useradd", "-m", "-s", "/bin/bash", ...words, name]);
  const person = findPerson(name);
  if (person === undefined) throw new Error(`user "${name}" was made and is not there`);
  return person;
}

function hasRange(name: string): boolean {
  const line = new RegExp(`^${name}:\\d+:[1-9]`, "m");
  return ["/etc/subuid", "/etc/subgid"].some((path) => existsSync(path) && line.test(readFileSync(path, "utf8")));
}
