import { posix } from "node:path";
import { EngineError } from "../errors.ts";
import { reasonOf } from "./file_reason.ts";
import type { FileRange, FileTree } from "./file_tree.ts";
import { parseTarHeader, tarBlock, type TarHeader } from "./tar_header.ts";

type Entry = { readonly offset: number; readonly size: number } | { readonly link: string };

const maximumMembers = 200_000;
const maximumExtension = 1024 * 1024;
const maximumLinks = 16;

/**
 * Random access to the files of an uncompressed tar on disk (ustar, PAX and GNU long names). Names only ever select
 * a range of the archive: nothing is extracted, and links lead to other members alone. Where a name occurs twice, the first
 * one counts, as for Podman's reader.
 */
export class Archive implements FileTree {
  readonly path: string;
  readonly #file: Deno.FsFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(
    path: string,
    parts: { readonly file: Deno.FsFile; readonly entries: ReadonlyMap<string, Entry> },
  ) {
    this.path = path;
    this.#file = parts.file;
    this.#entries = parts.entries;
  }

  /** Reads all headers. Throws `corrupt` for what is not a tar or ends too early. */
  static open(path: string): Archive {
    const file = openForReading(path);
    try {
      return new Archive(path, { file, entries: readEntries(file) });
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** The names of all files, as written. */
  names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** The file `name`, through links; `undefined` if there is none. */
  locate(name: string): FileRange | undefined {
    let current = normalize(name);
    for (let hop = 0; hop < maximumLinks; hop++) {
      const entry = this.#entries.get(current);
      if (entry === undefined) return undefined;
      if ("offset" in entry) return { path: this.path, ...entry };
      current = entry.link;
    }
    throw new EngineError("corrupt", `archive member ${JSON.stringify(name)}: too many levels of links`);
  }

  /** The bytes of a small file; throws `notFound` if it is missing, `corrupt` if it is larger than `limit`. */
  read(name: string, options: { readonly limit: number }): Uint8Array<ArrayBuffer> {
    const found = this.locate(name);
    if (found === undefined) throw new EngineError("notFound", `tarfile component ${JSON.stringify(name)} not found`);
    if (found.size > options.limit) {
      throw new EngineError("corrupt", `archive member ${JSON.stringify(name)}: larger than ${options.limit} bytes`);
    }
    return readAt(this.#file, found.offset, { size: found.size });
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

function openForReading(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path, { read: true });
  } catch (cause) {
    throw new EngineError("notFound", `opening file ${JSON.stringify(path)}: ${reasonOf(cause)}`, { cause });
  }
}

function readEntries(file: Deno.FsFile): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  const total = file.statSync().size;
  const pending: Pending = {};
  let offset = 0;
  while (offset < total) {
    const header = parseTarHeader(readAt(file, offset, { size: tarBlock }));
    if (header === null) break;
    const size = header.type === "x" || pending.size === undefined ? header.size : pending.size;
    const start = offset + tarBlock;
    if (start + size > total) throw truncated();
    if (isExtension(header)) readExtension(file, { header, start, pending });
    else addEntry(entries, { header, start, size, pending });
    offset = start + Math.ceil(size / tarBlock) * tarBlock;
  }
  if (entries.size === 0) throw invalidHeader("no members");
  return entries;
}

/** What extension headers say about the next member. */
type Pending = { name?: string; link?: string; size?: number };

function isExtension(header: TarHeader): boolean {
  return header.type === "x" || header.type === "g" || header.type === "L" || header.type === "K";
}

type Extension = { readonly header: TarHeader; readonly start: number; readonly pending: Pending };

function readExtension(file: Deno.FsFile, { header, start, pending }: Extension): void {
  if (header.size > maximumExtension) throw invalidHeader("extended header too large");
  const data = readAt(file, start, { size: header.size });
  if (header.type === "L") pending.name = untilNul(data);
  else if (header.type === "K") pending.link = untilNul(data);
  else if (header.type === "x") Object.assign(pending, readPax(data));
}

type Found = { readonly header: TarHeader; readonly start: number; readonly size: number; readonly pending: Pending };

function addEntry(entries: Map<string, Entry>, { header, start, size, pending }: Found): void {
  const name = normalize(pending.name ?? header.name);
  const link = pending.link ?? header.link;
  delete pending.name;
  delete pending.link;
  delete pending.size;
  const entry = entryOf(header.type, { name, link, start, size });
  if (entry === undefined || entries.has(name)) return;
  if (entries.size === maximumMembers) throw invalidHeader(`more than ${maximumMembers} members`);
  entries.set(name, entry);
}

function entryOf(
  type: string,
  at: { readonly name: string; readonly link: string; readonly start: number; readonly size: number },
): Entry | undefined {
  switch (type) {
    case "0":
    case "\0":
    case "7":
      return { offset: at.start, size: at.size };
    case "1":
      return { link: normalize(at.link) };
    case "2":
      return { link: normalize(posix.join(posix.dirname(at.name), at.link)) };
    case "S":
      throw invalidHeader("sparse members are not understood");
    default:
      return undefined;
  }
}

/** Relative to the archive's root, wherever `..` and a leading slash point. */
function normalize(name: string): string {
  return posix.join("/", name).slice(1).replace(/\/$/, "");
}

function readPax(data: Uint8Array): Pending {
  const found: Pending = {};
  let at = 0;
  while (at < data.length) {
    const space = data.indexOf(0x20, at);
    const length = Number(text(data.subarray(at, space < 0 ? at : space)));
    if (space < 0 || !Number.isInteger(length) || length <= space - at || at + length > data.length) {
      throw invalidHeader("malformed extended header");
    }
    const [key, value] = splitOnce(text(data.subarray(space + 1, at + length - 1)));
    if (key === "path") found.name = value;
    else if (key === "linkpath") found.link = value;
    else if (key === "size") found.size = paxSize(value);
    else if (key.startsWith("GNU.sparse.")) throw invalidHeader("sparse members are not understood");
    at += length;
  }
  return found;
}

function paxSize(value: string): number {
  const size = Number(value);
  if (!/^[0-9]+$/.test(value) || !Number.isSafeInteger(size)) throw invalidHeader("malformed size");
  return size;
}

function splitOnce(record: string): readonly [string, string] {
  const equals = record.indexOf("=");
  if (equals < 0) throw invalidHeader("malformed extended header");
  return [record.slice(0, equals), record.slice(equals + 1)];
}

function readAt(file: Deno.FsFile, offset: number, options: { readonly size: number }): Uint8Array<ArrayBuffer> {
  const buffer = new Uint8Array(options.size);
  file.seekSync(offset, Deno.SeekMode.Start);
  let done = 0;
  while (done < buffer.length) {
    const count = file.readSync(buffer.subarray(done));
    if (count === null) throw truncated();
    done += count;
  }
  return buffer;
}

function untilNul(data: Uint8Array): string {
  const end = data.indexOf(0);
  return text(end < 0 ? data : data.subarray(0, end));
}

function text(data: Uint8Array): string {
  return new TextDecoder().decode(data);
}

function truncated(): EngineError {
  return new EngineError("corrupt", "archive/tar: unexpected EOF");
}

function invalidHeader(reason: string): EngineError {
  return new EngineError("corrupt", `archive/tar: invalid tar header: ${reason}`);
}
