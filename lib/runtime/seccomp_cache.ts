/**
 * crun has libseccomp compile the filter at each `create`, which costs more than all else it does (20 to 40 ms of 45), and
 * leaves the program in its state directory. Given back through an annotation it is loaded as it is. The key covers
 * everything the program follows from: profile, crun itself, kernel, machine.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import type { RuntimeSeccomp } from "../oci/runtime_spec.ts";
import { uname } from "../sys/id.ts";
import type { RuntimeHandle } from "./types.ts";

/** crun's annotation (crun(1)): base64 of the filter, in place of `linux.seccomp`. */
export const filterAnnotation = "run.oci.seccomp_bpf_data";

export type FilterCache = {
  readonly handle: RuntimeHandle;
  /** Of ours alone: who can write here chooses what containers may call. */
  readonly directory: string;
  readonly seccomp: RuntimeSeccomp;
};

/** A struct sock_filter has 8 bytes, and the kernel takes at most 4096 of them. */
const largestFilter = 8 * 4096;

/** The compiled filter in base64, `null` if there is none yet or the runtime could not use it. */
export function compiledFilter(cache: FilterCache): string | null {
  const path = filterPath(cache);
  const filter = path === null ? null : readFilter(path);
  return filter === null ? null : filter.toString("base64");
}

/** Keeps the filter that `create` of container `id` has compiled, for the next one. */
export function keepFilter(cache: FilterCache, id: string): void {
  const path = filterPath(cache);
  const filter = path === null ? null : readFilter(`${cache.handle.stateDir}/${id}/seccomp.bpf`);
  if (path === null || filter === null || readFilter(path) !== null) return;
  mkdirSync(cache.directory, { recursive: true, mode: 0o700 });
  const draft = `${path}.${Deno.pid}`;
  writeFileSync(draft, filter, { mode: 0o600 });
  renameSync(draft, path);
}

function readFilter(path: string) {
  try {
    const filter = readFileSync(path);
    return filter.length > 0 && filter.length % 8 === 0 && filter.length <= largestFilter ? filter : null;
  } catch {
    return null;
  }
}

/** `null` where the runtime does not know the annotation, or where a filter means more than its program. */
function filterPath({ handle: { runtime }, directory, seccomp }: FilterCache): string | null {
  if (runtime.family !== "crun" || seccomp.listenerPath || seccomp.flags?.length) return null;
  const { size, mtimeMs } = statSync(runtime.path);
  const { release, machine } = uname();
  const key = JSON.stringify([seccomp, runtime.path, size, mtimeMs, release, machine]);
  return `${directory}/${createHash("sha256").update(key).digest("hex")}`;
}
