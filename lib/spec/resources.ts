/** Limits of memory, processors, processes and block devices. */

import type {
  LinuxCPU,
  LinuxMemory,
  LinuxResources,
  LinuxThrottleDevice,
  LinuxWeightDevice,
} from "../engine/types/spec.ts";
import type { FlagReader } from "./flag_reader.ts";
import { cut, invalid } from "./invalid.ts";
import { parseBytes } from "./units.ts";
import { messageOf } from "../errors.ts";

/** The period that `--cpus` is a share of, in microseconds. */
export const cpuPeriod = 100_000;

/** What the flags say; undefined when they say nothing. */
export function parseResources(flags: FlagReader): LinuxResources | undefined {
  const memory = parseMemory(flags);
  const cpu = parseCpu(flags);
  const weight = parseWeight(flags.text("blkio-weight"));
  const unified = parseUnified(flags.list("cgroup-conf"));
  const resources: LinuxResources = {
    ...(memory && { memory }),
    ...(cpu && { cpu }),
    ...(flags.has("pids-limit") && { pids: { limit: flags.number("pids-limit") } }),
    ...(weight !== undefined && { blockIO: { weight } }),
    ...(unified && { unified }),
  };
  return Object.keys(resources).length === 0 ? undefined : resources;
}

function bytes(flags: FlagReader, name: string): number | undefined {
  const text = flags.text(name);
  if (text === "") return undefined;
  if (text === "-1") return -1;
  try {
    return parseBytes(text);
  } catch (error) {
    throw invalid(`invalid value for ${name}: ${messageOf(error)}`, error);
  }
}

function parseMemory(flags: FlagReader): LinuxMemory | undefined {
  const limit = bytes(flags, "memory");
  const reservation = bytes(flags, "memory-reservation");
  const swap = bytes(flags, "memory-swap");
  const kernel = bytes(flags, "kernel-memory");
  const swappiness = flags.has("memory-swappiness") ? flags.number("memory-swappiness") : -1;
  if (swappiness < -1 || swappiness > 100) {
    throw invalid(`invalid value: ${swappiness}, valid memory swappiness range is 0-100`);
  }
  const memory: LinuxMemory = {
    ...(limit !== undefined && { limit, ...(swap === undefined && limit > 0 && { swap: 2 * limit }) }),
    ...(reservation !== undefined && { reservation }),
    ...(swap !== undefined && { swap }),
    ...(kernel !== undefined && { kernel }),
    ...(swappiness >= 0 && { swappiness }),
    ...(flags.flag("oom-kill-disable") && { disableOOMKiller: true }),
  };
  checkMemory(memory);
  return Object.keys(memory).length === 0 ? undefined : memory;
}

/** Combinations that no kernel takes. Throws in Podman's words. */
export function checkMemory({ limit = 0, swap = 0, reservation = 0 }: LinuxMemory): void {
  if (limit > 0 && swap > 0 && swap < limit) {
    throw invalid("minimum memoryswap limit should be larger than memory limit, see usage");
  }
  if (limit === 0 && swap > 0) {
    throw invalid("you should always set a memory limit when using a memoryswap limit, see usage");
  }
  if (limit > 0 && reservation > 0 && limit < reservation) {
    throw invalid("minimum memory limit cannot be less than memory reservation limit, see usage");
  }
}

function parseCpu(flags: FlagReader): LinuxCPU | undefined {
  const number = (name: string) => flags.number(name);
  const cpus = number("cpus");
  if (cpus < 0) throw invalid(`invalid value for cpus: ${cpus}`);
  if (cpus > 0 && number("cpu-period") > 0) throw invalid("--cpu-period and --cpus cannot be set together");
  if (cpus > 0 && number("cpu-quota") !== 0) throw invalid("--cpu-quota and --cpus cannot be set together");
  const sets = { cpus: flags.text("cpuset-cpus"), mems: flags.text("cpuset-mems") };
  for (const text of Object.values(sets)) checkCpuSet(text);
  const cpu: LinuxCPU = {
    ...(number("cpu-shares") > 0 && { shares: number("cpu-shares") }),
    ...(number("cpu-period") > 0 && { period: number("cpu-period") }),
    ...(number("cpu-quota") !== 0 && { quota: number("cpu-quota") }),
    ...(cpus > 0 && { period: cpuPeriod, quota: Math.round(cpus * cpuPeriod) }),
    ...(number("cpu-rt-period") > 0 && { realtimePeriod: number("cpu-rt-period") }),
    ...(number("cpu-rt-runtime") !== 0 && { realtimeRuntime: number("cpu-rt-runtime") }),
    ...(sets.cpus !== "" && { cpus: sets.cpus }),
    ...(sets.mems !== "" && { mems: sets.mems }),
  };
  return Object.keys(cpu).length === 0 ? undefined : cpu;
}

function checkCpuSet(text: string): void {
  if (text !== "" && !/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(text)) throw invalid(`invalid cpuset ${JSON.stringify(text)}`);
}

function parseWeight(text: string): number | undefined {
  if (text === "") return undefined;
  const weight = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (weight === 0 || (weight >= 10 && weight <= 1000)) return weight;
  throw invalid(`invalid value for blkio-weight: ${text}: range is from 10 to 1000`);
}

function parseUnified(texts: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (texts.length === 0) return undefined;
  return Object.fromEntries(texts.map((text) => {
    const [key, value] = cut(text, "=");
    if (key === "" || value === undefined) {
      throw invalid(`--cgroup-conf must be formatted KEY=VALUE: ${JSON.stringify(text)}`);
    }
    return [key, value];
  }));
}

/** `PATH:WEIGHT` of `--blkio-weight-device`, by path; the numbers of the device are looked up later. */
export function parseWeightDevices(texts: readonly string[]): Readonly<Record<string, LinuxWeightDevice>> {
  return Object.fromEntries(texts.map((text) => {
    const [path, weight = ""] = cut(text, ":");
    if (!path.startsWith("/dev/")) throw invalid(`bad format for device path: ${text}`);
    const value = parseWeight(weight);
    if (value === undefined) throw invalid(`bad format: ${text}`);
    return [path, { major: 0, minor: 0, weight: value }];
  }));
}

/** `PATH:RATE` of `--device-read-bps` and its like; `bytes`: the rate may have a unit. */
export function parseThrottleDevices(
  texts: readonly string[],
  unit: "bytes" | "operations",
): Readonly<Record<string, LinuxThrottleDevice>> {
  return Object.fromEntries(texts.map((text) => {
    const [path, rate = ""] = cut(text, ":");
    if (!path.startsWith("/dev/")) throw invalid(`bad format for device path: ${text}`);
    return [path, { major: 0, minor: 0, rate: parseRate(rate, { text, unit }) }];
  }));
}

function parseRate(rate: string, { text, unit }: { readonly text: string; readonly unit: string }): number {
  if (unit === "bytes" && rate !== "") return parseBytes(rate);
  if (/^\d+$/.test(rate)) return Number(rate);
  const shape = unit === "bytes" ? "<device-path>:<number>[<unit>]" : "<device-path>:<number>";
  throw invalid(`invalid rate for device: ${text}. The correct format is ${shape}. Number must be a positive integer`);
}
