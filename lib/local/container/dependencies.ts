import { EngineError, isKind } from "../../errors.ts";
import type { Local } from "../context.ts";

/**
 * Starts what a container needs (`--requires`, containers whose namespaces it joins), each with what it needs first; what runs is
 * left alone. To be called without the container's lock. Errors: those of a start, `containerState` for one that is paused.
 */
export async function startDependencies(local: Local, id: string, start: Start): Promise<void> {
  for (const needed of startOrder(id, (one) => local.state.containers.find(one)?.container.dependencies ?? [])) {
    await startNeeded(start, needed, { by: id });
  }
}

/** Starts one container whose own dependencies run. */
export type Start = (id: string) => Promise<void>;

/** Everything that `id` needs, itself left out, each after what it needs itself. A cycle is `containerState`. */
export function startOrder(id: string, needs: (id: string) => readonly string[]): readonly string[] {
  const ordered = new Set<string>();
  const open = new Set<string>();
  const visit = (one: string) => {
    if (ordered.has(one)) return;
    if (open.has(one)) {
      throw new EngineError("containerState", `starting container ${id}: container ${one} depends on itself`);
    }
    open.add(one);
    for (const needed of needs(one)) visit(needed);
    open.delete(one);
    ordered.add(one);
  };
  visit(id);
  ordered.delete(id);
  return [...ordered];
}

async function startNeeded(start: Start, id: string, { by }: { readonly by: string }): Promise<void> {
  try {
    await start(id);
  } catch (error) {
    if (isKind(error, "notModified")) return;
    if (!(error instanceof EngineError)) throw error;
    throw new EngineError(error.kind, `starting container ${by}: what it depends on: ${error.message}`, {
      cause: error,
    });
  }
}
