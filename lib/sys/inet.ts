import { check, OwnedFd } from "./fd.ts";
import { libc } from "./libc.ts";

/** A port on this host. `address`: the bytes of an IPv4 or IPv6 address, 4 or 16. */
export type InetPlace = {
  readonly protocol: "tcp" | "udp" | "sctp";
  readonly address: Uint8Array;
  /** 0: the kernel chooses. */
  readonly port: number;
};

const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const kinds = {
  tcp: { type: 1, protocol: 6 },
  udp: { type: 2, protocol: 17 },
  sctp: { type: 1, protocol: 132 },
} as const;

/**
 * struct sockaddr_in { u16 family; be16 port; u8 address[4]; u8 zero[8]; } or
 * struct sockaddr_in6 { u16 family; be16 port; u32 flow; u8 address[16]; u32 scope; }
 */
function socketAddress(place: InetPlace): Uint8Array<ArrayBuffer> {
  const six = place.address.length === 16;
  const bytes = new Uint8Array(six ? 28 : 16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, six ? AF_INET6 : AF_INET, true);
  view.setUint16(2, place.port, false);
  bytes.set(place.address, six ? 8 : 4);
  return bytes;
}

/**
 * A socket that is bound to a port, and listens where the protocol does. EADDRINUSE when the port is taken, EACCES for a
 * privileged one, EADDRNOTAVAIL for an address that is not this host's, EPROTONOSUPPORT without the protocol.
 */
export function bindInet(place: InetPlace): OwnedFd {
  using stack = new DisposableStack();
  const address = socketAddress(place);
  const six = address.length === 28;
  const { type, protocol } = kinds[place.protocol];
  const socket = stack.use(
    new OwnedFd(check(libc.socket(six ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC, protocol), "socket")),
  );
  const on = new Uint8Array(new Uint32Array([1]).buffer);
  if (place.protocol !== "udp") check(libc.setsockopt(socket.value, SOL_SOCKET, SO_REUSEADDR, on, 4), "setsockopt");
  if (six) check(libc.setsockopt(socket.value, IPPROTO_IPV6, IPV6_V6ONLY, on, 4), "setsockopt");
  check(libc.bind(socket.value, address, address.length), "bind", String(place.port));
  if (place.protocol !== "udp") check(libc.listen(socket.value, 128), "listen", String(place.port));
  stack.move();
  return socket;
}

/** The port that a socket is bound to. */
export function boundPort(socket: OwnedFd): number {
  const bytes = new Uint8Array(28);
  const length = new Uint8Array(new Uint32Array([28]).buffer);
  check(libc.getsockname(socket.value, bytes, length), "getsockname");
  return new DataView(bytes.buffer).getUint16(2, false);
}
