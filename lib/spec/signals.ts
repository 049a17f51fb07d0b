/** Signals of Linux by name and number (x86-64, arm64 and most others). */

import { invalid } from "./invalid.ts";

const names =
  ("HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG " +
    "XCPU XFSZ VTALRM PROF WINCH IO PWR SYS").split(" ");
const aliases: Readonly<Record<string, number>> = { IOT: 6, CLD: 17, POLL: 29, UNUSED: 31 };
const firstRealTime = 34;
const lastRealTime = 64;

/** The number of `TERM`, `SIGTERM`, `sigterm`, `15`, `RTMIN+3`. Throws `invalid signal: x`. */
export function parseSignal(text: string): number {
  const number = signalNumber(text);
  if (number === undefined) throw invalid(`invalid signal: ${text}`);
  return number;
}

function signalNumber(text: string): number | undefined {
  if (/^\d+$/.test(text)) {
    const number = Number(text);
    return number >= 1 && number <= lastRealTime ? number : undefined;
  }
  const name = text.toUpperCase().replace(/^SIG/, "");
  const at = names.indexOf(name);
  if (at >= 0) return at + 1;
  return Object.hasOwn(aliases, name) ? aliases[name] : realTime(name);
}

function realTime(name: string): number | undefined {
  const found = /^RT(MIN|MAX)(?:([+-])(\d{1,2}))?$/.exec(name);
  if (found === null) return undefined;
  const base = found[1] === "MIN" ? firstRealTime : lastRealTime;
  const number = base + Number(`${found[2] ?? "+"}${found[3] ?? 0}`);
  return number >= firstRealTime && number <= lastRealTime ? number : undefined;
}

/** `SIGTERM` for 15; `SIGRTMIN+3` for 37; the number itself for others. */
export function signalName(number: number): string {
  const name = names[number - 1];
  if (name !== undefined) return `SIG${name}`;
  if (number >= firstRealTime && number <= lastRealTime) {
    return number === firstRealTime ? "SIGRTMIN" : `SIGRTMIN+${number - firstRealTime}`;
  }
  return String(number);
}
