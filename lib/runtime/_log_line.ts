import type { LogEntry } from "./types.ts";

const space = 0x20;
const decoder = new TextDecoder();
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * A line of conmon's k8s-file log, without its newline: `TIME STREAM TAG CONTENT`, TAG `F` for a full line and `P` for
 * a piece that the next line goes on with. The content may be any bytes. `undefined` for what conmon did not write.
 */
export function parseLogLine(line: Uint8Array): LogEntry | undefined {
  const first = line.indexOf(space);
  const second = line.indexOf(space, first + 1);
  if (first < 0 || second < 0) return undefined;
  const stream = decoder.decode(line.subarray(first + 1, second));
  const tag = line[second + 1];
  if (stream !== "stdout" && stream !== "stderr") return undefined;
  if (tag !== 0x46 && tag !== 0x50) return undefined;
  const time = decoder.decode(line.subarray(0, first));
  if (!timePattern.test(time) || line[second + 2] !== space) return undefined;
  return { stream, time, data: line.slice(second + 3), partial: tag === 0x50 };
}

/** True for the last piece of a line: tells lines apart when counting from the end. */
export function endsLine(line: Uint8Array): boolean {
  return !(parseLogLine(line)?.partial ?? false);
}
