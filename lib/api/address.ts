/** URLs of services ⇄ addresses. */

import { EngineError } from "../errors.ts";
import type { Address } from "./http/client.ts";

/** `unix:///path` or `tcp://host:port`; `ssh://` is known and refused. Throws `usage`, `unsupported`. */
export function parseServiceUrl(url: string): Address {
  const [, scheme = "", rest = ""] = /^([a-z]+):\/\/(.*)$/.exec(url) ?? [];
  switch (scheme) {
    case "unix":
      return { tag: "unix", path: unixPath(url, rest) };
    case "tcp":
      return tcpAddress(url, rest);
    case "ssh":
      throw new EngineError("unsupported", `connecting to "${withoutPassword(url)}": ssh is not supported yet`);
    default:
      throw new EngineError(
        "usage",
        `service address "${withoutPassword(url)}": wanted unix://PATH or tcp://HOST:PORT`,
      );
  }
}

function unixPath(url: string, rest: string): string {
  const path = rest.startsWith("/") ? rest : `/${rest}`;
  if (rest === "" || path.includes("\0")) throw new EngineError("usage", `service address "${url}": it has no path`);
  return path;
}

function tcpAddress(url: string, rest: string): Address {
  const [, hostname, port] = /^(\[[0-9a-fA-F:]+\]|[^:/@\s]*):(\d{1,5})\/?$/.exec(rest) ?? [];
  if (hostname === undefined || Number(port) > 65535) {
    throw new EngineError("usage", `service address "${withoutPassword(url)}": wanted tcp://HOST:PORT`);
  }
  return { tag: "tcp", hostname: hostname.replace(/^\[|\]$/g, "") || "0.0.0.0", port: Number(port) };
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, "//");
}

/** The address as a URL. */
export function serviceUrl(address: Address): string {
  if (address.tag === "unix") return `unix://${address.path}`;
  const host = address.hostname.includes(":") ? `[${address.hostname}]` : address.hostname;
  return `tcp://${host}:${address.port}`;
}
