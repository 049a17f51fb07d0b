/** `network create`. */

import { EngineError } from "../../lib/errors.ts";
import type { LeaseRange, Network, Route, Subnet } from "../../lib/engine/mod.ts";
import { parsePairs } from "../_pairs.ts";
import type { Command, CommandContext } from "../command.ts";
import type { FlagValues } from "../flag_values.ts";

export const command: Command = {
  path: "network create",
  summary: "Define a network",
  examples: ["network create web", "network create --subnet 10.9.0.0/24 --gateway 10.9.0.1 lab"],
  args: { text: "[options] [NAME]", min: 0, max: 1 },
  flags: [
    { name: "disable-dns", type: "bool", text: "No name server on it" },
    { name: "dns", type: "stringSlice", value: "ADDRESS", text: "Name server for its containers" },
    {
      name: "driver",
      type: "string",
      short: "d",
      default: "bridge",
      value: "DRIVER",
      text: "bridge, macvlan or ipvlan",
    },
    { name: "gateway", type: "ipSlice", value: "ADDRESS", text: "Gateway of the subnet" },
    { name: "ignore", type: "bool", text: "No error if it is there" },
    { name: "interface-name", type: "string", value: "NAME", text: "Name of its interface on the host" },
    { name: "internal", type: "bool", text: "No way out of it" },
    { name: "ip-range", type: "stringArray", value: "CIDR", text: "Give out addresses of this part of the subnet" },
    { name: "ipam-driver", type: "string", value: "DRIVER", text: "host-local, dhcp or none" },
    { name: "ipv6", type: "bool", text: "Give it IPv6 too" },
    { name: "label", type: "stringArray", text: "Label KEY=VALUE" },
    { name: "opt", type: "stringArray", short: "o", text: "Option of the driver, such as mtu=1400" },
    { name: "route", type: "stringArray", value: "ROUTE", text: "Static route DESTINATION,GATEWAY[,METRIC]" },
    { name: "subnet", type: "stringArray", value: "CIDR", text: "Subnet in CIDR notation" },
  ],
  unsupported: "macvlan:string!hidden",
  remote: true,
  access: "writes",
  run: createNetwork,
};

async function createNetwork({ args, engine, flags, io, signal }: CommandContext): Promise<void> {
  const subnets = subnetsOf(flags);
  const text = (name: string, key: keyof Network) => flags.text(name) === "" ? {} : { [key]: flags.text(name) };
  const network: Partial<Network> = {
    ...(args[0] === undefined ? {} : { name: args[0] }),
    driver: flags.text("driver"),
    ...text("interface-name", "network_interface"),
    ...(subnets.length > 0 ? { subnets } : {}),
    ...(flags.list("route").length > 0 ? { routes: flags.list("route").map(routeOf) } : {}),
    ipv6_enabled: flags.on("ipv6"),
    internal: flags.on("internal"),
    dns_enabled: !flags.on("disable-dns"),
    ...(flags.list("dns").length > 0 ? { network_dns_servers: flags.list("dns") } : {}),
    labels: parsePairs(flags.list("label")),
    options: parsePairs(flags.list("opt")),
    ...(flags.text("ipam-driver") === "" ? {} : { ipam_options: { driver: flags.text("ipam-driver") } }),
  };
  const { name } = await engine.networks.create({ network, ignoreIfExists: flags.on("ignore") }, signal);
  io.stdout.write(`${name}\n`);
}

/** Gateways and ranges belong to the subnets in their order. */
function subnetsOf(flags: FlagValues): readonly Subnet[] {
  const subnets = flags.list("subnet");
  const gateways = flags.list("gateway");
  const ranges = flags.list("ip-range");
  if (gateways.length > 0 && subnets.length === 0) throw bad("every gateway must have a corresponding subnet");
  if (ranges.length > 0 && subnets.length === 0) throw bad("every ip-range must have a corresponding subnet");
  if (gateways.length > subnets.length) throw bad("cannot set more gateways than subnets");
  if (ranges.length > subnets.length) throw bad("cannot set more ranges than subnets");
  return subnets.map((subnet, at) => ({
    subnet: checkCidr(subnet),
    ...(gateways[at] === undefined ? {} : { gateway: gateways[at] }),
    ...(ranges[at] === undefined ? {} : { lease_range: leaseRange(ranges[at]) }),
  }));
}

function bad(words: string): EngineError {
  return new EngineError("usage", words);
}

function checkCidr(text: string): string {
  const [address = "", bits = ""] = text.split("/");
  const v4 = /^\d{1,3}(\.\d{1,3}){3}$/.test(address) && address.split(".").every((part) => Number(part) < 256);
  const v6 = address.includes(":") && URL.canParse(`http://[${address}]/`);
  const most = v4 ? 32 : 128;
  if ((v4 || v6) && /^\d{1,3}$/.test(bits) && Number(bits) <= most) return text;
  throw bad(`invalid CIDR address: ${text}`);
}

/** `FIRST-LAST`, or a CIDR with its first and last usable address. */
function leaseRange(text: string): LeaseRange {
  if (text.includes("-")) {
    const [start = "", end = ""] = text.split("-");
    checkCidr(`${start}/32`);
    checkCidr(`${end}/32`);
    return { start_ip: start, end_ip: end };
  }
  checkCidr(text);
  const [address = "", bits = ""] = text.split("/");
  const v6 = address.includes(":");
  const size = BigInt((v6 ? 128 : 32) - Number(bits));
  const first = (v6 ? toNumber6(address) : toNumber4(address)) >> size << size;
  const last = first + (1n << size) - 1n;
  const write = v6 ? fromNumber6 : fromNumber4;
  return { start_ip: write(size > 1n ? first + 1n : first), end_ip: write(size > 1n && !v6 ? last - 1n : last) };
}

function toNumber4(address: string): bigint {
  return address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function fromNumber4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join(".");
}

function toNumber6(address: string): bigint {
  const [head = "", tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const middle = new Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...middle, ...right].reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n);
}

function fromNumber6(value: bigint): string {
  const parts = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - at * 16)) & 65535n).toString(16));
  return new URL(`http://[${parts.join(":")}]/`).hostname.slice(1, -1);
}

/** `DESTINATION,GATEWAY[,METRIC]`. */
function routeOf(text: string): Route {
  const [destination = "", gateway = "", metric, more] = text.split(",");
  if (gateway === "" || more !== undefined || (metric !== undefined && !/^\d+$/.test(metric))) {
    throw bad(`invalid route: ${text}\nFormat: --route <destination in CIDR>,<gateway>,<metric (optional)>`);
  }
  return { destination: checkCidr(destination), gateway, ...(metric === undefined ? {} : { metric: Number(metric) }) };
}
