/**
 * Attach and exec on the server's side: the HTTP connection becomes the line to a process.
 *
 * A client that asks for an upgrade gets `101 UPGRADED`, one that does not gets `200` and the same raw connection behind
 * the head: Podman's clients before 5 start exec sessions that way and write the process's input right after the body.
 */

import type { Duplex } from "../engine/mod.ts";
import { messageOf } from "../errors.ts";
import { encodeFailure, encodeFrame } from "./frames.ts";
import type { Answer, Header } from "./http/serve.ts";
import type { Wire } from "./http/wire.ts";
import type { ApiVersion } from "./row.ts";

export const rawStream = "application/vnd.docker.raw-stream";
export const multiplexedStream = "application/vnd.docker.multiplexed-stream";

export type HijackOptions = {
  /** The process has a terminal: its output goes out as it is, without frames. */
  readonly terminal: boolean;
  /** The client asked for `Upgrade`. */
  readonly upgrade: boolean;
  readonly api: ApiVersion;
  /** The server stops. */
  readonly signal: AbortSignal;
};

/** How long a TCP client may take to read what was said last before its connection is closed. */
const lingerMilliseconds = 1000;

/** The answer that hands the connection over to `line`. */
export function hijacked(line: Duplex, options: HijackOptions): Answer {
  const type: Header = ["Content-Type", streamType(options)];
  const headers: readonly Header[] = options.upgrade ? [type, ["Connection", "Upgrade"], ["Upgrade", "tcp"]] : [type];
  return { tag: "hijack", status: options.upgrade ? 101 : 200, headers, run: (wire) => carry(wire, { line, options }) };
}

/** Docker's API tells the two apart since 1.42. */
export function streamType({ terminal, api }: Pick<HijackOptions, "terminal" | "api">): string {
  const old = api.dialect === "docker" && api.major === 1 && api.minor < 42;
  return terminal || old ? rawStream : multiplexedStream;
}

/**
 * Between the head and the first output, where there was no upgrade. Podman's clients before 5 read the head through a
 * buffer and the output past it, so what arrives together with the head is lost to them.
 */
const settleMilliseconds = 20;

type Carrying = { readonly line: Duplex; readonly options: HijackOptions };

async function carry(wire: Wire, { line, options }: Carrying): Promise<void> {
  const stop = () => line.close();
  options.signal.addEventListener("abort", stop);
  try {
    const input = carryInput(wire, { line, options });
    if (!options.upgrade) await new Promise((resolve) => setTimeout(resolve, settleMilliseconds));
    await carryOutput(wire, { line, options });
    await wire.closeWrite();
    await settled(input);
  } finally {
    options.signal.removeEventListener("abort", stop);
    line.close();
  }
}

async function carryOutput(wire: Wire, { line, options }: Carrying): Promise<void> {
  try {
    for await (const frame of line.output) await wire.write(options.terminal ? frame.data : encodeFrame(frame));
  } catch (error) {
    // Either the client has gone, and then this write fails too, or the process's output could not be read.
    if (!options.terminal) await wire.write(encodeFailure(messageOf(error))).catch(() => {});
  }
}

/**
 * Until the client ends its half; a process that no longer reads lets the rest of it fall. A client that leaves at the
 * keys to detach ends its half too, Docker's without having sent them: that must not end the input of the process it
 * leaves. A terminal's input has no end but a typed one.
 */
async function carryInput(wire: Wire, { line, options }: Carrying): Promise<void> {
  let over = false;
  void line.ended.then(() => over = true, () => over = true);
  let taken = true;
  for (let data = await wire.take(); data !== null; data = await wire.take()) {
    if (taken) taken = await line.write(data).then(() => true, () => false);
  }
  if (!over && !options.terminal) await line.closeInput().catch(() => {});
}

/** Waits for the client's end, but not long: closing with unread input would make TCP throw away what was sent. */
async function settled(input: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, lingerMilliseconds);
  await Promise.race([input, promise]);
  clearTimeout(timer);
}
