import type { ProcessIdentity } from "../engine/container.ts";
import type { Network } from "../engine/types/network.ts";
import type { PerNetworkOptions, PortMapping } from "../engine/types/spec.ts";

/** A network to join with this container's own settings in it; addresses are already chosen (see `allocate`). */
export type Attachment = {
  readonly network: Network;
  /** `static_ips`, `static_mac`, `aliases` and `interface_name` as netavark gets them. */
  readonly options: PerNetworkOptions;
};

/** Port mappings with every range unfolded (`range` 1) and every host port chosen; see `resolvePorts`. */
export type ResolvedPort = PortMapping & { readonly range: 1 };

/** How a container is connected. `none`, `host` and joined namespaces need no setup and do not come here. */
export type NetworkMode =
  | {
    readonly tag: "bridge";
    readonly attachments: readonly Attachment[];
    /** Upstream servers for aardvark-dns, from `--dns` or the host. */
    readonly dnsServers: readonly string[];
  }
  | { readonly tag: "slirp4netns"; readonly options: readonly string[] }
  | { readonly tag: "pasta"; readonly options: readonly string[] };

/** Directories to look for helper programs in before PATH (containers.conf `helper_binaries_dir`). */
export type HelperDirs = readonly string[];

export type SetupNetworkInput = {
  readonly id: string;
  readonly name: string;
  /** Beluga's RUNROOT: holds networks/ (aardvark's files, the lock) and netns/. */
  readonly runRoot: string;
  /** Directory of this container for sockets and logs of slirp4netns and pasta. */
  readonly containerRunDir: string;
  /** From `createNetns`. */
  readonly netnsPath: string;
  readonly mode: NetworkMode;
  readonly ports: readonly ResolvedPort[];
  readonly hostname?: string;
  /** This engine runs in a user namespace. */
  readonly rootless: boolean;
  readonly helperDirs?: HelperDirs;
  /** Path of slirp4netns (containers.conf `network_cmd_path`); empty: looked for like the others. */
  readonly slirp4netns?: string;
  /** containers.conf `firewall_driver`; netavark's own choice when empty. */
  readonly firewallDriver?: string;
  /** containers.conf `dns_bind_port`, 53 when absent. */
  readonly dnsPort?: number;
};

/** An interface in the container. */
export type NetworkInterface = {
  readonly mac_address: string;
  readonly subnets: readonly { readonly ipnet: string; readonly gateway?: string }[];
};

/** netavark's answer for one network. */
export type StatusBlock = {
  readonly dns_search_domains?: readonly string[];
  readonly dns_server_ips?: readonly string[];
  readonly interfaces?: Readonly<Record<string, NetworkInterface>>;
};

/**
 * What was set up; plain JSON, kept by the engine with the container and given back to `teardownNetwork`.
 */
export type NetworkStatus = {
  readonly mode: NetworkMode;
  readonly netnsPath: string;
  readonly ports: readonly ResolvedPort[];
  /** By network name; for slirp4netns and pasta the one key is the mode. */
  readonly networks: Readonly<Record<string, StatusBlock>>;
  /** slirp4netns or pasta. */
  readonly helper: ProcessIdentity | null;
  /** For resolv.conf, before those of the host: aardvark's addresses, slirp4netns' 10.0.2.3; empty: use the host's. */
  readonly nameservers: readonly string[];
  readonly searchDomains: readonly string[];
  /** What `host.containers.internal` means; `null`: the caller takes an address of the host. */
  readonly hostAddress: string | null;
  /** Addresses of the container for /etc/hosts, first of each network. */
  readonly addresses: readonly string[];
};

export type TeardownNetworkInput = Omit<SetupNetworkInput, "mode" | "ports" | "netnsPath"> & {
  readonly status: NetworkStatus;
};

/** What containers.conf `[network]` says about definitions. */
export type NetworkConfig = {
  /** `default_network`: `podman`. */
  readonly defaultNetwork: string;
  /** `default_subnet`: `10.88.0.0/16`. */
  readonly defaultSubnet: string;
  /** `default_subnet_pools`; empty: podman's. */
  readonly subnetPools: readonly { readonly base: string; readonly size: number }[];
};
