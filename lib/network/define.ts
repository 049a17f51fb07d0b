import { createHash } from "node:crypto";
import { EngineError } from "../errors.ts";
import type { Network, Subnet } from "../engine/types/network.ts";
import {
  type Cidr,
  contains,
  formatAddress,
  formatCidr,
  lastOf,
  nextCidr,
  overlaps,
  parseAddress,
  parseCidr,
} from "./_address.ts";
import type { NetworkConfig } from "./types.ts";

export type DefineInput = {
  readonly existing: readonly Network[];
  /** Subnets that the host routes already (`hostSubnets`); never chosen. */
  readonly usedSubnets: readonly string[];
  /** Interfaces of the host (`hostInterfaces`); never chosen. */
  readonly usedInterfaces: readonly string[];
  readonly config: NetworkConfig;
  /** RFC 3339 with nanoseconds. */
  readonly created: string;
};

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/** containers.conf's default pools. */
const defaultPools: NetworkConfig["subnetPools"] = [
  { base: "10.89.0.0/16", size: 24 },
  { base: "10.90.0.0/15", size: 24 },
  { base: "10.92.0.0/14", size: 24 },
  { base: "10.96.0.0/11", size: 24 },
  { base: "10.128.0.0/9", size: 24 },
];

function idOf(name: string): string {
  return createHash("sha256").update(name).digest("hex");
}

function invalid(message: string): EngineError {
  return new EngineError("invalidArgument", message);
}

/** The network that exists without being made: `podman`, 10.88.0.0/16 on podman0, without names (as Podman's). */
export function defaultNetwork(config: NetworkConfig, created: string): Network {
  const cidr = cidrOf(config.defaultSubnet);
  return {
    name: config.defaultNetwork,
    id: idOf(config.defaultNetwork),
    driver: "bridge",
    network_interface: "podman0",
    created,
    subnets: [{ subnet: formatCidr(cidr), gateway: gatewayOf(cidr) }],
    ipv6_enabled: cidr.family === 6,
    internal: false,
    dns_enabled: false,
    ipam_options: { driver: "host-local" },
  };
}

/**
 * Completes and checks a definition: name, id, bridge, subnets from the pools, gateways. Pure: what exists comes in.
 * Errors in Podman's words: `invalidArgument`, `networkExists`.
 */
export function newNetwork(wanted: Partial<Network>, input: DefineInput): Network {
  const driver = wanted.driver || "bridge";
  const name = wanted.name || freeName(input);
  checkName(name, input.existing);
  const id = wanted.id || idOf(name);
  const base = { ...wanted, name, id, created: input.created, internal: wanted.internal ?? false };
  const network = driver === "bridge" ? bridge(base, input) : lan({ ...base, driver }, input);
  return { ...network, options: network.options ?? {}, labels: wanted.labels ?? {} };
}

type Named = Partial<Network> & { readonly name: string; readonly id: string; readonly internal: boolean };

function checkName(name: string, existing: readonly Network[]): void {
  if (!namePattern.test(name)) {
    throw invalid(`network name ${name} invalid: names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument`);
  }
  if (["host", "none", "bridge", "private", "slirp4netns", "pasta", "container", "ns", "default"].includes(name)) {
    throw invalid(
      `cannot create network with name "${name}" because it conflicts with a valid network mode: invalid argument`,
    );
  }
  if (existing.some((network) => network.name === name)) {
    throw new EngineError("networkExists", `network name ${name} already used: network already exists`);
  }
}

function interfaceNames(input: DefineInput): ReadonlySet<string> {
  return new Set([...input.usedInterfaces, ...input.existing.map((network) => network.network_interface ?? "")]);
}

function freeInterface(input: DefineInput): string {
  const used = interfaceNames(input);
  for (let number = 1;; number++) {
    if (!used.has(`podman${number}`)) return `podman${number}`;
  }
}

/** A network without a name is called like its bridge. */
function freeName(input: DefineInput): string {
  const used = new Set([...interfaceNames(input), ...input.existing.map((network) => network.name)]);
  for (let number = 1;; number++) {
    if (!used.has(`podman${number}`)) return `podman${number}`;
  }
}

const bridgeOptions = [
  "mtu",
  "vlan",
  "isolate",
  "metric",
  "no_default_route",
  "vrf",
  "mode",
  "com.docker.network.driver.mtu",
];

function bridge(wanted: Named, input: DefineInput): Network {
  for (const [key, value] of Object.entries(wanted.options ?? {})) checkBridgeOption(key, value);
  const network_interface = wanted.network_interface || freeInterface(input);
  checkInterface(network_interface, input);
  const ipam = wanted.ipam_options?.driver ?? "host-local";
  if (!["host-local", "none", "dhcp"].includes(ipam)) {
    throw invalid(`unsupported ipam driver "${ipam}": invalid argument`);
  }
  const subnets = ipam === "host-local" ? completeSubnets(wanted, input) : [];
  if (ipam !== "host-local" && wanted.subnets?.length) {
    throw invalid(`${ipam} ipam driver is set but subnets are given: invalid argument`);
  }
  return {
    ...wanted,
    driver: "bridge",
    network_interface,
    subnets,
    ipv6_enabled: wanted.ipv6_enabled || subnets.some(({ subnet }) => subnet.includes(":")),
    dns_enabled: ipam === "host-local" && (wanted.dns_enabled ?? true),
    ipam_options: { ...wanted.ipam_options, driver: ipam },
  };
}

function checkBridgeOption(key: string, value: string): void {
  if (!bridgeOptions.includes(key)) throw invalid(`unsupported bridge network option ${key}`);
  if (["mtu", "metric", "com.docker.network.driver.mtu"].includes(key) && !/^\d+$/.test(value)) {
    throw invalid(`${key} option: "${value}" is no number: invalid argument`);
  }
  if (key === "vlan" && !(/^\d+$/.test(value) && Number(value) < 4095)) {
    throw invalid(`vlan ID ${value} must be between 0 and 4094`);
  }
}

function checkInterface(name: string, input: DefineInput): void {
  if (name.length > 15 || /[\s/:]/.test(name)) throw invalid(`bridge name ${name} invalid: invalid argument`);
  if (input.existing.some((network) => network.network_interface === name)) {
    throw invalid(`bridge name ${name} already in use`);
  }
}

/** macvlan and ipvlan: the interface is one of the host's, addresses are the neighbours' business. */
function lan(wanted: Named & { readonly driver: string }, input: DefineInput): Network {
  const { driver } = wanted;
  if (driver !== "macvlan" && driver !== "ipvlan") throw invalid(`unsupported driver ${driver}: invalid argument`);
  const { parent = wanted.network_interface ?? "", ...options } = wanted.options ?? {};
  if (parent !== "" && !input.usedInterfaces.includes(parent)) {
    throw invalid(`parent interface ${parent} does not exist`);
  }
  const subnets = (wanted.subnets ?? []).map((subnet) => completeSubnet(subnet, wanted.internal));
  const ipam = wanted.ipam_options?.driver ?? (subnets.length > 0 ? "host-local" : "dhcp");
  if (driver === "ipvlan" && ipam === "dhcp") {
    throw invalid("ipam driver dhcp is not supported with ipvlan: specify at least one subnet: invalid argument");
  }
  return {
    ...wanted,
    options,
    ...(parent === "" ? {} : { network_interface: parent }),
    subnets,
    ipv6_enabled: wanted.ipv6_enabled || subnets.some(({ subnet }) => subnet.includes(":")),
    dns_enabled: false,
    ipam_options: { ...wanted.ipam_options, driver: ipam },
  };
}

function completeSubnets(wanted: Named, input: DefineInput): readonly Subnet[] {
  const used = usedCidrs(input);
  const given = (wanted.subnets ?? []).map((subnet) => completeSubnet(subnet, wanted.internal));
  for (const { subnet } of given) {
    const cidr = cidrOf(subnet);
    if (used.some((other) => overlaps(cidr, other))) {
      throw invalid(`subnet ${subnet} is already used on the host or by another config`);
    }
    used.push(cidr);
  }
  const has = (family: 4 | 6) => given.some(({ subnet }) => cidrOf(subnet).family === family);
  const chosen: Subnet[] = [];
  if (given.length === 0) chosen.push(asSubnet(freeV4(used, input.config)));
  if (wanted.ipv6_enabled && !has(6)) chosen.push(asSubnet(freeV6(used)));
  if (wanted.ipv6_enabled && given.length > 0 && !has(4)) chosen.push(asSubnet(freeV4(used, input.config)));
  return [...given, ...chosen];
}

function usedCidrs(input: DefineInput): Cidr[] {
  const texts = [
    ...input.usedSubnets,
    ...input.existing.flatMap((network) => (network.subnets ?? []).map(({ subnet }) => subnet)),
    input.config.defaultSubnet,
  ];
  return texts.map(parseCidr).filter((cidr) => cidr !== undefined);
}

function asSubnet(cidr: Cidr): Subnet {
  return { subnet: formatCidr(cidr), gateway: gatewayOf(cidr) };
}

function gatewayOf(cidr: Cidr): string {
  return formatAddress({ family: cidr.family, value: cidr.base + 1n });
}

function cidrOf(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw invalid(`invalid CIDR address: ${text}`);
  return cidr;
}

function freeV4(used: readonly Cidr[], config: NetworkConfig): Cidr {
  for (const pool of config.subnetPools.length > 0 ? config.subnetPools : defaultPools) {
    const whole = cidrOf(pool.base);
    let cidr: Cidr | undefined = { ...whole, prefix: pool.size };
    while (cidr !== undefined && cidr.base <= lastOf(whole)) {
      const candidate: Cidr = cidr;
      if (!used.some((other) => overlaps(candidate, other))) return candidate;
      cidr = nextCidr(candidate);
    }
  }
  throw new EngineError("conflict", "could not find free subnet from subnet pools");
}

/** A random unique local /64 (RFC 4193). */
function freeV6(used: readonly Cidr[]): Cidr {
  for (;;) {
    const bytes = crypto.getRandomValues(new Uint8Array(7));
    const random = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    const cidr: Cidr = { family: 6, base: ((0xfdn << 56n) | random) << 64n, prefix: 64 };
    if (!used.some((other) => overlaps(cidr, other))) return cidr;
  }
}

function completeSubnet(subnet: Subnet, internal: boolean): Subnet {
  const cidr = cidrOf(subnet.subnet);
  const gateway = subnet.gateway || (internal ? undefined : gatewayOf(cidr));
  if (gateway !== undefined) checkInside("gateway", { address: gateway, cidr });
  const { start_ip, end_ip } = subnet.lease_range ?? {};
  if (start_ip) checkInside("lease range start ip", { address: start_ip, cidr });
  if (end_ip) checkInside("lease range end ip", { address: end_ip, cidr });
  return {
    subnet: formatCidr(cidr),
    ...(gateway === undefined ? {} : { gateway }),
    ...(subnet.lease_range === undefined ? {} : { lease_range: subnet.lease_range }),
  };
}

function checkInside(what: string, place: { readonly address: string; readonly cidr: Cidr }): void {
  const address = parseAddress(place.address);
  if (address === undefined || !contains(place.cidr, address)) {
    throw invalid(`${what} ${place.address} not in subnet ${formatCidr(place.cidr)}`);
  }
}
