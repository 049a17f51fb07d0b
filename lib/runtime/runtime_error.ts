import { EngineError } from "../errors.ts";
import type { OciRuntime } from "./types.ts";

/**
 * What the runtimes say is text only: which kind of failure it was has to be read out of it, as Podman does, since the
 * exit code of `run` (126, 127) hangs on it.
 */
const notFound = /executable file not found|executable file `|no such file or directory|open executable/i;
const denied = /permission denied|operation not permitted/i;
const directory = /exec: .*: is a directory/i;

/** logrus writes `time="…" level=error msg="…"` when standard error is no log file. */
const logrusLine = /^time="[^"]*" level=\w+ msg=("(?:[^"\\]|\\.)*")$/;

/** The runtime's own words out of a line of JSON log, logrus text or plain text. */
export function runtimeMessage(text: string): string {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.map(plainLine).join("; ");
}

function plainLine(line: string): string {
  const quoted = logrusLine.exec(line)?.[1];
  const json = quoted === undefined ? line : `{"msg":${quoted}}`;
  if (!json.startsWith("{")) return line;
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null && "msg" in value) return String(value.msg);
  } catch {
    // Not JSON after all: the text itself is the message.
  }
  return line;
}

/** The failure in Podman's words: `crun: …: OCI permission denied`. */
export function runtimeError(runtime: Pick<OciRuntime, "name">, text: string, cause?: unknown): EngineError {
  const message = `${runtime.name}: ${runtimeMessage(text)}`;
  if (denied.test(text)) return new EngineError("commandNotInvokable", `${message}: OCI permission denied`, { cause });
  if (notFound.test(text)) {
    const reason = "OCI runtime attempted to invoke a command that was not found";
    return new EngineError("commandNotFound", `${message}: ${reason}`, { cause });
  }
  const kind = directory.test(text) ? "commandNotInvokable" : "runtime";
  return new EngineError(kind, `OCI runtime error: ${message}`, { cause });
}
