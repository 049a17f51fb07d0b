/**
 * The contract: what an engine can do, as interfaces and types, without code that acts. `lib/local` does it on this
 * machine, `lib/api` carries it to another; both pass `tests/contract/engine`.
 *
 * Every operation takes one input record and an optional signal. Its kind of answer follows from its type: `void` is
 * empty, `boolean` exists, an object json, `AsyncIterable` a stream of records or frames, `ReadableStream` bytes and
 * `Duplex` a hijacked line. Reports have the field names that Podman prints. May import `lib/errors.ts`, `lib/oci` types.
 */

import type { Containers } from "./containers.ts";
import type { Images } from "./images.ts";
import type { Networks } from "./networks.ts";
import type { System } from "./system.ts";
import type { Volumes } from "./volumes.ts";

export type Engine = {
  readonly containers: Containers;
  readonly images: Images;
  readonly volumes: Volumes;
  readonly networks: Networks;
  readonly system: System;
};

export type * from "./container.ts";
export type * from "./containers.ts";
export type * from "./images.ts";
export type * from "./networks.ts";
export type * from "./stream.ts";
export type * from "./system.ts";
export type * from "./volumes.ts";
export type * from "./types/container.ts";
export type * from "./types/container_inspect.ts";
export type * from "./types/exec.ts";
export type * from "./types/image.ts";
export type * from "./types/network.ts";
export type * from "./types/spec.ts";
export type * from "./types/system.ts";
export type * from "./types/volume.ts";
