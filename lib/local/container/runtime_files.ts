/** The files that the engine makes for a container: hosts, resolv.conf, hostname, .containerenv, passwd, localtime. */

import { existsSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { buildInfo } from "../../build_info.ts";
import type { Container } from "../../engine/container.ts";
import { EngineError } from "../../errors.ts";
import type { NetworkStatus } from "../../network/types.ts";
import { containerEnvFile, groupFile, hostnameFile, hostsFile, passwdFile, resolvConf } from "../../spec/files.ts";
import type { GeneratedMount } from "../../spec/runtime_facts.ts";
import { type FoundUser, lookUpUser, maximumUserFile } from "../../spec/user_lookup.ts";
import type { Local } from "../context.ts";
import { readInRoot } from "../in_root.ts";
import { runDirectory } from "../paths.ts";
import { readOr } from "../system/host.ts";

export type FilesInput = {
  readonly container: Container;
  /** The mounted root file system. */
  readonly rootfs: string;
  /** `null` without a network of its own. */
  readonly network: NetworkStatus | null;
  /** The container whose network this one joins. */
  readonly joined: Container | null;
};

export type RuntimeFiles = { readonly user: FoundUser; readonly mounts: readonly GeneratedMount[] };

/** Looks the user up and writes the files into the container's run directory. */
export function makeRuntimeFiles(local: Local, input: FilesInput): RuntimeFiles {
  const { container, rootfs } = input;
  const passwd = readInRoot(rootfs, "/etc/passwd", { limit: maximumUserFile });
  const group = readInRoot(rootfs, "/etc/group", { limit: maximumUserFile });
  const user = lookUpUser({ user: container.process.user, groups: container.process.groups, passwd, group });
  const files = [
    ...networkFiles(local, input),
    { destination: "/run/.containerenv", text: containerEnv(local, container) },
    ...userFiles(local, container, { user, passwd, group }),
  ];
  const directory = runDirectory(local.config.paths, container.id);
  const mounts = files.map(({ destination, text }) => {
    const source = `${directory}/${destination.slice(destination.lastIndexOf("/") + 1)}`;
    writeFileSync(source, text, { mode: 0o644 });
    return { destination, source };
  });
  return { user, mounts: [...mounts, ...localtime(container)] };
}

type MadeFile = { readonly destination: string; readonly text: string };

function networkFiles(local: Local, input: FilesInput): readonly MadeFile[] {
  const { container: { network, namespaces } } = input;
  const mode = namespaces.net.nsmode;
  const own = { destination: "/etc/hostname", text: hostnameFile(network.hostname) };
  return [
    ...(network.useImageHosts ? [] : [{ destination: "/etc/hosts", text: hosts(input) }]),
    ...(network.useImageResolvConf || mode === "none" && network.dnsServers.length === 0
      ? []
      : [{ destination: "/etc/resolv.conf", text: resolver(local, input) }]),
    ...(network.useImageHostname ? [] : [own]),
  ];
}

function hosts({ container, network, joined, rootfs }: FilesInput): string {
  const { network: asked, namespaces: { net } } = container;
  const hostNetwork = net.nsmode === "host";
  return hostsFile({
    base: baseHosts(asked.baseHostsFile ?? "", { hostNetwork, rootfs }),
    hostname: asked.hostname,
    name: container.name,
    addresses: network?.addresses ?? [],
    extra: [...asked.hosts, ...(joined?.network.hosts ?? [])],
    hostAddress: network?.hostAddress ?? null,
    hostNetwork,
  });
}

function baseHosts(
  asked: string,
  { hostNetwork, rootfs }: { readonly hostNetwork: boolean; readonly rootfs: string },
): string {
  if (asked === "none") return "";
  if (asked === "image") return readInRoot(rootfs, "/etc/hosts", { limit: maximumUserFile });
  if (asked !== "") return readOr(asked);
  return hostNetwork ? readOr("/etc/hosts") : "";
}

function resolver(local: Local, { container, network }: FilesInput): string {
  const { network: asked, namespaces: { net } } = container;
  return resolvConf({
    host: readOr(
      existsSync("/run/systemd/resolve/resolv.conf") && net.nsmode !== "host"
        ? "/run/systemd/resolve/resolv.conf"
        : "/etc/resolv.conf",
    ),
    servers: asked.dnsServers,
    search: asked.dnsSearch,
    options: asked.dnsOptions,
    networkServers: network?.nameservers ?? [],
    networkSearch: network?.searchDomains ?? [],
    hostNetwork: net.nsmode === "host",
    ipv6: local.config.network.default_subnet.includes(":"),
  });
}

function containerEnv(local: Local, container: Container): string {
  return containerEnvFile({
    privileged: container.security.privileged,
    version: buildInfo().version,
    name: container.name,
    id: container.id,
    image: container.image?.name ?? "",
    imageId: container.image?.id ?? "",
    rootless: local.rootless,
  });
}

type Accounts = { readonly user: FoundUser; readonly passwd: string; readonly group: string };

/** Lines for a user that the image does not know. */
function userFiles(local: Local, container: Container, { user, passwd, group }: Accounts): readonly MadeFile[] {
  if (container.process.managePasswd === false || container.security.readOnly) return [];
  const { uid, gid, username } = user;
  const keepsId = container.namespaces.user.nsmode === "keep-id" && uid === local.config.uid;
  const hostUser = keepsId ? { name: hostUserName(local), home: container.process.cwd } : undefined;
  const newPasswd = passwdFile({ text: passwd, uid, gid, username, cwd: container.process.cwd, hostUser });
  const newGroup = groupFile(group, { gid, username });
  return [
    ...(newPasswd === null ? [] : [{ destination: "/etc/passwd", text: newPasswd }]),
    ...(newGroup === null ? [] : [{ destination: "/etc/group", text: newGroup }]),
  ];
}

function hostUserName(local: Local): string {
  const line = readOr("/etc/passwd").split("\n").find((entry) => entry.split(":")[2] === String(local.config.uid));
  return line?.split(":")[0] ?? userInfo({ encoding: "utf8" }).username;
}

/** `--tz`: a zone of the host, or the host's own. */
function localtime({ timezone }: Container): readonly GeneratedMount[] {
  if (timezone === "") return [];
  const source = timezone === "local" ? "/etc/localtime" : `/usr/share/zoneinfo/${timezone}`;
  if (timezone.split("/").includes("..") || !existsSync(source)) {
    throw new EngineError("invalidArgument", `finding timezone: unknown time zone ${timezone}`);
  }
  return [{ destination: "/etc/localtime", source, readOnly: true }];
}
