/** `NetworkMode`, `NetworkingConfig`, ports and names of docker's request. */

import type { CreateSpec, PerNetworkOptions, PortMapping } from "../engine/types/spec.ts";
import { isAddress, isMac } from "./addresses.ts";
import { checkExtraHost } from "./flags_network.ts";
import type { Fields } from "./json_fields.ts";
import { invalid } from "./invalid.ts";
import { defaultNetworkKey, parseNetworks } from "./networks.ts";
import { parseExposed, parsePort } from "./ports.ts";

/** Words for "the usual network". */
const usual = ["", "default", "bridge", "nat"];

export function dockerNetwork(config: Fields, host: Fields): Partial<CreateSpec> {
  const ports = host.listEntries("PortBindings").flatMap(([port, bindings]) => portsOf(port, bindings));
  const exposed = parseExposed(config.keys("ExposedPorts"));
  const servers = host.texts("Dns");
  const wrong = servers.find((server) => !isAddress(server));
  if (wrong !== undefined) throw invalid(`${wrong} is not an ip address`);
  return {
    ...modeOf(config, host),
    ...(ports.length > 0 && { portmappings: ports }),
    ...(Object.keys(exposed).length > 0 && { expose: exposed }),
    ...(host.flag("PublishAllPorts") && { publish_image_ports: true }),
    ...(servers.length > 0 && { dns_server: servers }),
    ...(host.texts("DnsSearch").length > 0 && { dns_search: oneWord(host.texts("DnsSearch")) }),
    ...(host.texts("DnsOptions").length > 0 && { dns_option: oneWord(host.texts("DnsOptions")) }),
    ...(host.texts("ExtraHosts").length > 0 && { hostadd: host.texts("ExtraHosts").map(extraHost) }),
  };
}

/** A line break would write further lines of resolv.conf. */
function oneWord(texts: readonly string[]): readonly string[] {
  const wrong = texts.find((text) => /\s/.test(text));
  if (wrong !== undefined) throw invalid(`invalid dns setting ${JSON.stringify(wrong)}: must be one word`);
  return texts;
}

/** docker also writes `name=address`. */
function extraHost(text: string): string {
  return checkExtraHost(text.includes(":") && !/^[^:]*=/.test(text) ? text : text.replace("=", ":"));
}

function modeOf(config: Fields, host: Fields): Partial<CreateSpec> {
  const mode = config.flag("NetworkDisabled") ? "none" : host.text("NetworkMode");
  const endpoints = config.object("NetworkingConfig").entries("EndpointsConfig");
  const mac = config.text("MacAddress");
  if (!usual.includes(mode)) {
    const choice = parseNetworks([mode]);
    if (choice.netns?.nsmode !== "bridge") return choice.netns ? { netns: choice.netns } : {};
  }
  const named = new Map(endpoints.map(([name, endpoint]) => [networkKey(name), optionsOf(endpoint)]));
  const main = networkKey(mode);
  if (!named.has(main)) named.set(main, { interface_name: "" });
  const first = named.get(main);
  if (mac !== "" && first && !first.static_mac) named.set(main, { ...first, static_mac: macOf(mac) });
  const networks = Object.fromEntries(named);
  const isPlain = named.size === 1 && main === defaultNetworkKey && isEmpty(networks[main]);
  return isPlain ? { netns: { nsmode: "private" } } : { netns: { nsmode: "bridge" }, Networks: networks };
}

function networkKey(name: string): string {
  return usual.includes(name) ? defaultNetworkKey : name;
}

function isEmpty(options: PerNetworkOptions | undefined): boolean {
  return !options?.static_ips && !options?.static_mac && !options?.aliases && !options?.options;
}

function optionsOf(endpoint: Fields): PerNetworkOptions {
  const ipam = endpoint.object("IPAMConfig");
  const addresses = [ipam.text("IPv4Address"), ipam.text("IPv6Address")].filter(Boolean);
  const wrong = addresses.find((address) => !isAddress(address));
  if (wrong !== undefined) throw invalid(`invalid ip address ${JSON.stringify(wrong)}`);
  const options = endpoint.textMap("DriverOpts");
  return {
    interface_name: "",
    ...(addresses.length > 0 && { static_ips: addresses }),
    ...(endpoint.texts("Aliases").length > 0 && { aliases: endpoint.texts("Aliases") }),
    ...(endpoint.text("MacAddress") && { static_mac: macOf(endpoint.text("MacAddress")) }),
    ...(Object.keys(options).length > 0 && { options }),
  };
}

function macOf(text: string): string {
  if (!isMac(text)) throw invalid(`address ${text}: invalid MAC address`);
  return text.toLowerCase().replaceAll("-", ":");
}

function portsOf(port: string, bindings: readonly Fields[]): readonly PortMapping[] {
  const all = bindings.length > 0 ? bindings : [undefined];
  return all.map((binding) => {
    const address = binding?.text("HostIp") ?? "";
    const host = binding?.text("HostPort") ?? "";
    const prefix = address.includes(":") ? `[${address}]:` : address === "" ? "" : `${address}:`;
    const before = prefix !== "" || host !== "" ? `${prefix}${host === "0" ? "" : host}:` : "";
    return parsePort(`${before}${port}`);
  });
}
