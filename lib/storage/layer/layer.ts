/**
 * A layer's directory:
 *
 *   layers/<hex of the diffID>/
 *     diff/         its files, for overlay
 *     kept/         contents that later entries of the same tar replaced; seldom there
 *     record        everything of the tar but the contents (record.ts)
 *     layer.json    these facts; written last
 *     unsynced      only until the layer is on the disk (durable.ts)
 *     mapped/<key>/ copies of diff/ for containers with id maps of their own
 */
import { EngineError } from "../../errors.ts";
import { O, openat, readAll, writeAll } from "../../sys/fd.ts";
import type { OwnedFd } from "../../sys/fd.ts";
import type { RootAttributes } from "../extract/extractor.ts";
import type { Move } from "../extract/kept.ts";

/** What extraction found out. */
export type LayerFacts = {
  readonly diffId: string;
  /** Bytes of the tar. */
  readonly uncompressedSize: number;
  readonly root: RootAttributes | undefined;
  readonly moves: readonly Move[];
};

export function writeFacts(layer: OwnedFd, facts: LayerFacts): void {
  using fd = openat(layer, "layer.json", { flags: O.WRONLY | O.CREAT | O.EXCL, mode: 0o600 });
  writeAll(fd, new TextEncoder().encode(`${JSON.stringify(facts)}\n`));
}

/** Throws `EngineError("corrupt")` where the file is not what `writeFacts` wrote. */
export function readFacts(layer: OwnedFd): LayerFacts {
  using fd = openat(layer, "layer.json", { flags: O.RDONLY | O.NOFOLLOW });
  const text = new TextDecoder().decode(readAll(fd));
  try {
    const facts = JSON.parse(text) as LayerFacts;
    if (typeof facts.diffId === "string" && typeof facts.uncompressedSize === "number") return facts;
  } catch (cause) {
    throw new EngineError("corrupt", "reading layer.json: it is not JSON", { cause });
  }
  throw new EngineError("corrupt", "reading layer.json: it lacks facts");
}
