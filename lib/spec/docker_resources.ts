/** Limits of docker's request. */

import type { LinuxCPU, LinuxMemory, LinuxResources, POSIXRlimit } from "../engine/types/spec.ts";
import type { Fields } from "./json_fields.ts";
import { invalid } from "./invalid.ts";
import { checkMemory, cpuPeriod } from "./resources.ts";
import { rlimitType, unlimited } from "./ulimits.ts";

/** The limits that are set; undefined if none is. 0 is "not set" to docker. */
export function dockerResources(host: Fields): LinuxResources | undefined {
  const memory = memoryOf(host);
  const cpu = cpuOf(host);
  const pids = host.integer("PidsLimit");
  const weight = host.integer("BlkioWeight");
  const resources: LinuxResources = {
    ...(memory && { memory }),
    ...(cpu && { cpu }),
    ...(pids !== 0 && { pids: { limit: pids } }),
    ...(weight > 0 && { blockIO: { weight } }),
  };
  return Object.keys(resources).length > 0 ? resources : undefined;
}

function memoryOf(host: Fields): LinuxMemory | undefined {
  const limit = positive(host, "Memory");
  const reservation = positive(host, "MemoryReservation");
  const swap = host.integer("MemorySwap");
  const kernel = positive(host, "KernelMemory");
  const swappiness = host.has("MemorySwappiness") ? host.integer("MemorySwappiness") : -1;
  if (swappiness > 100) throw invalid(`invalid value: ${swappiness}, valid memory swappiness range is 0-100`);
  const memory: LinuxMemory = {
    ...(limit > 0 && { limit }),
    ...(reservation > 0 && { reservation }),
    ...(swap !== 0 && { swap }),
    ...(kernel > 0 && { kernel }),
    ...(swappiness >= 0 && { swappiness }),
    ...(host.flag("OomKillDisable") && { disableOOMKiller: true }),
  };
  checkMemory(memory);
  return Object.keys(memory).length > 0 ? memory : undefined;
}

function cpuOf(host: Fields): LinuxCPU | undefined {
  const nano = positive(host, "NanoCpus");
  const [shares, period, quota] = [
    positive(host, "CpuShares"),
    positive(host, "CpuPeriod"),
    host.integer("CpuQuota"),
  ];
  if (nano > 0 && (period > 0 || quota !== 0)) {
    throw invalid("conflicting options: nano CPUs and CPU period or quota cannot both be set");
  }
  const cpu: LinuxCPU = {
    ...(shares > 0 && { shares }),
    ...(period > 0 && { period }),
    ...(quota !== 0 && { quota }),
    ...(nano > 0 && { period: cpuPeriod, quota: Math.round((nano / 1e9) * cpuPeriod) }),
    ...(host.integer("CpuRealtimePeriod") > 0 && { realtimePeriod: host.integer("CpuRealtimePeriod") }),
    ...(host.integer("CpuRealtimeRuntime") > 0 && { realtimeRuntime: host.integer("CpuRealtimeRuntime") }),
    ...(host.text("CpusetCpus") && { cpus: host.text("CpusetCpus") }),
    ...(host.text("CpusetMems") && { mems: host.text("CpusetMems") }),
  };
  return Object.keys(cpu).length > 0 ? cpu : undefined;
}

function positive(host: Fields, key: string): number {
  const value = host.integer(key);
  if (value < 0) throw invalid(`HostConfig.${key}: ${value} is negative`);
  return value;
}

export function dockerUlimits(host: Fields): readonly POSIXRlimit[] | undefined {
  const limits = host.objects("Ulimits").map((limit) => {
    const [soft, hard] = [limit.integer("Soft"), limit.integer("Hard")].map((one) => one < 0 ? unlimited : one);
    if ((soft ?? 0) > (hard ?? 0)) {
      throw invalid(`ulimit soft limit must be less than or equal to hard limit: ${soft} > ${hard}`);
    }
    return { type: rlimitType(limit.text("Name")), soft: soft ?? 0, hard: hard ?? 0 };
  });
  return limits.length > 0 ? limits : undefined;
}
