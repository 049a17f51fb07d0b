/**
 * The formats of images and runtimes: digests, references, platforms, descriptors, manifests, configurations. Pure: text
 * and bytes become typed values in one parse function each, which trusts nothing. May import `lib/errors.ts` alone.
 *
 * `hash.ts` is the one file that needs `node:crypto`; import files one by one where start-up time counts.
 */

export * from "./descriptor.ts";
export * from "./digest.ts";
export * from "./hash.ts";
export * from "./id.ts";
export * from "./image_config.ts";
export * from "./manifest.ts";
export * from "./media_type.ts";
export * from "./platform.ts";
export * from "./reference.ts";
export type * from "./runtime_spec.ts";
