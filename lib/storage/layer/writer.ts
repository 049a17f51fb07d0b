import { createHash } from "node:crypto";
import { O, openat, type OwnedFd } from "../../sys/fd.ts";
import { type ExtractOptions, Extractor } from "../extract/extractor.ts";
import { TarReader } from "../tar/reader.ts";
import type { TarEntry } from "../tar/entry.ts";
import type { LayerFacts } from "./layer.ts";
import { RecordWriter } from "./record.ts";

/**
 * Takes one uncompressed tar in pieces and makes `diff/`, `kept/` and `record` of it in a layer's directory, hashing on
 * the way. Throws `EngineError`: "corrupt" for a bad archive, "noSpace", "permission", …; the directory is then of no use.
 */
export class LayerWriter implements Disposable {
  readonly #hash = createHash("sha256");
  readonly #record: RecordWriter;
  readonly #recordFd: OwnedFd;
  readonly #extractor: Extractor;
  readonly #reader: TarReader;
  #size = 0;

  /** Owns `layer`, an empty directory. */
  constructor(layer: OwnedFd, options: ExtractOptions) {
    this.#recordFd = openat(layer, "record", { flags: O.WRONLY | O.CREAT | O.EXCL, mode: 0o600 });
    this.#record = new RecordWriter(this.#recordFd);
    const extractor = new Extractor(layer, options);
    this.#extractor = extractor;
    this.#reader = new TarReader({
      raw: (bytes) => this.#record.raw(bytes),
      entry: (entry) => this.#entry(entry),
      data: (bytes) => extractor.write(bytes),
      end: () => extractor.finishFile(),
    });
  }

  push(bytes: Uint8Array<ArrayBuffer>): void {
    this.#size += bytes.length;
    this.#hash.update(bytes);
    this.#reader.push(bytes);
  }

  end(): LayerFacts {
    this.#reader.end();
    this.#extractor.finish();
    this.#record.end();
    return {
      diffId: `sha256:${this.#hash.digest("hex")}`,
      uncompressedSize: this.#size,
      root: this.#extractor.root,
      moves: this.#extractor.moves,
    };
  }

  [Symbol.dispose](): void {
    this.#extractor[Symbol.dispose]();
    this.#recordFd[Symbol.dispose]();
  }

  #entry(entry: TarEntry): boolean {
    const path = this.#extractor.begin(entry);
    if (path === undefined) return false;
    if (entry.size > 0) this.#record.content({ path, pieces: entry.sparse?.pieces ?? [0, entry.size] });
    return true;
  }
}
