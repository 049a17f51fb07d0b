/** `--device HOST[:CONTAINER][:rwm]`, `--device-cgroup-rule`. */

import type { LinuxDeviceCgroup } from "../engine/types/spec.ts";
import { cleanPath, invalid, unsupported } from "./invalid.ts";

export type DeviceRequest = {
  readonly source: string;
  readonly destination: string;
  /** Of `r`, `w` and `m`. */
  readonly access: string;
};

/** Parses one `--device`. CDI names (`vendor.com/class=name`) are known and not supported yet. */
export function parseDevice(text: string): DeviceRequest {
  if (/^[\w.-]+\/[\w.-]+=[\w.:-]+$/.test(text)) throw unsupported(`CDI device ${JSON.stringify(text)}`);
  const [source = "", second, third, more] = text.split(":");
  if (source === "" || more !== undefined) throw invalid(`invalid device specification: ${text}`);
  if (second === undefined) return { source, destination: source, access: "rwm" };
  if (third === undefined && isAccess(second)) return { source, destination: source, access: second };
  if (!second.startsWith("/")) throw invalid(`invalid device mode: ${second}`);
  if (third !== undefined && !isAccess(third)) throw invalid(`invalid device mode: ${third}`);
  return { source, destination: cleanPath(second), access: third ?? "rwm" };
}

function isAccess(text: string): boolean {
  return /^[rwm]{1,3}$/.test(text) && new Set(text).size === text.length;
}

/** Parses `TYPE MAJOR:MINOR ACCESS`; `*` stands for all numbers. */
export function parseDeviceRule(text: string): LinuxDeviceCgroup {
  const found = /^([acb]) (\d+|\*):(\d+|\*) ([rwm]{1,3})$/.exec(text);
  if (found === null) {
    throw invalid(`invalid device cgroup rule requires type, major:Minor, and access rules: ${JSON.stringify(text)}`);
  }
  const [, type = "a", major = "*", minor = "*", access = "rwm"] = found;
  return {
    allow: true,
    type,
    ...(major !== "*" && { major: Number(major) }),
    ...(minor !== "*" && { minor: Number(minor) }),
    access,
  };
}
