/** Docker's rows for networks. */

import type {
  Engine,
  Network,
  NetworkContainerInfo,
  NetworkInspectReport,
  RemoveNetworkInput,
  Subnet,
} from "../../engine/mod.ts";
import { EngineError } from "../../errors.ts";
import { compat, type Exchange } from "../exchange.ts";
import * as at from "../fields.ts";
import { flagOf } from "../query.ts";
import type { Incoming } from "../row.ts";
import { flag, list, map, optional, record, type Shape, text } from "../shape.ts";

/** Docker's name of the default network; ours is the value. */
const defaultNetwork = { docker: "bridge", libpod: "podman" } as const;

const toLibpod = (name: string): string => name === defaultNetwork.docker ? defaultNetwork.libpod : name;
const toDocker = (name: string): string => name === defaultNetwork.libpod ? defaultNetwork.docker : name;
const name = ({ params }: Incoming): string => toLibpod(params.get("name") ?? "");

type Pool = { readonly Subnet?: string; readonly IPRange?: string; readonly Gateway?: string };

type NetworkCreateBody = {
  readonly Name: string;
  readonly Driver: string;
  readonly EnableIPv6?: boolean;
  readonly Internal: boolean;
  readonly IPAM: { readonly Config: readonly Pool[]; readonly Options: Readonly<Record<string, string>> };
  readonly Options: Readonly<Record<string, string>>;
  readonly Labels: Readonly<Record<string, string>>;
};

const pool: Shape<Pool> = record<Pool>({ Subnet: optional(text), IPRange: optional(text), Gateway: optional(text) });

const createBody: Shape<NetworkCreateBody> = record<NetworkCreateBody>({
  Name: text,
  Driver: text,
  EnableIPv6: optional(flag),
  Internal: flag,
  IPAM: record<NetworkCreateBody["IPAM"]>({ Config: list(pool), Options: map(text) }),
  Options: map(text),
  Labels: map(text),
});

export const dockerNetworks: readonly Exchange[] = [
  compat({
    method: "GET",
    path: "/networks",
    kind: "json",
    operation: (engine: Engine) => engine.networks.list,
    input: (from) => ({ filters: at.queryFilters().decode(from) }),
    report: (report) => report.map((network) => networkJson({ ...network, containers: {} })),
  }),
  compat({
    method: "GET",
    path: "/networks/{name}",
    kind: "json",
    operation: (engine: Engine) => engine.networks.inspect,
    input: (from) => ({ name: name(from) }),
    report: networkJson,
  }),
  compat({
    method: "POST",
    path: "/networks/create",
    needs: "json",
    kind: "json",
    status: 201,
    operation: (engine: Engine) => engine.networks.create,
    input: (from) => ({ network: newNetwork(at.body(createBody).decode(from)) }),
    report: ({ id }) => ({ Id: id, Warning: "" }),
  }),
  compat({
    method: "DELETE",
    path: "/networks/{name}",
    kind: "empty",
    operation: removeOne,
    input: (from) => ({ name: name(from), force: flagOf(from.query, "force") }),
  }),
];

function removeOne(engine: Engine) {
  return async (input: RemoveNetworkInput, signal?: AbortSignal): Promise<void> => {
    const failure = (await engine.networks.remove(input, signal)).find(({ Err }) => Err)?.Err;
    if (failure) throw new EngineError("internal", failure);
  };
}

function newNetwork(body: NetworkCreateBody): Partial<Network> {
  if (body.Name === "") throw new EngineError("invalidArgument", "creating a network: it has no name");
  return {
    name: body.Name,
    ...(body.Driver === "" || body.Driver === "default" ? {} : { driver: body.Driver }),
    internal: body.Internal,
    dns_enabled: true,
    ...(body.EnableIPv6 === undefined ? {} : { ipv6_enabled: body.EnableIPv6 }),
    labels: body.Labels,
    options: body.Options,
    ...(body.IPAM.Config.length === 0 ? {} : { subnets: body.IPAM.Config.flatMap(newSubnet) }),
  };
}

function newSubnet({ Subnet, Gateway, IPRange }: Pool): readonly Subnet[] {
  if (Subnet === undefined || Subnet === "") return [];
  if (IPRange) throw new EngineError("unsupported", "creating a network with IPRange: not supported yet");
  return [{ subnet: Subnet, ...(Gateway ? { gateway: Gateway } : {}) }];
}

function networkJson(network: NetworkInspectReport): unknown {
  return {
    Name: toDocker(network.name),
    Id: network.id,
    Created: network.created ?? "0001-01-01T00:00:00Z",
    Scope: "local",
    Driver: network.driver,
    EnableIPv4: true,
    EnableIPv6: network.ipv6_enabled,
    IPAM: {
      Driver: "default",
      Options: network.ipam_options ?? {},
      Config: (network.subnets ?? []).map(({ subnet, gateway }) => ({ Subnet: subnet, Gateway: gateway })),
    },
    Internal: network.internal,
    Attachable: false,
    Ingress: false,
    ConfigFrom: { Network: "" },
    ConfigOnly: false,
    Containers: Object.fromEntries(
      Object.entries(network.containers ?? {}).map(([id, container]) => [id, endpointJson(container)]),
    ),
    Options: network.options ?? {},
    Labels: network.labels ?? {},
  };
}

function endpointJson({ name, interfaces }: NetworkContainerInfo): unknown {
  const [first] = Object.values(interfaces ?? {});
  const addresses = (first?.subnets ?? []).map(({ ipnet }) => ipnet);
  return {
    Name: name,
    EndpointID: "",
    MacAddress: first?.mac_address ?? "",
    IPv4Address: addresses.find((address) => !address.includes(":")) ?? "",
    IPv6Address: addresses.find((address) => address.includes(":")) ?? "",
  };
}
