import { EngineError } from "../errors.ts";

/** An image by its transport (containers-transports(5)). Paths are the host's. */
export type TransportName =
  | { readonly transport: "docker"; readonly reference: string }
  | {
    readonly transport: "docker-archive";
    readonly path: string;
    readonly reference?: string;
    readonly index?: number;
  }
  | { readonly transport: "oci-archive" | "oci"; readonly path: string; readonly tag?: string }
  | { readonly transport: "dir"; readonly path: string };

const unsupported: readonly string[] = ["containers-storage", "docker-daemon", "ostree", "sif", "tarball", "atomic"];

/** The transport of `text`, or `null` for a plain name such as `alpine` or `quay.io/a/b:1`. */
export function parseTransport(text: string): TransportName | null {
  const colon = text.indexOf(":");
  const transport = colon < 0 ? "" : text.slice(0, colon);
  const rest = text.slice(colon + 1);
  if (unsupported.includes(transport)) {
    throw new EngineError("unsupported", `transport ${JSON.stringify(transport)}: not supported yet`);
  }
  switch (transport) {
    case "docker":
      return rest.startsWith("//") ? { transport, reference: rest.slice(2) } : null;
    case "docker-archive":
      return parseDockerArchive(withPath(rest, text));
    case "oci":
    case "oci-archive":
      return { transport, ...splitPath(withPath(rest, text)) };
    case "dir":
      return { transport, path: withPath(rest, text) };
    default:
      return null;
  }
}

function withPath(rest: string, text: string): string {
  if (rest !== "" && !rest.startsWith(":")) return rest;
  throw new EngineError("invalidArgument", `invalid image ${JSON.stringify(text)}: no path given`);
}

function parseDockerArchive(rest: string): TransportName {
  const transport = "docker-archive";
  const { path, tag } = splitPath(rest);
  if (tag === undefined) return { transport, path };
  if (!tag.startsWith("@")) return { transport, path, reference: tag };
  const index = Number(tag.slice(1));
  if (/^@\d+$/.test(tag)) return { transport, path, index };
  throw new EngineError("invalidArgument", `invalid source index ${JSON.stringify(tag)}: not a number from 0`);
}

/** A path cannot hold a colon here. */
function splitPath(rest: string): { readonly path: string; readonly tag?: string } {
  const colon = rest.indexOf(":");
  const tag = rest.slice(colon + 1);
  return colon < 0 || tag === "" ? { path: rest.replace(/:$/, "") } : { path: rest.slice(0, colon), tag };
}
