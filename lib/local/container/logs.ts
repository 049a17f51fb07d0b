import { EngineError } from "../../errors.ts";
import type { ContainerLogsInput } from "../../engine/containers.ts";
import type { Frame } from "../../engine/stream.ts";
import type { LogEntry } from "../../runtime/types.ts";
import type { ContainerRecord } from "../../state/mod.ts";
import type { Local } from "../context.ts";
import { parseTime } from "../parse_time.ts";
import { awaitExit } from "./await_exit.ts";
import { isLive, observe } from "./observe.ts";

/** What the container has said, from its log; with `follow` also what it says until it ends. */
export async function* containerLogs(
  local: Local,
  input: ContainerLogsInput,
  signal?: AbortSignal,
): AsyncGenerator<Frame> {
  const record = local.state.containers.get(input.name);
  const { driver = "", path = "" } = record.container.log;
  if (driver === "none" || driver === "passthrough") {
    throw new EngineError(
      "invalidArgument",
      `this container is using the '${driver}' log driver, cannot read logs: this operation is not supported`,
    );
  }
  const { readLogs } = await import("../../runtime/logs.ts");
  const followUntil = input.follow ? endOf(local, record, signal) : undefined;
  const wanted = { stdout: input.stdout ?? true, stderr: input.stderr ?? true };
  const entries = readLogs({ path, ...limits(input), tail: input.tail, followUntil }, signal);
  for await (const entry of entries) {
    if (wanted[entry.stream]) yield frame(entry, input.timestamps === true);
  }
}

function limits({ since, until }: ContainerLogsInput): { readonly since?: number; readonly until?: number } {
  return {
    ...(since ? { since: parseTime(since) } : {}),
    ...(until ? { until: parseTime(until) } : {}),
  };
}

/** Settles when there is no more to come. */
async function endOf(local: Local, record: ContainerRecord, signal?: AbortSignal): Promise<void> {
  const now = await observe(local, record);
  if (isLive(now.state)) await awaitExit(local, now, signal).catch(() => null);
}

const encoder = new TextEncoder();
const newline = encoder.encode("\n");

function frame({ stream, time, data, partial }: LogEntry, timestamps: boolean): Frame {
  const parts = [
    timestamps ? encoder.encode(`${time} `) : new Uint8Array(),
    data,
    partial ? new Uint8Array() : newline,
  ];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return { stream, data: whole };
}
