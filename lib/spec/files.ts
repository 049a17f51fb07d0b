/** Contents of the files that every container gets: hosts, resolv.conf, hostname, .containerenv, passwd entries. */

import { isIPv6 } from "./addresses.ts";

export type HostsInput = {
  /** Text of the file that it starts from; empty: loopback only. */
  readonly base: string;
  readonly hostname: string;
  readonly name: string;
  /** Of the container; empty: it has none of its own. */
  readonly addresses: readonly string[];
  /** `NAME[;NAME…]:ADDRESS` of `--add-host`. */
  readonly extra: readonly string[];
  /** What `host.containers.internal` and `host-gateway` mean; `null`: unknown. */
  readonly hostAddress: string | null;
  /** The container has the host's network: its name is there already. */
  readonly hostNetwork: boolean;
};

/** Text of /etc/hosts. Given names come first: the first line that fits wins. */
export function hostsFile(input: HostsInput): string {
  const given = input.extra.flatMap((text) => extraHost(text, input.hostAddress));
  const base = input.base === "" ? loopback : input.base.endsWith("\n") ? input.base : `${input.base}\n`;
  const known = new Set(given.flatMap(({ names }) => names));
  const lines = given.map(({ address, names }) => `${address}\t${names.join(" ")}`);
  if (input.hostAddress !== null && !known.has("host.containers.internal")) {
    lines.push(`${input.hostAddress}\thost.containers.internal host.docker.internal`);
  }
  const names = [...new Set([input.hostname, input.name].filter(Boolean))];
  const own = input.addresses.map((address) => `${withoutPrefix(address)}\t${names.join(" ")}`);
  if (own.length === 0 && !input.hostNetwork) own.push(`127.0.0.1\t${names.join(" ")}`);
  const wanted = own.filter(() => names.length > 0);
  return base + [...lines, ...wanted].map((line) => `${line}\n`).join("");
}

const loopback = "127.0.0.1\tlocalhost localhost.localdomain localhost4 localhost4.localdomain4\n" +
  "::1\tlocalhost localhost.localdomain localhost6 localhost6.localdomain6\n";

type ExtraHost = { readonly address: string; readonly names: readonly string[] };

function extraHost(text: string, hostAddress: string | null): readonly ExtraHost[] {
  const at = text.indexOf(":");
  const given = text.slice(at + 1).replace(/^\[(.*)\]$/, "$1");
  const address = given === "host-gateway" ? hostAddress : given;
  return address === null ? [] : [{ address, names: text.slice(0, at).split(";") }];
}

function withoutPrefix(address: string): string {
  return address.split("/")[0] ?? address;
}

export type ResolvConfInput = {
  /** Text of the host's file. */
  readonly host: string;
  /** Given servers; they replace all others. */
  readonly servers: readonly string[];
  readonly search: readonly string[];
  readonly options: readonly string[];
  /** Servers of the container's networks (aardvark-dns, slirp4netns): before those of the host. */
  readonly networkServers: readonly string[];
  readonly networkSearch: readonly string[];
  /** Loopback servers of the host can be reached. */
  readonly hostNetwork: boolean;
  readonly ipv6: boolean;
};

/** Text of /etc/resolv.conf. */
export function resolvConf(input: ResolvConfInput): string {
  const lines = input.host.split("\n").map((line) => line.replace(/[#;].*$/, "").trim().split(/\s+/));
  const ofHost = (word: string) => lines.filter(([key]) => key === word).flatMap(([, ...values]) => values);
  const lastOf = (word: string) => lines.findLast(([key]) => key === word)?.slice(1) ?? [];
  const search = input.search.length > 0
    ? input.search.filter((one) => one !== ".")
    : [...input.networkSearch, ...(lastOf("search").length > 0 ? lastOf("search") : lastOf("domain"))];
  const options = input.options.length > 0 ? input.options : ofHost("options");
  return [
    ...(search.length > 0 ? [`search ${[...new Set(search)].join(" ")}\n`] : []),
    ...serversOf(input, ofHost("nameserver")).map((server) => `nameserver ${server}\n`),
    ...(options.length > 0 ? [`options ${options.join(" ")}\n`] : []),
  ].join("");
}

/** What resolves names when the host has no server that a container could reach. */
const publicServers = ["8.8.8.8", "8.8.4.4"];
const publicServers6 = ["2001:4860:4860::8888", "2001:4860:4860::8844"];

/** aardvark-dns asks the given servers itself, so the networks' own servers stand before all. */
function serversOf(input: ResolvConfInput, ofHost: readonly string[]): readonly string[] {
  if (input.networkServers.length > 0) return input.networkServers;
  if (input.servers.length > 0) return input.servers;
  if (input.hostNetwork) return ofHost;
  const usable = ofHost.filter((server) =>
    !/^127\.|^::1$/.test(server) && (input.ipv6 || !isIPv6(server.split("%")[0] ?? "")) && !server.includes("%")
  );
  return usable.length > 0 ? usable : [...publicServers, ...(input.ipv6 ? publicServers6 : [])];
}

export function hostnameFile(hostname: string): string {
  return `${hostname}\n`;
}

export type ContainerEnvInput = {
  readonly privileged: boolean;
  readonly version: string;
  readonly name: string;
  readonly id: string;
  readonly image: string;
  readonly imageId: string;
  readonly rootless: boolean;
};

/** Text of /run/.containerenv: empty, but for privileged containers, which may know. */
export function containerEnvFile(input: ContainerEnvInput): string {
  if (!input.privileged) return "";
  const lines: readonly (readonly [string, string])[] = [
    ["engine", JSON.stringify(`podman-${input.version}`)],
    ["name", JSON.stringify(input.name)],
    ["id", JSON.stringify(input.id)],
    ["image", JSON.stringify(input.image)],
    ["imageid", JSON.stringify(input.imageId)],
    ["rootless", input.rootless ? "1" : "0"],
  ];
  return lines.map(([key, value]) => `${key}=${value}\n`).join("");
}

export type PasswdInput = {
  /** The image's file. */
  readonly text: string;
  readonly uid: number;
  readonly gid: number;
  readonly username: string;
  readonly cwd: string;
  /** With `keep-id`: the host user's name and home. */
  readonly hostUser?: { readonly name: string; readonly home: string };
};

/**
 * The image's passwd with a line for a user that is not in it; `null` if nothing need be added. Without the line `whoami`,
 * ssh and many more fail under a bare number.
 */
export function passwdFile({ text, uid, gid, username, cwd, hostUser }: PasswdInput): string | null {
  if (username !== "" || uid === 0) return null;
  const name = hostUser === undefined || hasName(text, hostUser.name) ? String(uid) : hostUser.name;
  const home = hostUser?.home ?? cwd;
  const line = `${name}:*:${uid}:${gid}:container user:${safeField(home)}:/bin/sh\n`;
  return (text === "" || text.endsWith("\n") ? text : `${text}\n`) + line;
}

/** The image's group file with a line for `gid`; `null` if it has one. */
export function groupFile(
  text: string,
  { gid, username }: { readonly gid: number; readonly username: string },
): string | null {
  const has = text.split("\n").some((line) => line.split(":")[2] === String(gid));
  if (has || gid === 0) return null;
  return (text === "" || text.endsWith("\n") ? text : `${text}\n`) + `${gid}:x:${gid}:${safeField(username)}\n`;
}

function hasName(text: string, name: string): boolean {
  return text.split("\n").some((line) => line.startsWith(`${name}:`));
}

function safeField(text: string): string {
  return text.replace(/[:\n]/g, "_");
}
