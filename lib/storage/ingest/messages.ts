import type { ErrorKindName } from "../../errors.ts";
import type { PipelineOptions, PipelineResult } from "./pipeline.ts";

/**
 * What the engine and an extracting worker say to each other:
 *
 *   → start                       a directory to fill; then any number of
 *   → chunk  … ← taken            pieces of the layer, each answered when it has been dealt with
 *   → end    ← done               or, at any time, ← failed
 *   → abort  ← failed             the worker has let go of everything in the directory
 */
export type ToWorker =
  | { readonly kind: "start"; readonly directory: string; readonly options: PipelineOptions }
  | { readonly kind: "chunk"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "end" }
  | { readonly kind: "abort" };

export type FromWorker =
  | { readonly kind: "taken"; readonly size: number }
  | { readonly kind: "done"; readonly result: PipelineResult }
  | { readonly kind: "failed"; readonly error: { readonly kind: ErrorKindName; readonly message: string } };
