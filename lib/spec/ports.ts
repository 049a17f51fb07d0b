/** `-p [[IP:][HOSTPORT]:]PORT[/PROTOCOL]`, `--expose PORT[/PROTOCOL]`; ports may be ranges `a-b`. */

import type { PortMapping } from "../engine/types/spec.ts";
import { cut, invalid, parseInteger } from "./invalid.ts";
import { isAddress } from "./addresses.ts";
import { messageOf } from "../errors.ts";

type Range = { readonly start: number; readonly length: number };

const protocols = ["tcp", "udp", "sctp"];

/** Parses one `-p`. A host port of 0 is for the engine to choose; `host_ip` is empty for all addresses. */
export function parsePort(text: string): PortMapping {
  const [address, protocol, more] = text.split("/");
  if (more !== undefined) throw invalid("invalid port format - protocol can only be specified once");
  const parts = splitPort(address ?? "");
  const container = range(parts.container, "container");
  const host = parts.host === undefined || parts.host === "" ? undefined : range(parts.host, "host");
  if (host !== undefined && host.length !== container.length) {
    throw invalid(`host and container port ranges have different lengths: ${host.length} vs ${container.length}`);
  }
  return {
    host_ip: parts.ip === undefined || parts.ip === "0.0.0.0" ? "" : hostAddress(parts.ip),
    container_port: container.start,
    host_port: host?.start ?? 0,
    range: container.length,
    protocol: parseProtocol(protocol ?? "tcp"),
  };
}

type PortParts = { readonly ip?: string; readonly host?: string; readonly container: string };

function splitPort(text: string): PortParts {
  if (text.startsWith("[")) return splitV6(text);
  const parts = text.split(":");
  const [first = "", second = "", third = ""] = parts;
  switch (parts.length) {
    case 1:
      return { container: first };
    case 2:
      return { host: first, container: second };
    case 3:
      return { ip: first, host: second, container: third };
    default:
      throw invalid("invalid port format - format is [[hostIP:]hostPort:]containerPort");
  }
}

function splitV6(text: string): PortParts {
  const [ip, rest] = cut(text.slice(1), "]");
  if (rest === undefined) throw invalid(`invalid IPv6 address ${JSON.stringify(text)}: no closing bracket`);
  const parts = rest.split(":");
  const [before, host = "", container = ""] = parts;
  if (parts.length !== 3 || before !== "") {
    throw invalid("invalid port format - must provide host and destination port if specifying an IP");
  }
  return { ip, host, container };
}

function hostAddress(text: string): string {
  if (text === "") throw invalid("must provide a non-empty container host IP to publish");
  if (!isAddress(text)) throw invalid(`cannot parse ${JSON.stringify(text)} as an IP address`);
  return text;
}

/** `tcp`, `udp` or `sctp` in lower case. */
export function parseProtocol(text: string): string {
  const protocol = text.toLowerCase();
  if (protocols.includes(protocol)) return protocol;
  throw invalid(`unrecognized protocol ${JSON.stringify(text)} in port mapping`);
}

function range(text: string, which: "container" | "host"): Range {
  if (text === "") throw invalid(`must provide a non-empty ${which} port to publish`);
  try {
    return parseRange(text);
  } catch (error) {
    throw invalid(`parsing ${which} port: ${messageOf(error)}`, error);
  }
}

function parseRange(text: string): Range {
  const [first = "", last, more] = text.split("-");
  if (more !== undefined) {
    throw invalid("invalid port format - port ranges are formatted as startPort-stopPort");
  }
  if (first === "" || last === "") throw invalid("invalid port number: must be a number");
  const start = portNumber(first);
  const end = last === undefined ? start : portNumber(last);
  if (end < start) {
    throw invalid(`the end port of a range must be higher than the start port - ${end} is not higher than ${start}`);
  }
  return { start, length: end - start + 1 };
}

function portNumber(text: string): number {
  let port: number;
  try {
    port = parseInteger(text);
  } catch (error) {
    throw invalid(`invalid port number: ${messageOf(error)}`, error);
  }
  if (port < 1 || port > 65535) throw invalid(`port numbers must be between 1 and 65535 (inclusive), got ${port}`);
  return port;
}

/** Parses all `--expose` (and `EXPOSE`): `PORT` → protocols, joined by commas, as the wire form has it. */
export function parseExposed(texts: readonly string[]): Readonly<Record<string, string>> {
  const exposed = new Map<string, string>();
  for (const text of texts) {
    const [ports, protocol] = cut(text, "/");
    const name = parseProtocol(protocol ?? "tcp");
    const { start, length } = exposedRange(ports);
    for (let port = start; port < start + length; port++) {
      const known = exposed.get(String(port))?.split(",") ?? [];
      exposed.set(String(port), known.includes(name) ? known.join(",") : [...known, name].join(","));
    }
  }
  return Object.fromEntries(exposed);
}

function exposedRange(text: string): Range {
  try {
    return parseRange(text);
  } catch (error) {
    throw invalid(`invalid range format for --expose: ${text}: ${messageOf(error)}`, error);
  }
}
