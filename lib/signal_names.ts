/** Signals of Linux by name and number (x86-64, arm64 and most others). Pure; every floor needs it. */

/** Index = number. */
const names: readonly string[] = [
  "",
  "HUP",
  "INT",
  "QUIT",
  "ILL",
  "TRAP",
  "ABRT",
  "BUS",
  "FPE",
  "KILL",
  "USR1",
  "SEGV",
  "USR2",
  "PIPE",
  "ALRM",
  "TERM",
  "STKFLT",
  "CHLD",
  "CONT",
  "STOP",
  "TSTP",
  "TTIN",
  "TTOU",
  "URG",
  "XCPU",
  "XFSZ",
  "VTALRM",
  "PROF",
  "WINCH",
  "IO",
  "PWR",
  "SYS",
];

const aliases: Readonly<Record<string, number>> = { IOT: 6, CLD: 17, POLL: 29, UNUSED: 31 };
/** As the C library numbers real-time signals: it keeps 32 and 33 for itself. */
const realTimeMin = 34;
const realTimeMax = 64;

/** The names of all signals that have one, with "SIG". */
export function signalNames(): string[] {
  return names.filter((name) => name !== "").map((name) => `SIG${name}`);
}

/**
 * The number of "SIGTERM", "term", "15", "SIGRTMIN+3" or "RTMAX-1"; `undefined` for anything else. 0 is no signal here.
 */
export function parseSignal(text: string): number | undefined {
  if (/^\d+$/.test(text)) {
    const number = Number(text);
    return number >= 1 && number <= realTimeMax ? number : undefined;
  }
  const name = text.toUpperCase().replace(/^SIG/, "");
  const index = names.indexOf(name, 1);
  if (index > 0 && name !== "") return index;
  if (Object.hasOwn(aliases, name)) return aliases[name];
  return parseRealTime(name);
}

function parseRealTime(name: string): number | undefined {
  const match = /^RT(MIN|MAX)(?:([+-])(\d+))?$/.exec(name);
  if (match === null) return undefined;
  const base = match[1] === "MIN" ? realTimeMin : realTimeMax;
  const offset = Number(match[3] ?? 0) * (match[2] === "-" ? -1 : 1);
  const number = base + offset;
  return number >= realTimeMin && number <= realTimeMax ? number : undefined;
}

/** "SIGTERM" for 15, "SIGRTMIN+3" for 37; the plain number where there is no name. */
export function signalName(number: number): string {
  const name = names[number];
  if (name !== undefined && name !== "") return `SIG${name}`;
  if (number === realTimeMin) return "SIGRTMIN";
  if (number > realTimeMin && number <= realTimeMax) return `SIGRTMIN+${number - realTimeMin}`;
  return String(number);
}
