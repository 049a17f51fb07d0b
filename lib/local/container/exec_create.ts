import { EngineError } from "../../errors.ts";
import type { ExecCreateInput } from "../../engine/containers.ts";
import type { Local } from "../context.ts";
import { randomName } from "../random_name.ts";
import { observe } from "./observe.ts";

/** Writes a session down; it starts with `execStart`. The container must be running. */
export async function createExec(local: Local, { name, config }: ExecCreateInput): Promise<{ readonly Id: string }> {
  const record = await observe(local, local.state.containers.get(name));
  if (record.state.tag !== "running") {
    throw new EngineError(
      "containerState",
      "can only create exec sessions on running containers: container state improper",
    );
  }
  if ((config.Cmd ?? []).length === 0) {
    throw new EngineError("invalidArgument", "must provide a command to create an exec session: invalid argument");
  }
  const session = { id: randomName(), containerId: record.container.id, config, state: { tag: "created" } } as const;
  local.state.transaction(() => local.state.execSessions.insert(session));
  return { Id: session.id };
}
