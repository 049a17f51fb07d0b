/** Networks, ports, names of servers and hosts. */

import type { ContainerNetwork } from "../engine/container.ts";
import type { PerNetworkOptions, PortMapping } from "../engine/types/spec.ts";
import { cut, invalid } from "./invalid.ts";
import { defaultNetworkKey } from "./networks.ts";
import { parseExposed, parseProtocol } from "./ports.ts";
import type { ResolveInput } from "./resolve_input.ts";
import type { ResolvedNamespaces } from "./resolve_namespaces.ts";

/** Modes with a network namespace of the container's own that we connect. */
const connected = ["bridge", "slirp4netns", "pasta"];

export function resolveNetwork(input: ResolveInput, { namespaces }: ResolvedNamespaces): ContainerNetwork {
  const { spec, config } = input;
  const mode = namespaces.net.nsmode ?? "";
  const exposed = exposedPorts(input);
  if (mode === "container" && ((spec.portmappings?.length ?? 0) > 0 || spec.publish_image_ports)) {
    throw invalid("cannot set port bindings on an existing container network namespace: invalid argument");
  }
  const defaults = config.containers;
  return {
    hostname: hostname(input, namespaces),
    networks: mode === "bridge" ? joinedNetworks(input) : {},
    // Without a network of its own a container has nothing to publish; Podman drops the ports likewise.
    ports: connected.includes(mode) ? publishedPorts(input, exposed) : [],
    exposed,
    dnsServers: listOr(spec.dns_server, mode === "none" ? [] : defaults.dns_servers),
    dnsSearch: listOr(spec.dns_search, mode === "none" ? [] : defaults.dns_searches),
    dnsOptions: listOr(spec.dns_option, mode === "none" ? [] : defaults.dns_options),
    hosts: spec.hostadd ?? [],
    baseHostsFile: spec.base_hosts_file || defaults.base_hosts_file,
    useImageHosts: spec.use_image_hosts ?? defaults.no_hosts,
    useImageResolvConf: spec.use_image_resolve_conf ?? false,
    useImageHostname: spec.use_image_hostname ?? false,
    options: helperOptions(input, mode),
  };
}

/** Options of slirp4netns or pasta: configured ones first, so that given ones win. */
function helperOptions({ spec, config }: ResolveInput, mode: string): Readonly<Record<string, readonly string[]>> {
  const given = spec.network_options?.[mode] ?? [];
  switch (mode) {
    case "pasta":
      return { pasta: [...config.network.pasta_options, ...given] };
    case "slirp4netns":
      return { slirp4netns: [...config.engine.network_cmd_options, ...given] };
    default:
      return {};
  }
}

/** Clients written in Go send empty lists where nothing was said. */
function listOr<T>(list: readonly T[] | undefined, fallback: readonly T[]): readonly T[] {
  return list?.length ? list : fallback;
}

function hostname(
  { spec, config, host, id, name }: ResolveInput,
  namespaces: ResolvedNamespaces["namespaces"],
): string {
  const { uts, net } = namespaces;
  if (uts.nsmode === "host") {
    if (!spec.hostname) return host.hostname;
    throw invalid(
      "invalid config provided: cannot set hostname when running in the host UTS namespace: invalid configuration",
    );
  }
  if (spec.hostname) return spec.hostname;
  if (uts.nsmode === "container") return host.container(uts.value ?? "")?.network.hostname ?? id.slice(0, 12);
  if (net.nsmode === "host") return host.hostname;
  if (net.nsmode === "container") return host.container(net.value ?? "")?.network.hostname ?? id.slice(0, 12);
  return config.containers.container_name_as_hostname ? name.replaceAll("_", "").slice(0, 64) : id.slice(0, 12);
}

/** By name, with an interface for each and the short id as alias. */
function joinedNetworks({ spec, config, id }: ResolveInput): Readonly<Record<string, PerNetworkOptions>> {
  const asked = Object.entries(spec.Networks ?? {});
  const older = (spec.cni_networks ?? []).map(plainEntry);
  const all = [asked, older, [plainEntry(defaultNetworkKey)]].find((list) => list.length > 0) ?? [];
  const taken = new Set(all.map(([, options]) => options.interface_name).filter(Boolean));
  let next = 0;
  const nextInterface = () => {
    while (taken.has(`eth${next}`)) next++;
    return `eth${next++}`;
  };
  return Object.fromEntries(all.map(([key, options]) => {
    const name = key === defaultNetworkKey ? config.network.default_network : key;
    const aliases = [...new Set([...(options.aliases ?? []), id.slice(0, 12)])];
    return [name, { ...options, aliases, interface_name: options.interface_name || nextInterface() }];
  }));
}

function plainEntry(name: string): readonly [string, PerNetworkOptions] {
  return [name, { interface_name: "" }];
}

/** `PORT/PROTOCOL` of `--expose` and the image, sorted by number. What an image says wrongly is left out. */
function exposedPorts({ spec, image }: ResolveInput): readonly string[] {
  const fromImage = Object.keys(image?.config.ExposedPorts ?? {}).filter((text) =>
    /^\d+(-\d+)?(\/(tcp|udp|sctp))?$/i.test(text)
  );
  const parsed = fromImage.flatMap((text) => {
    try {
      return Object.entries(parseExposed([text]));
    } catch {
      return [];
    }
  });
  const all = [...parsed, ...Object.entries(spec.expose ?? {})].flatMap(([port, protocols]) => {
    if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65535) {
      throw invalid(`invalid port to expose ${JSON.stringify(port)}: port numbers must be between 1 and 65535`);
    }
    return protocols.split(",").map((protocol) => `${Number(port)}/${parseProtocol(protocol || "tcp")}`);
  });
  return [...new Set(all)].toSorted((a, b) => parseInt(a) - parseInt(b) || (a < b ? -1 : 1));
}

function publishedPorts({ spec }: ResolveInput, exposed: readonly string[]): readonly PortMapping[] {
  const given = (spec.portmappings ?? []).flatMap((mapping) => byProtocol(checkPort(mapping)));
  if (!spec.publish_image_ports) return given;
  const covered = (port: number, protocol: string) =>
    given.some((one) =>
      one.protocol === protocol && port >= one.container_port && port < one.container_port + one.range
    );
  const more = exposed.flatMap((text) => {
    const [port, protocol = "tcp"] = cut(text, "/");
    const container_port = Number(port);
    return covered(container_port, protocol) ? [] : [{ host_ip: "", container_port, host_port: 0, range: 1, protocol }];
  });
  return [...given, ...more];
}

function byProtocol(mapping: PortMapping): readonly PortMapping[] {
  return mapping.protocol.split(",").map((protocol) => ({ ...mapping, protocol: parseProtocol(protocol || "tcp") }));
}

/** The wire form leaves out what is 0, and no client need be honest. */
function checkPort(mapping: PortMapping): PortMapping {
  const range = mapping.range || 1;
  const fits = (port: number, least: number) => Number.isInteger(port) && port >= least && port + range - 1 <= 65535;
  if (!fits(mapping.container_port, 1)) {
    throw invalid(`container port numbers must be between 1 and 65535 (inclusive), got ${mapping.container_port}`);
  }
  if (!fits(mapping.host_port ?? 0, 0)) {
    throw invalid(`host port numbers must be between 1 and 65535 (inclusive), got ${mapping.host_port}`);
  }
  return {
    host_ip: mapping.host_ip ?? "",
    container_port: mapping.container_port,
    host_port: mapping.host_port ?? 0,
    range,
    protocol: mapping.protocol ?? "tcp",
  };
}
