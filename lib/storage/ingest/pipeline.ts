import { createHash, type Hash } from "node:crypto";
import type { OwnedFd } from "../../sys/fd.ts";
import type { ExtractOptions } from "../extract/extractor.ts";
import type { LayerFacts } from "../layer/layer.ts";
import { LayerWriter } from "../layer/writer.ts";
import { type Compression, detectCompression, detectionSize, type Inflater, openInflater } from "./inflate.ts";

export type PipelineOptions = {
  readonly extract: ExtractOptions;
  /** Absent: told by the first bytes. */
  readonly compression?: Compression;
};

/** What was read, besides what was found inside. */
export type PipelineResult = {
  readonly facts: LayerFacts;
  /** Of the bytes as they came. */
  readonly digest: string;
  readonly size: number;
  readonly compression: Compression;
};

/** Bytes as they come → digest → inflate → diffID → files. One layer's work; runs in a worker or in place. */
export class LayerPipeline implements Disposable {
  readonly #writer: LayerWriter;
  readonly #wished: Compression | undefined;
  #compression: Compression = "none";
  #inflater: Inflater | undefined;
  /** Of a compressed layer; an uncompressed one's digest is its diffID. */
  #hash: Hash | undefined;
  #start: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #size = 0;

  /** Owns `layer`, the empty directory to fill. */
  constructor(layer: OwnedFd, options: PipelineOptions) {
    this.#writer = new LayerWriter(layer, options.extract);
    this.#wished = options.compression;
  }

  async push(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#size += bytes.length;
    if (this.#inflater !== undefined) return await this.#feed(this.#inflater, bytes);
    const start = this.#start.length === 0 ? bytes : concatenated(this.#start, bytes);
    if (start.length < detectionSize && this.#wished === undefined) {
      this.#start = start.slice();
      return;
    }
    await this.#feed(await this.#open(start), start);
  }

  async end(): Promise<PipelineResult> {
    const rest = this.#start;
    if (this.#inflater === undefined) await this.#feed(await this.#open(rest), rest);
    await this.#inflater?.end();
    const facts = this.#writer.end();
    const digest = this.#hash === undefined ? facts.diffId : `sha256:${this.#hash.digest("hex")}`;
    return { facts, digest, size: this.#size, compression: this.#compression };
  }

  [Symbol.dispose](): void {
    this.#inflater?.[Symbol.dispose]();
    this.#writer[Symbol.dispose]();
  }

  async #open(start: Uint8Array): Promise<Inflater> {
    this.#compression = this.#wished ?? detectCompression(start);
    if (this.#compression !== "none") this.#hash = createHash("sha256");
    this.#inflater = await openInflater(this.#compression, (bytes) => this.#writer.push(bytes));
    return this.#inflater;
  }

  async #feed(inflater: Inflater, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (bytes.length === 0) return;
    this.#hash?.update(bytes);
    await inflater.push(bytes);
  }
}

function concatenated(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
