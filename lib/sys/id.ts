import { textUntilNul } from "./_scratch.ts";
import { check } from "./fd.ts";
import { libc } from "./libc.ts";

export function getuid(): number {
  return libc.getuid();
}

export function geteuid(): number {
  return libc.geteuid();
}

export function getgid(): number {
  return libc.getgid();
}

export function getegid(): number {
  return libc.getegid();
}

/** The supplementary groups. */
export function getgroups(): number[] {
  const count = check(libc.getgroups(0, null), "getgroups");
  const list = new Uint32Array(count);
  check(libc.getgroups(count, new Uint8Array(list.buffer)), "getgroups");
  return [...list];
}

/** Sets the mask of this process and returns the one before. */
export function umask(mask: number): number {
  return libc.umask(mask);
}

/** Resources of getrlimit(2), by the names that `--ulimit` uses. */
export const rlimits = {
  cpu: 0,
  fsize: 1,
  data: 2,
  stack: 3,
  core: 4,
  rss: 5,
  nproc: 6,
  nofile: 7,
  memlock: 8,
  as: 9,
  locks: 10,
  sigpending: 11,
  msgqueue: 12,
  nice: 13,
  rtprio: 14,
  rttime: 15,
} as const;

export type Resource = keyof typeof rlimits;

/** Limits; `Infinity` stands for no limit. */
export type Limit = { readonly soft: number; readonly hard: number };

const unlimited = 0xffff_ffff_ffff_ffffn;

function limitOf(word: bigint | undefined): number {
  return word === undefined || word === unlimited ? Infinity : Number(word);
}

function wordOf(limit: number): bigint {
  return Number.isFinite(limit) ? BigInt(limit) : unlimited;
}

/** A limit of this process, or of `pid`. */
export function getrlimit(resource: Resource, options: { readonly pid?: number } = {}): Limit {
  const words = new BigUint64Array(2);
  const bytes = new Uint8Array(words.buffer);
  check(libc.prlimit64(options.pid ?? 0, rlimits[resource], null, bytes), "getrlimit", resource);
  return { soft: limitOf(words[0]), hard: limitOf(words[1]) };
}

/** Raising the hard limit needs CAP_SYS_RESOURCE (EPERM). */
export function setrlimit(resource: Resource, limit: Limit, options: { readonly pid?: number } = {}): void {
  const words = new BigUint64Array([wordOf(limit.soft), wordOf(limit.hard)]);
  const bytes = new Uint8Array(words.buffer);
  check(libc.prlimit64(options.pid ?? 0, rlimits[resource], bytes, null), "setrlimit", resource);
}

/** The processors that this process may run on. */
export function availableProcessors(): number[] {
  const mask = new Uint8Array(1024);
  check(libc.sched_getaffinity(0, mask.length, mask), "sched_getaffinity");
  const processors: number[] = [];
  for (let index = 0; index < mask.length * 8; index++) {
    if (((mask[index >> 3] ?? 0) >> (index & 7)) & 1) processors.push(index);
  }
  return processors;
}

/** uname(2). `machine` is `x86_64` or `aarch64`. */
export type Uname = {
  readonly system: string;
  readonly hostname: string;
  readonly release: string;
  readonly version: string;
  readonly machine: string;
  readonly domain: string;
};

export function uname(): Uname {
  // struct utsname: six fields of 65 bytes
  const buffer = new Uint8Array(65 * 6);
  check(libc.uname(buffer), "uname");
  const field = (index: number): string => textUntilNul(buffer.subarray(index * 65, index * 65 + 65));
  return {
    system: field(0),
    hostname: field(1),
    release: field(2),
    version: field(3),
    machine: field(4),
    domain: field(5),
  };
}

export function hostname(): string {
  return uname().hostname;
}

/** sysinfo(2): memory in bytes, time since boot in seconds. */
export type SysInfo = {
  readonly uptime: number;
  readonly totalMemory: number;
  readonly freeMemory: number;
  readonly totalSwap: number;
  readonly freeSwap: number;
  readonly processes: number;
};

export function sysinfo(): SysInfo {
  const view = new DataView(new ArrayBuffer(128));
  check(libc.sysinfo(new Uint8Array(view.buffer)), "sysinfo");
  const word = (index: number): number => Number(view.getBigUint64(index * 8, true));
  const unit = view.getUint32(104, true) || 1;
  return {
    uptime: word(0),
    totalMemory: word(4) * unit,
    freeMemory: word(5) * unit,
    totalSwap: word(8) * unit,
    freeSwap: word(9) * unit,
    processes: view.getUint16(80, true),
  };
}

/** Options of prctl(2) that we use. */
export const PR = {
  SET_PDEATHSIG: 1,
  SET_DUMPABLE: 4,
  SET_NAME: 15,
  SET_CHILD_SUBREAPER: 36,
  SET_NO_NEW_PRIVS: 38,
} as const;

/** prctl(2) with one argument. */
export function prctl(option: number, argument = 0): number {
  return check(libc.prctl(option, argument, 0, 0, 0), "prctl");
}

/** Processes that lose their parent below us become our children instead of init's. */
export function setChildSubreaper(on: boolean): void {
  prctl(PR.SET_CHILD_SUBREAPER, on ? 1 : 0);
}

/** True if this kernel thread may use the capability (bit number) according to /proc/self/status' effective set. */
export function hasCapability(status: string, bit: number): boolean {
  const match = /^CapEff:\s*([0-9a-f]+)$/m.exec(status);
  return match !== null && ((BigInt(`0x${match[1]}`) >> BigInt(bit)) & 1n) === 1n;
}
