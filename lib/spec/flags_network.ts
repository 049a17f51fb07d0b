/** Networks, names and ports. */

import type { CreateSpec } from "../engine/types/spec.ts";
import { isAddress } from "./addresses.ts";
import type { FlagReader } from "./flag_reader.ts";
import { invalid } from "./invalid.ts";
import { parseNetworks, withExtras } from "./networks.ts";
import { parseExposed, parsePort } from "./ports.ts";

/** Modes in which the container's own address and names of servers are not ours to set. */
const withoutDns = ["none", "container", "path"];

export function networkFlags(flags: FlagReader): Partial<CreateSpec> {
  const choice = withExtras(parseNetworks([...flags.list("network"), ...flags.list("net")]), {
    ip: flags.text("ip"),
    ip6: flags.text("ip6"),
    mac: flags.text("mac-address"),
    aliases: flags.list("network-alias"),
  });
  const ports = flags.list("publish").map(parsePort);
  const exposed = parseExposed(flags.list("expose"));
  return {
    ...(choice.netns && { netns: choice.netns }),
    ...(Object.keys(choice.networks).length > 0 && { Networks: choice.networks }),
    ...(Object.keys(choice.options).length > 0 && { network_options: choice.options }),
    ...(ports.length > 0 && { portmappings: ports }),
    ...(Object.keys(exposed).length > 0 && { expose: exposed }),
    ...(flags.flag("publish-all") && { publish_image_ports: true }),
    ...(flags.text("hostname") !== "" && { hostname: checkHostname(flags.text("hostname")) }),
    ...hostsFlags(flags),
    ...dnsFlags(flags, choice.netns?.nsmode ?? ""),
  };
}

function checkHostname(name: string): string {
  // The kernel takes 64 bytes; white space would write further names into /etc/hosts.
  if (name.length <= 64 && !/[\s\0]/.test(name)) return name;
  throw invalid(`invalid hostname: ${JSON.stringify(name)}`);
}

function hostsFlags(flags: FlagReader): Partial<CreateSpec> {
  const hosts = flags.list("add-host").map(checkExtraHost);
  if (flags.flag("no-hosts") && hosts.length > 0) throw invalid("--no-hosts and --add-host cannot be set together");
  return {
    ...(hosts.length > 0 && { hostadd: hosts }),
    ...(flags.has("no-hosts") && { use_image_hosts: flags.flag("no-hosts") }),
    ...(flags.flag("no-hostname") && { use_image_hostname: true }),
    ...(flags.text("hosts-file") !== "" && { base_hosts_file: flags.text("hosts-file") }),
  };
}

/** `NAME[;NAME…]:IP`; `host-gateway` stands for an address of the host. */
export function checkExtraHost(text: string): string {
  const at = text.indexOf(":");
  const names = text.slice(0, at).split(";");
  if (at <= 0) throw invalid(`bad format for add-host: ${JSON.stringify(text)}`);
  if (names.some((name) => !/^[A-Za-z0-9_]([A-Za-z0-9_.-]*)$/.test(name))) {
    throw invalid(`invalid hostname in add-host: ${JSON.stringify(text)}`);
  }
  const address = text.slice(at + 1).replace(/^\[(.*)\]$/, "$1");
  if (address === "host-gateway" || isAddress(address)) return text;
  throw invalid(`invalid IP address in add-host: ${JSON.stringify(address)}`);
}

function dnsFlags(flags: FlagReader, mode: string): Partial<CreateSpec> {
  const servers = flags.list("dns");
  const search = flags.list("dns-search");
  const options = flags.list("dns-option");
  const used = servers.length > 0 ? "dns" : search.length > 0 ? "dns-search" : options.length > 0 ? "dns-option" : "";
  if (used !== "" && withoutDns.includes(mode)) {
    throw invalid(`conflicting options: ${used} and the network mode: ${mode === "path" ? "ns" : mode}`);
  }
  if (servers.includes("none")) {
    if (servers.length > 1) throw invalid("cannot specify other dns servers with 'none'");
    return { use_image_resolve_conf: true };
  }
  return {
    ...(servers.length > 0 && { dns_server: servers.map(checkServer) }),
    ...(search.length > 0 && { dns_search: search.map(checkSearch) }),
    ...(options.length > 0 && { dns_option: options.map(checkLine) }),
  };
}

function checkServer(text: string): string {
  if (isAddress(text)) return text;
  throw invalid(`${text} is not an ip address`);
}

function checkSearch(text: string): string {
  if (/^(\.|[A-Za-z0-9_]([A-Za-z0-9_.-]*))$/.test(text)) return text;
  throw invalid(`${text} is not a valid domain`);
}

/** One word: a line break would write further lines of resolv.conf. */
function checkLine(text: string): string {
  if (!/\s/.test(text)) return text;
  throw invalid(`invalid dns option ${JSON.stringify(text)}: must be one word`);
}
