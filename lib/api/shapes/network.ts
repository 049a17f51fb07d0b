/** Reader of a network to be created. */

import type { LeaseRange, Network, Route, Subnet } from "../../engine/mod.ts";
import { flag, integer, list, map, optional, record, type Shape, text } from "../shape.ts";

const leaseRange: Shape<LeaseRange> = record<LeaseRange>({ start_ip: optional(text), end_ip: optional(text) });

const subnet: Shape<Subnet> = record<Subnet>({
  subnet: text,
  gateway: optional(text),
  lease_range: optional(leaseRange),
});

const route: Shape<Route> = record<Route>({ destination: text, gateway: text, metric: optional(integer) });

const filled: Shape<string | undefined> = (value, where) => text(value, where) || undefined;

/** What is absent or empty is the engine's to choose; Go's zero time is absent too. */
export const partialNetwork: Shape<Partial<Network>> = record<Partial<Network>>({
  name: filled,
  id: filled,
  driver: filled,
  network_interface: filled,
  created: (value, where) => {
    const given = filled(value, where);
    return given?.startsWith("0001-01-01T") ? undefined : given;
  },
  subnets: optional(list(subnet)),
  routes: optional(list(route)),
  ipv6_enabled: optional(flag),
  internal: optional(flag),
  dns_enabled: optional(flag),
  network_dns_servers: optional(list(text)),
  labels: optional(map(text)),
  options: optional(map(text)),
  ipam_options: optional(map(text)),
});
