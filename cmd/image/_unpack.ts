/**
 * The tar of an image directory → that directory. It may come from afar, so nothing is believed: only the file names that
 * the two layouts have, plain files, and no more than the archive's own words for sizes.
 */

import { EngineError } from "../../lib/errors.ts";
import type { Files } from "../io.ts";

const block = 512;

/** Of an OCI layout and of a `dir:` directory. */
const names =
  /^(oci-layout|index\.json|version|manifest\.json|[0-9a-f]{64}\.manifest\.json|signature-[0-9]+|[0-9a-f]{64}|blobs\/sha256\/[0-9a-f]{64})$/;
const directories = /^(\.|blobs|blobs\/sha256)$/;

/** Writes the files of `archive` below `directory`, which is made. Throws `corrupt` on anything unexpected. */
export async function unpackImageDirectory(
  archive: ReadableStream<Uint8Array>,
  directory: string,
  files: Files,
): Promise<void> {
  const reader = new TarReader(archive);
  await files.makeDirectory(directory);
  for (let entry = await reader.next(); entry !== null; entry = await reader.next()) {
    const name = entry.name.replace(/^\.\//, "").replace(/\/$/, "") || ".";
    if (entry.type === "directory" && directories.test(name)) {
      await files.makeDirectory(`${directory}/${name}`);
    } else if (entry.type === "file" && names.test(name)) {
      if (name.startsWith("blobs/")) await files.makeDirectory(`${directory}/blobs/sha256`);
      await files.write(`${directory}/${name}`, reader.content(entry.size));
    } else {
      throw new EngineError("corrupt", `unpack image directory: unexpected entry "${entry.name}"`);
    }
  }
}

type Entry = { readonly name: string; readonly type: "file" | "directory" | "other"; readonly size: number };

/** Entries of a plain ustar stream, in order; each content is read before the next entry. */
class TarReader {
  readonly #source: ReadableStreamDefaultReader<Uint8Array>;
  #buffer: Uint8Array = new Uint8Array();

  constructor(archive: ReadableStream<Uint8Array>) {
    this.#source = archive.getReader();
  }

  /** The next entry; null at the end. */
  async next(): Promise<Entry | null> {
    const header = await this.#take(block);
    if (header === null || header.every((byte) => byte === 0)) return null;
    const text = (start: number, length: number) =>
      new TextDecoder().decode(header.subarray(start, start + length)).split("\0", 1)[0] ?? "";
    checkSum(header);
    const size = Number.parseInt(text(124, 12).trim() || "0", 8);
    if (!Number.isSafeInteger(size) || size < 0) throw damaged("bad size");
    const prefix = text(257, 6).startsWith("ustar") ? text(345, 155) : "";
    const type = text(156, 1);
    return {
      name: prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`,
      type: type === "" || type === "0" ? "file" : type === "5" ? "directory" : "other",
      size,
    };
  }

  /** The content of the entry that `next` gave. */
  content(size: number): ReadableStream<Uint8Array> {
    let left = size;
    return new ReadableStream({
      pull: async (controller) => {
        if (left === 0) {
          await this.#take((block - (size % block)) % block);
          return controller.close();
        }
        const chunk = await this.#some(left);
        left -= chunk.length;
        controller.enqueue(chunk);
      },
    });
  }

  async #fill(): Promise<boolean> {
    const { value, done } = await this.#source.read();
    if (done) return false;
    const joined = new Uint8Array(this.#buffer.length + value.length);
    joined.set(this.#buffer);
    joined.set(value, this.#buffer.length);
    this.#buffer = joined;
    return true;
  }

  async #take(count: number): Promise<Uint8Array | null> {
    while (this.#buffer.length < count) {
      if (await this.#fill()) continue;
      if (this.#buffer.length === 0) return null;
      throw damaged("it ends too early");
    }
    const taken = this.#buffer.subarray(0, count);
    this.#buffer = this.#buffer.subarray(count);
    return taken;
  }

  /** At least one byte, at most `most`. */
  async #some(most: number): Promise<Uint8Array> {
    if (this.#buffer.length === 0 && !await this.#fill()) throw damaged("it ends too early");
    const taken = this.#buffer.subarray(0, most);
    this.#buffer = this.#buffer.subarray(taken.length);
    return taken;
  }
}

function checkSum(header: Uint8Array): void {
  const stated = Number.parseInt(new TextDecoder().decode(header.subarray(148, 156)), 8);
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (sum !== stated) throw damaged("bad checksum");
}

function damaged(reason: string): EngineError {
  return new EngineError("corrupt", `unpack image directory: damaged archive: ${reason}`);
}
