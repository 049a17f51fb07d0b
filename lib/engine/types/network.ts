// size: table
/** Networks as libpod and netavark write them. Field names and shapes are those of libpod 5.8 on the wire. Times are RFC 3339 strings, durations nanoseconds. */

export type Network = {
  readonly name: string;
  readonly id: string;
  readonly driver: string;
  readonly network_interface?: string;
  readonly created?: string;
  readonly subnets?: readonly Subnet[];
  readonly routes?: readonly Route[];
  readonly ipv6_enabled: boolean;
  readonly internal: boolean;
  readonly dns_enabled: boolean;
  readonly network_dns_servers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, string>>;
  readonly ipam_options?: Readonly<Record<string, string>>;
};

export type Subnet = {
  readonly subnet: string;
  readonly gateway?: string;
  readonly lease_range?: LeaseRange;
};

export type LeaseRange = {
  readonly start_ip?: string;
  readonly end_ip?: string;
};

export type Route = {
  readonly destination: string;
  readonly gateway: string;
  readonly metric?: number;
};

export type NetworkInspectReport = Network & {
  readonly containers: Readonly<Record<string, NetworkContainerInfo>>;
};

export type NetworkContainerInfo = {
  readonly name: string;
  readonly interfaces?: Readonly<Record<string, NetInterface>>;
};

export type NetInterface = {
  readonly subnets?: readonly NetAddress[];
  readonly mac_address: string;
};

export type NetAddress = {
  readonly ipnet: string;
  readonly gateway?: string;
};

export type NetworkRmReport = {
  readonly Name: string;
  readonly Err: string | null;
};

export type NetworkCreate = {
  readonly name: string;
  readonly id: string;
  readonly driver: string;
  readonly network_interface?: string;
  readonly created?: string;
  readonly subnets?: readonly Subnet[];
  readonly routes?: readonly Route[];
  readonly ipv6_enabled: boolean;
  readonly internal: boolean;
  readonly dns_enabled: boolean;
  readonly network_dns_servers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, string>>;
  readonly ipam_options?: Readonly<Record<string, string>>;
};
