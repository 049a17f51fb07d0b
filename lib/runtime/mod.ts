/**
 * conmon and the OCI runtimes: create, start, exec, attach, kill, exit files, logs, cgroups.
 *
 * May import `lib/errors.ts`, `lib/oci`, `lib/sys` and the types of `lib/engine`. What must stay true: a helper program is
 * a pure encoder of its argv and JSON, one call of `lib/sys`, a pure decoder; nothing here keeps memory of a container —
 * the bundle, the exit files and the kernel know. On a hot path import the file you need instead of this one.
 */
export type * from "./types.ts";
export * from "./attach.ts";
export * from "./cgroup.ts";
export * from "./cgroup_layout.ts";
export * from "./create.ts";
export * from "./exit.ts";
export * from "./exit_command.ts";
export * from "./find_conmon.ts";
export { findRuntime, type FindRuntimeInput } from "./find_runtime.ts";
export * from "./logs.ts";
export * from "./verbs.ts";
export { identify } from "./monitor.ts";
