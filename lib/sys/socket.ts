import { Errno, SysError } from "./errno.ts";
import { AT_FDCWD, check, type Fd, fdNumber, O, open, OwnedFd } from "./fd.ts";
import { tryUnlinkAt } from "./file.ts";
import { errno, libc } from "./libc.ts";
import { readable, writable } from "./reactor.ts";
import { readableFromFd, writeEverything } from "./stream.ts";

/** Kinds of unix sockets: bytes, single packets, packets over a connection. */
export type SocketType = "stream" | "dgram" | "seqpacket";

const typeNumbers = { stream: 1, dgram: 2, seqpacket: 5 } as const;
const AF_UNIX = 1;
const SOCK_CLOEXEC = 0o2000000;
const SOCK_NONBLOCK = 0o4000;
const SOL_SOCKET = 1;
const SO_PASSCRED = 16;
const SO_PEERCRED = 17;
/** sizeof(sockaddr_un.sun_path), of which one byte is for the NUL. */
const maxPath = 107;

export const SHUT = { RD: 0, WR: 1, RDWR: 2 } as const;

type Bytes = Uint8Array<ArrayBuffer>;

function newSocket(type: SocketType): OwnedFd {
  return new OwnedFd(check(libc.socket(AF_UNIX, typeNumbers[type] | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket"));
}

/** struct sockaddr_un { sa_family_t sun_family; char sun_path[108]; }; a leading "@" means the abstract name space. */
function address(path: string): Bytes {
  const name = new TextEncoder().encode(path);
  const abstract = path.startsWith("@");
  const bytes = new Uint8Array(2 + name.length + (abstract ? 0 : 1));
  new DataView(bytes.buffer).setUint16(0, AF_UNIX, true);
  bytes.set(name, 2);
  if (abstract) bytes[2] = 0;
  return bytes;
}

/** Gives `use` an address for `path`; what is too long is named through an open descriptor of its directory. */
function withAddress<T>(path: string, use: (address: Bytes) => T): T {
  if (path.includes("\0")) throw new SysError("socket", Errno.EINVAL, path);
  if (fits(path)) return use(address(path));
  const slash = path.lastIndexOf("/");
  using dir = open(path.slice(0, slash) || "/", O.PATH | O.DIRECTORY);
  const short = `/proc/self/fd/${dir.value}/${path.slice(slash + 1)}`;
  if (!fits(short)) throw new SysError("socket", Errno.ENAMETOOLONG, path);
  return use(address(short));
}

function fits(path: string): boolean {
  return new TextEncoder().encode(path).length <= maxPath;
}

/** A non-blocking unix socket that is connected to `path`. ENOENT, ECONNREFUSED when nobody listens. */
export async function connectUnix(
  path: string,
  options: { readonly type?: SocketType; readonly signal?: AbortSignal } = {},
): Promise<OwnedFd> {
  using stack = new DisposableStack();
  const socket = stack.use(newSocket(options.type ?? "stream"));
  for (;;) {
    const code = withAddress(path, (bytes) => libc.connect(socket.value, bytes, bytes.length) === 0 ? 0 : errno());
    if (code === 0) break;
    // The listener's queue is full: unix sockets answer EAGAIN and cannot be waited for.
    if (code !== Errno.EAGAIN && code !== Errno.EINTR) throw new SysError("connect", code, path);
    options.signal?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  stack.move();
  return socket;
}

/** A non-blocking unix socket that is bound to `path` (mode as the umask says) and listens, except for "dgram". */
export function listenUnix(
  path: string,
  options: { readonly type?: SocketType; readonly backlog?: number; readonly replace?: boolean } = {},
): OwnedFd {
  using stack = new DisposableStack();
  const type = options.type ?? "stream";
  const socket = stack.use(newSocket(type));
  if (options.replace) tryUnlinkAt(AT_FDCWD, path);
  withAddress(path, (bytes) => check(libc.bind(socket.value, bytes, bytes.length), "bind", path));
  if (type !== "dgram") check(libc.listen(socket.value, options.backlog ?? 128), "listen", path);
  stack.move();
  return socket;
}

/** Waits for a connection on a listening socket. */
export async function accept(fd: Fd, options: { readonly signal?: AbortSignal } = {}): Promise<OwnedFd> {
  for (;;) {
    const result = libc.accept4(fdNumber(fd), null, null, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (result >= 0) return new OwnedFd(result);
    const code = errno();
    if (code === Errno.EAGAIN) await readable(fd, options);
    else if (code !== Errno.EINTR) throw new SysError("accept", code);
  }
}

/** Two connected sockets. */
export function socketPair(type: SocketType = "stream"): [OwnedFd, OwnedFd] {
  const cells = new Int32Array(2);
  const number = typeNumbers[type] | SOCK_CLOEXEC | SOCK_NONBLOCK;
  check(libc.socketpair(AF_UNIX, number, 0, new Uint8Array(cells.buffer)), "socketpair");
  return [new OwnedFd(cells[0] ?? -1), new OwnedFd(cells[1] ?? -1)];
}

/** shutdown(2) with one of `SHUT`; a peer that has gone already is no error. */
export function shutdown(fd: Fd, how: number): void {
  if (libc.shutdown(fdNumber(fd), how) === 0) return;
  const code = errno();
  if (code !== 107) throw new SysError("shutdown", code);
}

/** Sends one packet (or some bytes of a stream) without SIGPIPE, waiting for room. */
export async function send(fd: Fd, bytes: Bytes, options: { readonly signal?: AbortSignal } = {}): Promise<number> {
  const MSG_NOSIGNAL = 0x4000;
  for (;;) {
    const count = libc.send(fdNumber(fd), bytes, bytes.length, MSG_NOSIGNAL);
    if (count >= 0) return count;
    const code = errno();
    if (code === Errno.EAGAIN) await writable(fd, options);
    else if (code !== Errno.EINTR) throw new SysError("send", code);
  }
}

/** Who is at the other end of a unix socket. */
export type Peer = { readonly pid: number; readonly uid: number; readonly gid: number };

export function peerOf(fd: Fd): Peer {
  const cells = new Int32Array(3);
  const length = new Uint8Array(new Uint32Array([12]).buffer);
  const bytes = new Uint8Array(cells.buffer);
  check(libc.getsockopt(fdNumber(fd), SOL_SOCKET, SO_PEERCRED, bytes, length), "getsockopt");
  return { pid: cells[0] ?? 0, uid: (cells[1] ?? 0) >>> 0, gid: (cells[2] ?? 0) >>> 0 };
}

/** Asks the kernel to pass the sender's credentials along. */
export function passCredentials(fd: Fd): void {
  const on = new Uint8Array(new Uint32Array([1]).buffer);
  check(libc.setsockopt(fdNumber(fd), SOL_SOCKET, SO_PASSCRED, on, on.length), "setsockopt");
}

/** A packet socket as a pair of streams: one chunk, one packet. */
export type PacketStream = {
  readonly readable: ReadableStream<Bytes>;
  readonly writable: WritableStream<Bytes>;
  /** Says that nothing more will be sent, while answers still come. */
  shutdown(how?: number): void;
};

/**
 * Takes a connected socket over. Each chunk that is read is one packet of at most `size` bytes (default 64 KiB); each
 * chunk written is sent as packets of at most that size. Closing the writable shuts down sending only; the socket is
 * closed when the readable ends or is cancelled.
 */
export function packetStream(
  socket: OwnedFd,
  options: { readonly size?: number; readonly signal?: AbortSignal } = {},
): PacketStream {
  const size = options.size ?? 65536;
  const shut = (how: number = SHUT.WR) => {
    if (!socket.closed) shutdown(socket, how);
  };
  const sendAll = async (chunk: Bytes) => {
    for (let done = 0; done < chunk.length;) {
      done += await send(socket, chunk.subarray(done, done + size), options);
    }
  };
  return {
    readable: readableFromFd(socket, options),
    writable: new WritableStream({ write: sendAll, close: () => shut(), abort: () => shut() }),
    shutdown: shut,
  };
}

/** Writes a whole message to a connected stream socket. */
export async function sendAll(fd: Fd, bytes: Bytes, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
  await writeEverything(fd, bytes, options);
}
