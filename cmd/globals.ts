// size: table
/** Flags of the program itself. Those marked persistent may also stand behind the command. */

import type { Flag } from "./flag.ts";

export const globalFlags: readonly Flag[] = [
  {
    name: "cgroup-manager",
    type: "string",
    default: "cgroupfs",
    shownDefault: "systemd where it runs a host with cgroup v2, else cgroupfs",
    persistent: true,
    remote: false,
    values: ["cgroupfs", "systemd"],
    text: "Who makes control groups (cgroupfs or systemd)",
  },
  { name: "conmon", type: "string", persistent: true, remote: false, value: "PATH", text: "Use this conmon program" },
  {
    name: "connection",
    short: "c",
    type: "string",
    value: "NAME",
    text: "Talk to the service of this name in podman-connections.json",
  },
  { name: "debug", short: "D", type: "bool", hidden: true, text: "Log at level debug" },
  {
    name: "events-backend",
    type: "string",
    default: "file",
    persistent: true,
    remote: false,
    values: ["file", "journald", "none"],
    text: "Whether events are kept (file or none; journald is not supported yet)",
  },
  {
    name: "hooks-dir",
    type: "stringArray",
    default: ["/usr/share/containers/oci/hooks.d"],
    shownDefault: "",
    persistent: true,
    remote: false,
    value: "DIRECTORY",
    text: "Directory of OCI hooks; not supported yet",
  },
  {
    name: "host",
    short: "H",
    type: "string",
    default: "unix:///run/podman/podman.sock",
    hidden: true,
    text: "The same as --url",
  },
  {
    name: "identity",
    type: "string",
    value: "FILE",
    text: "Key for connections over ssh, which are not supported yet",
  },
  {
    name: "log-level",
    type: "string",
    default: "warn",
    persistent: true,
    values: ["debug", "error", "fatal", "info", "panic", "trace", "warn", "warning"],
    text: "Log messages of this level and above (trace, debug, info, warn, error, fatal, panic)",
  },
  {
    name: "max-workers",
    type: "int",
    default: 7,
    hidden: true,
    persistent: true,
    remote: false,
    text: "Do at most so many things at once",
  },
  { name: "module", type: "stringArray", remote: false, value: "FILE", text: "Load a containers.conf module" },
  {
    name: "network-cmd-path",
    type: "string",
    persistent: true,
    remote: false,
    value: "PATH",
    text: "Use this slirp4netns program",
  },
  {
    name: "network-config-dir",
    type: "string",
    persistent: true,
    remote: false,
    value: "DIRECTORY",
    text: "Keep network definitions here",
  },
  { name: "noout", type: "bool", hidden: true, text: "Print nothing on standard output" },
  { name: "out", type: "string", value: "FILE", text: "Send standard output to this file" },
  {
    name: "registries-conf",
    type: "string",
    hidden: true,
    persistent: true,
    remote: false,
    value: "FILE",
    text: "Read this registries.conf",
  },
  { name: "remote", short: "r", type: "bool", remote: "hidden", text: "Talk to a service instead of this machine" },
  {
    name: "root",
    type: "string",
    persistent: true,
    remote: false,
    value: "DIRECTORY",
    text: "Keep images, containers and volumes here",
  },
  {
    name: "runroot",
    type: "string",
    persistent: true,
    remote: false,
    value: "DIRECTORY",
    text: "Keep the state of running containers here",
  },
  {
    name: "runtime",
    type: "string",
    default: "crun",
    shownDefault: "crun where it works, else runc",
    persistent: true,
    remote: false,
    value: "NAME",
    text: "OCI runtime, by name or path",
  },
  {
    name: "runtime-flag",
    type: "stringArray",
    persistent: true,
    remote: false,
    value: "FLAG",
    text: "Give the OCI runtime this global flag, without its dashes (repeatable)",
  },
  {
    name: "storage-driver",
    type: "string",
    persistent: true,
    remote: false,
    value: "NAME",
    text: "Storage driver, overlay or vfs",
  },
  {
    name: "storage-opt",
    type: "stringArray",
    persistent: true,
    value: "OPTION",
    text: "Option of the storage driver, such as ignore_chown_errors=true (repeatable)",
  },
  {
    name: "tmpdir",
    type: "string",
    default: "/run/libpod",
    shownDefault: "",
    persistent: true,
    remote: false,
    value: "DIRECTORY",
    text: "The same as --runroot, which wins",
  },
  {
    name: "url",
    type: "string",
    default: "unix:///run/podman/podman.sock",
    shownDefault: "",
    value: "URL",
    text: "Talk to the service at this address, unix:// or tcp:// (CONTAINER_HOST)",
  },
  {
    name: "volumepath",
    type: "string",
    persistent: true,
    remote: false,
    value: "DIRECTORY",
    text: "Keep the content of volumes here",
  },
];

export const persistentFlags: readonly Flag[] = globalFlags.filter((flag) => flag.persistent === true);

export const unsupportedGlobals = `
  cdi-spec-dir:stringArray=["/etc/cdi","/var/run/cdi"]!local config:string context:string="default"!hidden
  cpu-profile:string!hidden!local db-backend:string!hidden!local default-mounts-file:string!hidden!local
  imagestore:string!local memory-profile:string!hidden!local namespace:string!hidden!local
  network-backend:string!hidden!local pull-option:stringArray!hidden!local ssh:string="golang"
  syslog:bool!local tls-ca:string tls-cert:string tls-key:string trace:bool!hidden!local
  transient-store:bool!local
`;
