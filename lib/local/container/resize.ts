import type { ResizeInput } from "../../engine/containers.ts";
import type { Local } from "../context.ts";
import { runDirectory, sessionDirectory } from "../paths.ts";
import { isLive, observe } from "./observe.ts";
import { notRunning } from "./settle.ts";

/** Gives the container's terminal a size. */
export async function resizeContainer(local: Local, { name, width, height }: ResizeInput): Promise<void> {
  const record = await observe(local, local.state.containers.get(name));
  if (!isLive(record.state)) throw notRunning(record, "resize");
  const { resizeTerminal } = await import("../../runtime/attach.ts");
  await resizeTerminal(runDirectory(local.config.paths, record.container.id), { width, height });
}

/** Gives a session's terminal a size. */
export async function resizeExec(local: Local, { name, width, height }: ResizeInput): Promise<void> {
  const session = local.state.execSessions.get(name);
  const { resizeTerminal } = await import("../../runtime/attach.ts");
  await resizeTerminal(sessionDirectory(local.config.paths, session), { width, height });
}
