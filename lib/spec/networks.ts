/** `--network`, with what belongs to one network (`--ip`, `--mac-address`, `--network-alias`). */

import type { Namespace, PerNetworkOptions } from "../engine/types/spec.ts";
import { isAddress, isMac } from "./addresses.ts";
import { cut, invalid } from "./invalid.ts";
import { messageOf } from "../errors.ts";

/** The key in `Networks` that stands for the default network, whatever its name. */
export const defaultNetworkKey = "default";

export type NetworkChoice = {
  readonly netns?: Namespace;
  readonly networks: Readonly<Record<string, PerNetworkOptions>>;
  readonly options: Readonly<Record<string, readonly string[]>>;
};

/** Parses all `--network` flags; none: the engine's default. Throws in Podman's words. */
export function parseNetworks(texts: readonly string[]): NetworkChoice {
  const [first, ...rest] = texts;
  if (first === undefined) return { networks: {}, options: {} };
  const choice = parseMode(first);
  if (rest.length === 0) return choice;
  const mode = choice.netns?.nsmode ?? "";
  const networks = new Map(Object.entries(choice.networks));
  for (const text of rest) {
    const [name, options] = parseNetwork(text);
    if (mode !== "bridge") {
      throw invalid(
        `can only set extra network names, selected mode ${mode} conflicts with bridge: invalid argument`,
      );
    }
    if (parseMode(text).netns?.nsmode !== "bridge") {
      throw invalid(`can only set extra network names, selected mode ${name} conflicts with bridge: invalid argument`);
    }
    networks.set(name, options);
  }
  return { ...choice, networks: Object.fromEntries(networks) };
}

/** Modes that are a word and nothing else. */
const plainModes: Readonly<Record<string, string>> = { host: "host", none: "none", private: "private" };

function parseMode(text: string): NetworkChoice {
  const plain = Object.hasOwn(plainModes, text) ? plainModes[text] : undefined;
  if (plain !== undefined) return { netns: { nsmode: plain }, networks: {}, options: {} };
  const [mode, value] = cut(text, ":");
  switch (mode) {
    case "":
    case "default":
      return { netns: { nsmode: "private" }, networks: {}, options: {} };
    case "slirp4netns":
    case "pasta":
      return {
        netns: { nsmode: mode },
        networks: {},
        options: value === undefined ? {} : { [mode]: value.split(",") },
      };
    case "container":
      if (!value) throw invalid(`invalid container mode ${JSON.stringify(text)}: must provide a name or ID`);
      return { netns: { nsmode: "container", value }, networks: {}, options: {} };
    case "ns":
      if (!value?.startsWith("/")) throw invalid(`invalid namespace path ${JSON.stringify(text)}: must be absolute`);
      return { netns: { nsmode: "path", value }, networks: {}, options: {} };
    default: {
      const [name, options] = parseNetwork(text);
      return { netns: { nsmode: "bridge" }, networks: { [name]: options }, options: {} };
    }
  }
}

/** `NAME[:options]`; `bridge` is the default network. */
function parseNetwork(text: string): readonly [string, PerNetworkOptions] {
  const [name, options] = cut(text, ":");
  if (name === "") throw invalid("network name cannot be empty");
  try {
    return [name === "bridge" ? defaultNetworkKey : name, parseNetworkOptions(options ?? "")];
  } catch (error) {
    throw invalid(`invalid option for network ${name}: ${messageOf(error)}`, error);
  }
}

const emptyOptions: PerNetworkOptions = { interface_name: "" };

function parseNetworkOptions(text: string): PerNetworkOptions {
  return text.split(",").filter(Boolean).reduce(applyNetworkOption, emptyOptions);
}

function applyNetworkOption(options: PerNetworkOptions, text: string): PerNetworkOptions {
  const [key, value = ""] = cut(text, "=");
  switch (key) {
    case "ip":
    case "ip6":
      return { ...options, static_ips: [...(options.static_ips ?? []), address(value)] };
    case "mac":
      return { ...options, static_mac: hardwareAddress(value) };
    case "alias":
      if (value === "") throw invalid("alias cannot be empty");
      return { ...options, aliases: [...(options.aliases ?? []), value] };
    case "interface_name":
      if (value === "") throw invalid("interface_name cannot be empty");
      return { ...options, interface_name: value };
    default:
      if (value === "") throw invalid(`invalid bridge network option ${JSON.stringify(text)}: must be key=value`);
      return { ...options, options: { ...options.options, [key]: value } };
  }
}

function address(text: string): string {
  if (!isAddress(text)) throw invalid(`invalid ip address ${JSON.stringify(text)}`);
  return text;
}

function hardwareAddress(text: string): string {
  if (!isMac(text)) throw invalid(`address ${text}: invalid MAC address`);
  return text.toLowerCase().replaceAll("-", ":");
}

export type NetworkExtras = {
  readonly ip: string;
  readonly ip6: string;
  readonly mac: string;
  readonly aliases: readonly string[];
};

/** Puts `--ip`, `--ip6`, `--mac-address` and `--network-alias` on the one network they can belong to. */
export function withExtras(choice: NetworkChoice, extras: NetworkExtras): NetworkChoice {
  const used = usedExtras(extras);
  if (used === undefined) return choice;
  const mode = choice.netns?.nsmode ?? "private";
  if (mode !== "bridge" && mode !== "private") {
    throw invalid(`${used} can only be set when the network mode is bridge: invalid argument`);
  }
  const entries = Object.entries(choice.networks);
  if (entries.length > 1 && used !== "--network-alias") {
    throw invalid(`${used} can only be set for a single network: invalid argument`);
  }
  const base: readonly (readonly [string, PerNetworkOptions])[] = entries.length === 0
    ? [[defaultNetworkKey, emptyOptions]]
    : entries;
  const networks = base.map(([name, options]) => [name, addExtras(options, extras)] as const);
  return { ...choice, netns: { nsmode: "bridge" }, networks: Object.fromEntries(networks) };
}

function usedExtras({ ip, ip6, mac, aliases }: NetworkExtras): string | undefined {
  if (ip !== "") return "--ip";
  if (ip6 !== "") return "--ip6";
  if (mac !== "") return "--mac-address";
  return aliases.length > 0 ? "--network-alias" : undefined;
}

function addExtras(options: PerNetworkOptions, { ip, ip6, mac, aliases }: NetworkExtras): PerNetworkOptions {
  const addresses = [ip, ip6].filter(Boolean).map(address);
  return {
    ...options,
    ...(addresses.length > 0 && { static_ips: [...(options.static_ips ?? []), ...addresses] }),
    ...(mac !== "" && { static_mac: hardwareAddress(mac) }),
    ...(aliases.length > 0 && { aliases: [...(options.aliases ?? []), ...aliases] }),
  };
}
