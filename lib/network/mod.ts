/**
 * Networks: definitions, addresses, netavark with aardvark-dns, slirp4netns, pasta, ports.
 *
 * May import `lib/errors.ts`, `lib/oci`, `lib/sys` and the types of `lib/engine`. What must stay true: a helper program is
 * a pure encoder of its argv and JSON, one call of `lib/sys`, a pure decoder; definitions and leases are kept by the
 * caller; `teardownNetwork` leaves no address, rule, namespace, file or process behind and may be called twice. On a hot
 * path import the file you need instead of this one.
 */
export type * from "./types.ts";
export * from "./define.ts";
export * from "./filter.ts";
export * from "./host.ts";
export * from "./ipam.ts";
export { findHelper } from "./netavark.ts";
export * from "./netns.ts";
export * from "./ports.ts";
export * from "./setup.ts";
