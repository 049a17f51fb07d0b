import type { ContainerExit } from "../../runtime/types.ts";
import type { ContainerRecord } from "../../state/mod.ts";
import type { Local } from "../context.ts";
import { exitDirectory, runDirectory } from "../paths.ts";
import { isLive } from "./observe.ts";

/** Waits for the end of a live container's process, or for what is known of it. */
export async function awaitExit(local: Local, record: ContainerRecord, signal?: AbortSignal): Promise<ContainerExit> {
  const { container: { id }, state } = record;
  if (!isLive(state)) throw new TypeError(`container ${id} is not live`);
  const { waitForExit } = await import("../../runtime/exit.ts");
  const { paths } = local.config;
  const place = { id, exitDir: exitDirectory(paths), bundle: runDirectory(paths, id) };
  return await waitForExit({ ...place, process: state.process, conmon: state.conmon }, signal);
}
