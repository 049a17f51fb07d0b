import { EngineError } from "../../errors.ts";
import type { KillContainerInput } from "../../engine/containers.ts";
import { parseSignal } from "../../sys/signal.ts";
import type { Local } from "../context.ts";
import { containerEvent } from "./event.ts";
import { isLive, observe } from "./observe.ts";
import { runtimeHandle } from "./runtime.ts";
import { notRunning } from "./settle.ts";

/** Sends a signal to the container's first process. */
export async function killContainer(local: Local, input: KillContainerInput, signal?: AbortSignal): Promise<void> {
  const number = parseSignal(input.signal || "KILL");
  if (number === undefined) throw new EngineError("invalidArgument", `invalid signal: ${input.signal}`);
  const { container: { id } } = local.state.containers.get(input.name);
  using _lock = await local.lock(id, signal);
  const record = await observe(local, local.state.containers.get(id));
  if (!isLive(record.state) || record.state.tag === "initialized") throw notRunning(record, "kill");
  const verbs = await import("../../runtime/verbs.ts");
  await verbs.killContainer(await runtimeHandle(local, record.container, record.run.runtime), { id, signal: number });
  local.state.transaction(() => {
    local.state.containers.setRun(id, { ...record.run, stoppedByUser: true });
    containerEvent(local, { container: record.container, action: "kill", attributes: { signal: String(number) } });
  });
}
