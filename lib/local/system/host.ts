/** What this host is: read from /proc, /sys and the helper programs, nothing kept. */

import { existsSync, readFileSync } from "node:fs";
import { findProgram } from "../../sys/program.ts";
import { run } from "../../sys/run.ts";

/** The text of a file, or "" where it cannot be read. */
export function readOr(path: string, otherwise = ""): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
}

export type Memory = {
  readonly memTotal: number;
  readonly memFree: number;
  readonly swapTotal: number;
  readonly swapFree: number;
};

/** /proc/meminfo in bytes. */
export function parseMeminfo(text: string): Memory {
  const value = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0) * 1024;
  return {
    memTotal: value("MemTotal"),
    memFree: value("MemFree"),
    swapTotal: value("SwapTotal"),
    swapFree: value("SwapFree"),
  };
}

export type CpuUse = { readonly userPercent: number; readonly systemPercent: number; readonly idlePercent: number };

/** Shares of time since boot, from the first line of /proc/stat. */
export function parseCpuUse(text: string): CpuUse {
  const ticks = (/^cpu\s+(.*)$/m.exec(text)?.[1] ?? "").split(/\s+/).map(Number);
  const total = ticks.reduce((sum, count) => sum + count, 0) || 1;
  const percent = (count: number | undefined) => Math.round(((count ?? 0) / total) * 10_000) / 100;
  return { userPercent: percent(ticks[0]), systemPercent: percent(ticks[2]), idlePercent: percent(ticks[3]) };
}

/** Seconds as Podman prints them: `5h 3m 2.00s`, with the hours of days in words. */
export function formatUptime(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const text = `${hours}h ${minutes}m ${(seconds % 60).toFixed(2)}s`;
  if (hours < 24) return text;
  return `${text} (Approximately ${(hours / 24).toFixed(2)} days)`;
}

export type HelperProgram = { readonly path: string; /** First lines of `--version`. */ readonly version: string };

/** A helper program with what it says of its version; `null` where there is none. */
export async function findHelper(name: string, dirs: readonly string[] = []): Promise<HelperProgram | null> {
  const path = findProgram(name, dirs) ?? findProgram(name);
  if (path === undefined) return null;
  try {
    const { stdout, stderr } = await run([path, "--version"], { timeoutMs: 2000 });
    return { path, version: (stdout || stderr).trim() };
  } catch {
    return { path, version: "" };
  }
}

/** True where SELinux, AppArmor or seccomp is at work. */
export const security = {
  apparmor: () => readOr("/sys/module/apparmor/parameters/enabled").startsWith("Y"),
  selinux: () => existsSync("/sys/fs/selinux/enforce"),
  seccomp: () => existsSync("/proc/sys/kernel/seccomp/actions_avail"),
};
