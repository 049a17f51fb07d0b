/**
 * Images between transports and the store: registries, archives and directories are read into what `ImageStore` takes,
 * and written from what it gives. The store itself is passed in (`lib/local` makes it of `lib/storage` and `lib/state`).
 *
 * May import `lib/errors.ts`, `lib/oci`, `lib/sys`, types of `lib/engine`, and npm's `fzstd` for hosts without libzstd.
 * What must stay true: every digest, size and diffID is verified before `commit`; nothing that an image says chooses a path
 * of the host; a password goes to the registry it is for and nowhere else. Import files one by one where start-up time counts.
 */

export * from "./credential_helper.ts";
export * from "./credentials.ts";
export * from "./hello.ts";
export * from "./hello_image.ts";
export * from "./load.ts";
export * from "./policy.ts";
export * from "./pull.ts";
export * from "./registries.ts";
export * from "./save.ts";
export * from "./short_name.ts";
export type * from "./store.ts";
export * from "./transport.ts";
