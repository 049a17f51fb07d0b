/** What the tests of this folder share: archives from entries, layers from archives, temporary roots. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createHash } from "node:crypto";
import { O, open } from "../sys/fd.ts";
import type { ExtractOptions } from "./extract/extractor.ts";
import { openTar } from "./layer/export.ts";
import { type LayerFacts, writeFacts } from "./layer/layer.ts";
import { LayerWriter } from "./layer/writer.ts";
import { tarEnd, tarHeader, type TarInput, tarPadding } from "./tar/writer.ts";

export type Bytes = Uint8Array<ArrayBuffer>;
export type Item = TarInput & { readonly content?: string | Bytes };

export const asRoot = { ignore: Deno.uid() !== 0 };

export function concat(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

export function bytesOf(text: string): Bytes {
  return new TextEncoder().encode(text);
}

/** A tar of the given entries. */
export function archive(...items: readonly Item[]): Bytes {
  const parts = items.flatMap(({ content, ...entry }) => {
    const bytes = typeof content === "string" ? bytesOf(content) : content ?? new Uint8Array(0);
    return [tarHeader({ ...entry, size: entry.size ?? bytes.length }), bytes, tarPadding(bytes.length)];
  });
  return concat([...parts, tarEnd]);
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export class TempRoot implements Disposable {
  readonly path = mkdtempSync("/tmp/beluga-storage-");

  directory(name: string): string {
    const path = `${this.path}/${name}`;
    mkdirSync(path, { recursive: true });
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

const options: ExtractOptions = { whiteouts: "trusted", inUserNamespace: false, ignoreChownErrors: Deno.uid() !== 0 };

/** Extracts an archive, in chunks of `step` bytes, into a new directory `name` of `root`; its path and facts. */
export function extractLayer(
  root: TempRoot,
  tar: Bytes,
  { name = "layer", step = tar.length, extract = options }: {
    readonly name?: string;
    readonly step?: number;
    readonly extract?: ExtractOptions;
  } = {},
): { readonly path: string; readonly diff: string; readonly facts: LayerFacts } {
  const path = root.directory(name);
  using writer = new LayerWriter(open(path, O.RDONLY | O.DIRECTORY), extract);
  for (let at = 0; at < tar.length; at += step) writer.push(tar.slice(at, at + step));
  const facts = writer.end();
  using layer = open(path, O.RDONLY | O.DIRECTORY);
  writeFacts(layer, facts);
  return { path, diff: `${path}/diff`, facts };
}

/** The tar that a layer gives back. */
export async function exportLayer(path: string): Promise<Bytes> {
  return concat(await Array.fromAsync(openTar(path)));
}

/** Runs a program of the test host; its standard output. */
export function shell(script: string, cwd: string): string {
  const { success, stdout, stderr } = new Deno.Command("sh", { args: ["-ec", script], cwd }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
