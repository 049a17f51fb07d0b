import type { PullEvent } from "../engine/mod.ts";
import type { PlatformWish } from "../oci/mod.ts";
import { EventQueue } from "./event_queue.ts";
import { EngineError } from "../errors.ts";
import { type FileTransportName, importImage, openAnything, openTransport } from "./local_images.ts";
import { checkPolicy, type Policy } from "./policy.ts";
import type { ImageStore } from "./store.ts";

export type LoadOptions = {
  readonly store: ImageStore;
  readonly policy: Policy;
  readonly wish: PlatformWish;
  /** Where streams and compressed archives are kept meanwhile. */
  readonly directory: string;
  readonly emit?: (event: PullEvent) => void;
  readonly signal?: AbortSignal;
};

export type LoadResult = {
  /** All names, or `sha256:ID` for an image without. */
  readonly names: readonly string[];
  readonly ids: readonly string[];
};

/**
 * Loads all images of an archive (docker-archive or oci-archive, plain or compressed) or a directory (`oci`, `dir`). The
 * images before one that fails stay.
 */
export async function loadImages(
  input: ReadableStream<Uint8Array> | { readonly path: string },
  options: LoadOptions,
): Promise<LoadResult> {
  using open = await openAnything(input, options);
  checkPolicy(options.policy, { transport: open.transport, path: "path" in input ? input.path : "" });
  const names: string[] = [];
  const ids: string[] = [];
  for (const image of open.images) {
    options.signal?.throwIfAborted();
    const loaded = await importImage(image, options);
    names.push(...(loaded.names.length > 0 ? loaded.names : [`sha256:${loaded.id}`]));
    ids.push(loaded.id);
  }
  return { names, ids };
}

/** Pulls from a transport other than a registry. The events are those of `pullImage`. */
export function pullFromFiles(
  name: FileTransportName,
  options: Omit<LoadOptions, "emit" | "signal">,
  signal?: AbortSignal,
): AsyncGenerator<PullEvent> {
  const queue = new EventQueue<PullEvent>();
  const left = new AbortController();
  const both = AbortSignal.any([left.signal, ...(signal ? [signal] : [])]);
  return queue.read(() => left.abort(new EngineError("cancelled", "pulling image: cancelled")), async () => {
    checkPolicy(options.policy, { transport: name.transport, path: name.path });
    using open = await openTransport(name, { directory: options.directory, signal: both });
    const ids: string[] = [];
    for (const image of open.images) {
      const emit = (event: PullEvent) => queue.push(event);
      ids.push((await importImage(image, { ...options, emit, signal: both })).id);
    }
    queue.push({ id: ids.at(-1) ?? "", images: ids });
  });
}
