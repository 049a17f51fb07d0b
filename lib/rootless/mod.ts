/**
 * Running without root: id maps, and becoming a process inside the user's own user and mount namespace.
 *
 * May import `lib/errors.ts`, `lib/sys`, `lib/oci` and `lib/engine`. What must stay true:
 * - One pair of namespaces per run folder, found through its members (`members.ts`); no process exists only to hold them.
 * - Entering keeps the pid, so exit codes, signals, terminal and descriptors need no forwarding (`enter.ts`).
 * - Never in-process: a runtime with threads cannot enter a user namespace.
 * - Id arithmetic is pure (`id_map.ts`, `userns.ts`).
 */
export * from "./enter.ts";
export * from "./id_map.ts";
export * from "./inside.ts";
export * from "./members.ts";
export * from "./runtime_dir.ts";
export * from "./sub_ids.ts";
export * from "./userns.ts";
