/** Signals as words of a description. */

import { parseSignal as signalNumber } from "../signal_names.ts";
import { invalid } from "./invalid.ts";

export { signalName } from "../signal_names.ts";

/** The number of `TERM`, `SIGTERM`, `sigterm`, `15`, `RTMIN+3`. Throws `invalid signal: x`. */
export function parseSignal(text: string): number {
  const number = signalNumber(text);
  if (number === undefined) throw invalid(`invalid signal: ${text}`);
  return number;
}
