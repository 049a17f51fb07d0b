/** `--ulimit NAME=SOFT[:HARD]` and the limits that every container gets. */

import type { POSIXRlimit } from "../engine/types/spec.ts";
import { cut, invalid } from "./invalid.ts";
import { messageOf } from "../errors.ts";

const names = ("as core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack")
  .split(" ");

/** As number for "no limit": what 2^64-1, the kernel's, becomes in JSON read by JavaScript. */
export const unlimited = 2 ** 64;

/** Wire form of `--ulimit host`: leave all limits as they are. */
export const hostLimits: POSIXRlimit = { type: "host", soft: 0, hard: 0 };

/** Parses all `--ulimit`s. */
export function parseUlimits(texts: readonly string[]): readonly POSIXRlimit[] {
  if (texts.includes("host")) {
    if (texts.length > 1) throw invalid("ulimit can use host only once");
    return [hostLimits];
  }
  return texts.map((text) => {
    try {
      return parseUlimit(text);
    } catch (error) {
      const rule = `ulimit option ${JSON.stringify(text)} requires name=SOFT:HARD`;
      throw invalid(`${rule}, failed to be parsed: ${messageOf(error)}`, error);
    }
  });
}

function parseUlimit(text: string): POSIXRlimit {
  const [name, values] = cut(text, "=");
  if (values === undefined || values === "") throw invalid(`invalid ulimit argument: ${text}`);
  return { type: rlimitType(name), ...parseLimits(values, text) };
}

/** `RLIMIT_NOFILE` for `nofile`, `RLIMIT_nofile` and the like. Throws `invalid ulimit type: x`. */
export function rlimitType(name: string): string {
  const plain = name.toLowerCase().replace(/^rlimit_/, "");
  if (!names.includes(plain)) throw invalid(`invalid ulimit type: ${name}`);
  return `RLIMIT_${plain.toUpperCase()}`;
}

function parseLimits(values: string, text: string): { readonly soft: number; readonly hard: number } {
  const [softText = "", hardText, more] = values.split(":");
  if (more !== undefined) {
    throw invalid(`too many limit value arguments - ${values}, can only have up to two, \`soft[:hard]\``);
  }
  const soft = parseLimit(softText, text);
  const hard = hardText === undefined ? soft : parseLimit(hardText, text);
  if (soft > hard) {
    throw invalid(`ulimit soft limit must be less than or equal to hard limit: ${softText} > ${hardText}`);
  }
  return { soft, hard };
}

function parseLimit(text: string, whole: string): number {
  if (text === "-1" || text === "unlimited") return unlimited;
  if (!/^\d+$/.test(text)) throw invalid(`invalid ulimit argument: ${whole}`);
  return Number(text);
}
