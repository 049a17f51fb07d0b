/**
 * Descriptions of containers: flags or docker's JSON → `CreateSpec`; with image, configuration and host → `Container`; that
 * → the runtime's config.json, rows of `ps` and `inspect`. Everything here is pure: what must be looked up is asked of
 * records of functions (`HostView`, `FilterFacts`) or given as facts (`RuntimeFacts`, `InspectFacts`).
 *
 * May import `lib/errors.ts`, `lib/oci` and the types of `lib/engine`. What must stay true: image content fills gaps and
 * never chooses paths of the host, devices, mounts, hooks or security settings, nor reads the host's environment; what is
 * known and cannot be done is refused by name (`refuse.ts`), never left out; messages have Podman's words, and config.json
 * is what Podman makes (`golden/`).
 *
 * On the way of `run`, import the files themselves: this one loads them all.
 */

export * from "./capabilities.ts";
export * from "./detach_keys.ts";
export * from "./docker_mounts.ts";
export * from "./exec_process.ts";
export * from "./files.ts";
export * from "./filters.ts";
export * from "./flag_reader.ts";
export * from "./from_docker.ts";
export * from "./from_flags.ts";
export * from "./id_maps.ts";
export * from "./inspect.ts";
export * from "./list_entry.ts";
export * from "./names.ts";
export * from "./namespaces.ts";
export * from "./ports.ts";
export * from "./resolve.ts";
export type * from "./resolve_input.ts";
export * from "./runtime_config.ts";
export type * from "./runtime_facts.ts";
export * from "./seccomp/load.ts";
export * from "./seccomp/profile.ts";
export * from "./signals.ts";
export * from "./ulimits.ts";
export * from "./user_lookup.ts";
