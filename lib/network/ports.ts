import { EngineError } from "../errors.ts";
import type { PortMapping } from "../engine/types/spec.ts";
import { isSysError } from "../sys/errno.ts";
import type { OwnedFd } from "../sys/fd.ts";
import { bindInet, boundPort } from "../sys/inet.ts";
import { parseAddress } from "./_address.ts";
import type { ResolvedPort } from "./types.ts";

type Protocol = "tcp" | "udp" | "sctp";

const protocols: readonly Protocol[] = ["tcp", "udp", "sctp"];

/**
 * Unfolds ranges and lists of protocols, one record per port, and chooses a free host port where none is given. Nothing
 * is held yet: see `reservePorts`. Error: `invalidArgument`.
 */
export function resolvePorts(mappings: readonly PortMapping[]): readonly ResolvedPort[] {
  const resolved: ResolvedPort[] = [];
  for (const mapping of mappings) {
    for (const protocol of protocolsOf(mapping)) resolved.push(...unfold({ ...mapping, protocol }));
  }
  return resolved;
}

function protocolsOf(mapping: PortMapping): readonly Protocol[] {
  return (mapping.protocol || "tcp").split(",").map((word) => {
    const protocol = protocols.find((name) => name === word.toLowerCase());
    if (protocol !== undefined) return protocol;
    throw new EngineError("invalidArgument", `unknown port protocol "${word}"`);
  });
}

function unfold(mapping: PortMapping & { readonly protocol: Protocol }): ResolvedPort[] {
  const count = Math.max(1, mapping.range);
  return Array.from({ length: count }, (_, index) => ({
    ...mapping,
    range: 1,
    container_port: mapping.container_port + index,
    host_port: mapping.host_port === 0 ? freePort(mapping) : mapping.host_port + index,
  }));
}

function freePort(mapping: PortMapping & { readonly protocol: Protocol }): number {
  const { protocol } = mapping;
  using socket = bindInet({ protocol, address: addressBytes(mapping.host_ip), port: 0 });
  return boundPort(socket);
}

/** Without an address: all of IPv4, as Podman binds. */
function addressBytes(text: string): Uint8Array {
  const address = parseAddress(text === "" ? "0.0.0.0" : text);
  if (address === undefined) throw new EngineError("invalidArgument", `invalid host ip address "${text}"`);
  const length = address.family === 4 ? 4 : 16;
  return Uint8Array.from({ length }, (_, index) => Number((address.value >> BigInt(8 * (length - 1 - index))) & 0xffn));
}

/**
 * Sockets that hold the host's ports, so that no other program gets them while packets for them are redirected: conmon
 * keeps them (`heldFds`) as long as the container lives. The caller disposes its own copies after conmon has started.
 * Errors: `portInUse`, `permission`; then none is held.
 */
export function reservePorts(ports: readonly ResolvedPort[]): readonly OwnedFd[] {
  using stack = new DisposableStack();
  const held: OwnedFd[] = [];
  for (const port of ports) {
    const socket = hold(port);
    if (socket !== undefined) held.push(stack.use(socket));
  }
  stack.move();
  return held;
}

function hold(port: ResolvedPort): OwnedFd | undefined {
  const protocol = protocolsOf(port)[0] ?? "tcp";
  try {
    return bindInet({ protocol, address: addressBytes(port.host_ip), port: port.host_port });
  } catch (error) {
    if (!isSysError(error)) throw error;
    // Kernels without SCTP: the redirection works all the same.
    if (error.code === "EPROTONOSUPPORT") return undefined;
    throw portError(port, error);
  }
}

function portError(port: ResolvedPort, error: Error & { readonly code: string }): EngineError {
  const family = port.host_ip.includes(":") ? "6" : "4";
  const place = `${port.host_ip.includes(":") ? `[${port.host_ip}]` : port.host_ip}:${port.host_port}`;
  const verb = port.protocol === "udp" ? "listen udp" : `listen ${port.protocol}`;
  const text = (reason: string) =>
    `cannot listen on the ${port.protocol.toUpperCase()} port: ${verb}${family} ${place}: bind: ${reason}`;
  if (error.code === "EADDRINUSE") {
    return new EngineError("portInUse", text("address already in use"), { cause: error });
  }
  if (error.code === "EACCES") return new EngineError("permission", text("permission denied"), { cause: error });
  const reason = error.code === "EADDRNOTAVAIL" ? "cannot assign requested address" : error.message;
  return new EngineError("invalidArgument", text(reason), { cause: error });
}
