/** Where a remote engine is: flags, environment, podman-connections.json, containers.conf. */

import { EngineError, messageOf } from "../errors.ts";
import type { ConfigInput } from "./config.ts";
import type { EngineTable } from "./keys.ts";
import { userConfigDir } from "./paths.ts";

export type Connection = {
  /** `unix:///…`, `tcp://host:port`, `ssh://…`. */
  readonly uri: string;
  readonly identity: string;
};

export type ConnectionChoice = {
  /** `--url`; empty: not given. */
  readonly url: string;
  /** `--connection`. */
  readonly name: string;
  /** `--identity`. */
  readonly identity: string;
  /** The service's usual socket of this machine. */
  readonly socket: string;
  /** The `[engine]` table of containers.conf, whose services stand after podman-connections.json. */
  readonly engine?: Pick<EngineTable, "active_service" | "remote_identity" | "remote_uri" | "service_destinations">;
};

/** What is asked for first wins: URL, name, CONTAINER_HOST, CONTAINER_CONNECTION, the default connection, this machine. */
export function chooseConnection(input: ConfigInput, choice: ConnectionChoice): Connection {
  const { env } = input;
  const identity = choice.identity || env.CONTAINER_SSHKEY || "";
  if (choice.url !== "") return { uri: choice.url, identity };
  const known = allConnections(input, choice.engine);
  if (choice.name !== "") return named(known, { name: choice.name, identity });
  if (env.CONTAINER_HOST) return { uri: env.CONTAINER_HOST, identity };
  if (env.CONTAINER_CONNECTION) return named(known, { name: env.CONTAINER_CONNECTION, identity });
  if (known.byDefault !== "") return named(known, { name: known.byDefault, identity });
  const remote = choice.engine?.remote_uri ?? "";
  if (remote !== "") return { uri: remote, identity: identity || (choice.engine?.remote_identity ?? "") };
  return { uri: `unix://${choice.socket}`, identity };
}

function named(known: Known, { name, identity }: { readonly name: string; readonly identity: string }): Connection {
  const found = known.connections.get(name);
  if (found) return { uri: found.uri, identity: identity || found.identity };
  throw new EngineError("invalidArgument", `connection "${name}" not found`);
}

type Known = { readonly byDefault: string; readonly connections: ReadonlyMap<string, Connection> };

function allConnections(input: ConfigInput, engine: ConnectionChoice["engine"]): Known {
  const own = readConnections(input);
  const services = Object.entries(engine?.service_destinations ?? {}).map(([name, { uri, identity }]) =>
    [name, { uri, identity }] as const
  );
  return {
    byDefault: own.byDefault || (engine?.active_service ?? ""),
    connections: new Map([...services, ...own.connections]),
  };
}

function readConnections(input: ConfigInput): Known {
  const path = input.env.PODMAN_CONNECTIONS_CONF || `${userConfigDir(input)}/containers/podman-connections.json`;
  const text = input.files.read(path);
  if (text === null) return { byDefault: "", connections: new Map() };
  const file = tableOf(parse(text, path));
  const connection = tableOf(file.Connection);
  const entries = Object.entries(tableOf(connection.Connections)).map(([name, value]) => {
    const { URI, Identity } = tableOf(value);
    return [name, { uri: String(URI ?? ""), identity: String(Identity ?? "") }] as const;
  });
  return { byDefault: String(connection.Default ?? ""), connections: new Map(entries) };
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new EngineError("invalidArgument", `reading "${path}": ${messageOf(error)}`);
  }
}

function tableOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
