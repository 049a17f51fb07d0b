import type { Fd } from "../sys/fd.ts";
import { mknodAt, type Stat } from "../sys/file.ts";
import { fgetxattr, fsetxattr } from "../sys/xattr.ts";

/**
 * How deletions are written for overlay: a character device 0/0 hides a name (allowed in user namespaces too), an
 * attribute hides what lower layers have in a directory. `trusted.` attributes need the initial user namespace; elsewhere
 * overlay reads `user.` ones, when mounted with `userxattr`.
 */
export type WhiteoutNamespace = "trusted" | "user";

const opaqueValue = new TextEncoder().encode("y");

export class WhiteoutStyle {
  constructor(readonly namespace: WhiteoutNamespace) {}

  get opaqueAttribute(): string {
    return `${this.namespace}.overlay.opaque`;
  }

  markOpaque(directory: Fd): void {
    fsetxattr(directory, this.opaqueAttribute, { value: opaqueValue });
  }

  isOpaque(directory: Fd): boolean {
    return fgetxattr(directory, this.opaqueAttribute)?.[0] === opaqueValue[0];
  }
}

export function makeWhiteout(directory: Fd, name: string | Uint8Array<ArrayBuffer>): void {
  mknodAt(directory, name, { type: "character", mode: 0, major: 0, minor: 0 });
}

export function isWhiteout(stat: Stat): boolean {
  return stat.type === "character" && stat.rdevMajor === 0 && stat.rdevMinor === 0;
}
