/**
 * Networks: definitions, addresses, netavark with aardvark-dns, slirp4netns, pasta, ports.
 *
 * May import `lib/errors.ts`, `lib/oci`, `lib/sys` and the types of `lib/engine`. What must stay true: a helper program is
 * a pure encoder of its argv and JSON, one call of `lib/sys`, a pure decoder; definitions and leases are kept by the
 * caller; `teardownNetwork` leaves no address, rule, namespace, file or process behind and may be called twice.
 */
import type { Network } from "../engine/types/network.ts";
import type { PerNetworkOptions, PortMapping } from "../engine/types/spec.ts";
import type { OwnedFd } from "../sys/fd.ts";
import type * as t from "./types.ts";

export type * from "./types.ts";

// --- define.ts (pure)
/** The network `podman`: 10.88.0.0/16 on podman0, no DNS (as podman's default). */
export declare function defaultNetwork(config: t.NetworkConfig): Network;
/** Completes and checks a definition: invalidArgument, networkExists. */
export declare function newNetwork(wanted: Partial<Network>, input: {
  readonly existing: readonly Network[];
  /** Subnets the host already routes, from `hostSubnets()`; never chosen. */
  readonly usedSubnets: readonly string[];
  readonly config: t.NetworkConfig;
  /** RFC 3339 with nanoseconds. */
  readonly created: string;
}): Network;
export declare function matchesNetworkFilters(
  network: Network,
  filters: Readonly<Record<string, readonly string[]>>,
): boolean;
/** Subnets of the host's interfaces and routes. */
export declare function hostSubnets(): Promise<readonly string[]>;

// --- ipam.ts (pure)
/**
 * Chooses an address per subnet of the network. `taken`: addresses leased in it (gateways are known). Honours
 * `static_ips`; a static address in use, outside every subnet, or exhaustion is an error.
 * `last`: the address leased last, after which the search begins (round-robin as podman's).
 */
export declare function allocate(input: {
  readonly network: Network;
  readonly options: PerNetworkOptions;
  readonly taken: ReadonlySet<string>;
  readonly last?: readonly string[];
}): readonly string[];
/** A random locally administered address. */
export declare function randomMac(): string;

// --- ports.ts
/** Unfolds ranges and chooses host ports for those that are 0, free at this moment. */
export declare function resolvePorts(mappings: readonly PortMapping[]): Promise<readonly t.ResolvedPort[]>;
/** Listening or bound sockets that hold the ports, for `heldFds` of `createContainer`; `portInUse` if one is taken. */
export declare function reservePorts(ports: readonly t.ResolvedPort[]): readonly OwnedFd[];

// --- netns.ts
export declare function createNetns(input: { readonly runRoot: string; readonly id: string }): Promise<string>;
/** Unmounts and removes; missing is fine. */
export declare function deleteNetns(path: string): Promise<void>;

// --- setup.ts
export declare function setupNetwork(input: t.SetupNetworkInput, signal?: AbortSignal): Promise<t.NetworkStatus>;
/** Every step is tried; what failed is reported together. Deletes the namespace too. */
export declare function teardownNetwork(input: t.TeardownNetworkInput): Promise<void>;
/** What serves a rootless container: `preferred` (containers.conf `default_rootless_network_cmd`) if installed, else the other. */
export declare function rootlessNetworkTag(
  preferred: string,
  helperDirs: readonly string[],
): Promise<"pasta" | "slirp4netns">;
