/**
 * Configuration of the containers' family of tools, read where it is: containers.conf and storage.conf into one frozen
 * `Config`, and by loaders of their own, called when wanted, registries.conf, policy.json, auth files and connections.
 * Files are seen through `Files`, given by `main.ts`; nothing here touches the disk itself.
 *
 * May import `lib/errors.ts` and smol-toml, which is well kept and small, and loaded only if a file sets something. What
 * must stay true: a malformed file is an error with its name and line; every key of the reference is known; a key that is
 * set and not acted upon is in `Config.notices`; Podman's places for data are never ours.
 */

export * from "./auth_files.ts";
export type * from "./config.ts";
export * from "./connections.ts";
export type { ContainersTable, Destination, EngineTable, NetworkTable, SubnetPool } from "./keys.ts";
export * from "./load_config.ts";
export * from "./policy_json.ts";
export * from "./registries_conf.ts";
