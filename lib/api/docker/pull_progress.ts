/** Events of a pull as Docker's progress messages. */

import type { BlobProgress, PullEvent } from "../../engine/mod.ts";

/** Undefined where Docker's clients have nothing to show. */
export function pullLine(event: PullEvent): unknown {
  if (event.progress !== undefined) return progressLine(event.progress);
  if (event.id !== undefined && event.id !== "") {
    return { status: `Status: Image is up to date`, id: "", aux: { ID: event.id } };
  }
  if (event.stream !== undefined && event.stream !== "") return { status: event.stream.trimEnd() };
  return undefined;
}

function progressLine({ digest, what, current, total, state }: BlobProgress): unknown {
  if (what === "config") return undefined;
  const id = digest.replace(/^sha256:/, "").slice(0, 12);
  switch (state) {
    case "running":
      return { status: "Downloading", id, progressDetail: { current, total } };
    case "done":
      return { status: "Pull complete", id, progressDetail: {} };
    case "present":
      return { status: "Already exists", id, progressDetail: {} };
    default:
      return state satisfies never;
  }
}
