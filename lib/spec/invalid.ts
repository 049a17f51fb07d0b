import { EngineError } from "../errors.ts";

/** The error of everything in this folder that reads what a person or a client wrote. */
export function invalid(message: string, cause?: unknown): EngineError {
  return new EngineError("invalidArgument", message, cause === undefined ? {} : { cause });
}

/** The error for what we know and cannot do. */
export function unsupported(what: string): EngineError {
  return new EngineError("unsupported", `${what}: not supported yet`);
}

/** `text` cut at its first `separator`; the second part is undefined if there is none. */
export function cut(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** What Go's strconv.ParseBool takes; undefined for anything else. */
export function booleanOf(text: string): boolean | undefined {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(text)) return true;
  if (["0", "f", "F", "false", "FALSE", "False"].includes(text)) return false;
  return undefined;
}

/** An integer as Go's strconv.Atoi takes it; throws with its words. */
export function parseInteger(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw invalid(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw invalid(`strconv.Atoi: parsing ${JSON.stringify(text)}: value out of range`);
}

/** `path` without `.`, `..` and doubled or trailing slashes, as Go's path.Clean; lexical only. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!rooted) parts.push(part);
  }
  return (rooted ? "/" : "") + parts.join("/") || ".";
}
