import { EngineError } from "../errors.ts";
import { encodeTarHeader, tarBlock } from "./tar_header.ts";

/** A file for an archive: exactly `size` bytes, or the archive fails. */
export type TarFile = {
  readonly name: string;
  readonly size: number;
  readonly content: Uint8Array | (() => AsyncIterable<Uint8Array>);
};

/** A tar of `files`, the same bytes for the same files: no owner, no times. */
export async function* writeTar(
  files: Iterable<TarFile> | AsyncIterable<TarFile>,
): AsyncGenerator<Uint8Array<ArrayBufferLike>> {
  for await (const file of files) {
    yield encodeTarHeader(file.name, { size: file.size });
    yield* contentOf(file);
    const rest = file.size % tarBlock;
    if (rest > 0) yield new Uint8Array(tarBlock - rest);
  }
  yield new Uint8Array(2 * tarBlock);
}

async function* contentOf(file: TarFile): AsyncGenerator<Uint8Array<ArrayBufferLike>> {
  const chunks = file.content instanceof Uint8Array ? [file.content] : file.content();
  let done = 0;
  for await (const chunk of chunks) {
    done += chunk.length;
    if (done > file.size) break;
    yield chunk;
  }
  if (done === file.size) return;
  throw new EngineError("corrupt", `writing ${JSON.stringify(file.name)}: content is not ${file.size} bytes long`);
}
