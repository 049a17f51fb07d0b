import { EngineError } from "../errors.ts";
import type { Network, Subnet } from "../engine/types/network.ts";
import type { PerNetworkOptions } from "../engine/types/spec.ts";
import { type Address, type Cidr, contains, formatAddress, lastOf, parseAddress, parseCidr } from "./_address.ts";

export type AllocateInput = {
  readonly network: Network;
  readonly options: Pick<PerNetworkOptions, "static_ips">;
  /** Addresses leased in this network; gateways need not be among them. */
  readonly taken: ReadonlySet<string>;
  /** The addresses leased last, one per subnet: the search begins behind them, so that a freed one rests a while. */
  readonly last?: readonly string[];
};

/**
 * An address for each subnet of the network: the one asked for, else a free one of its range. None for networks without
 * address management. Errors: `invalidArgument` for an address outside every subnet, `conflict` for one in use or when
 * all are.
 */
export function allocate(input: AllocateInput): readonly string[] {
  const { network } = input;
  const asked = (input.options.static_ips ?? []).map((text) => parsedStatic(text, network));
  const subnets = (network.subnets ?? []).map((subnet) => ({ subnet, cidr: parsedCidr(subnet.subnet) }));
  for (const address of asked) {
    if (!subnets.some(({ cidr }) => contains(cidr, address))) {
      const text = formatAddress(address);
      throw new EngineError(
        "invalidArgument",
        `requested static ip ${text} not in any subnet on network ${network.name}`,
      );
    }
  }
  if (network.ipam_options?.driver === "none" || network.ipam_options?.driver === "dhcp") return [];
  return subnets.map(({ subnet, cidr }) => {
    const wanted = asked.find((address) => contains(cidr, address));
    return wanted === undefined ? firstFree(input, subnet) : staticAddress(input, wanted);
  });
}

function parsedStatic(text: string, network: Network): Address {
  const address = parseAddress(text);
  if (address !== undefined) return address;
  throw new EngineError("invalidArgument", `"${text}" is not an ip address (network ${network.name})`);
}

function parsedCidr(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new EngineError("invalidArgument", `invalid CIDR address: ${text}`);
  return cidr;
}

function staticAddress(input: AllocateInput, wanted: Address): string {
  const text = formatAddress(wanted);
  if (input.taken.has(text)) {
    throw new EngineError("conflict", `requested ip address ${text} is already allocated to container: IPAM error`);
  }
  return text;
}

function firstFree(input: AllocateInput, subnet: Subnet): string {
  const cidr = parsedCidr(subnet.subnet);
  const { start, end } = rangeOf(cidr, subnet);
  const gateway = parseAddress(subnet.gateway ?? "")?.value;
  const size = end - start + 1n;
  const first = beginning(input, { cidr, start, end });
  // One more than are leased always holds a free one, if there is any.
  const tries = BigInt(input.taken.size) + 2n;
  for (let step = 0n; step < size && step < tries; step++) {
    const value = start + ((first - start + step) % size);
    const text = formatAddress({ family: cidr.family, value });
    if (value !== gateway && !input.taken.has(text)) return text;
  }
  const from = formatAddress({ family: cidr.family, value: start });
  const to = formatAddress({ family: cidr.family, value: end });
  throw new EngineError("conflict", `failed to find free IP in range: ${from} - ${to}: IPAM error`);
}

type Range = { readonly cidr: Cidr; readonly start: bigint; readonly end: bigint };

function beginning(input: AllocateInput, range: Range): bigint {
  for (const text of input.last ?? []) {
    const address = parseAddress(text);
    if (address === undefined || !contains(range.cidr, address)) continue;
    if (address.value >= range.start && address.value < range.end) return address.value + 1n;
  }
  return range.start;
}

/** Without a range: all but the subnet's own address and, in IPv4, its broadcast address. */
function rangeOf(cidr: Cidr, subnet: Subnet): { readonly start: bigint; readonly end: bigint } {
  const start = parseAddress(subnet.lease_range?.start_ip ?? "")?.value ?? cidr.base + 1n;
  const end = parseAddress(subnet.lease_range?.end_ip ?? "")?.value ?? lastOf(cidr) - (cidr.family === 4 ? 1n : 0n);
  return { start, end };
}

/** A random, locally administered, unicast address. */
export function randomMac(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  bytes[0] = ((bytes[0] ?? 0) & 0xfc) | 0x02;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}
