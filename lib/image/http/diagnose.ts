import { EngineError } from "../../errors.ts";

type Failed = {
  readonly url: URL;
  readonly error: unknown;
  /** How the failed connection verified its server; absent: not at all. */
  readonly tls?: { readonly caCerts?: string[]; readonly cert?: string; readonly key?: string };
};

/**
 * Finds out why an exchange had no answer. `fetch` only tells by its message, so the connection is tried once more: its
 * errors have types. The result's cause, a `ConnectionFailure`, says whether another try may help.
 */
export async function diagnose(what: string, failed: Failed): Promise<EngineError> {
  const { url, error } = failed;
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const fail = (reason: string, retry: boolean) =>
    new EngineError("unreachable", `${what}: ${reason}`, { cause: new ConnectionFailure(reason, { retry, error }) });
  try {
    using connection = await Deno.connect({ hostname, port });
    if (url.protocol === "https:" && await speaksHttp(connection, hostname)) {
      return fail("http: server gave HTTP response to HTTPS client", false);
    }
  } catch (cause) {
    return fail(...connectReason(cause, { host: hostname, port }));
  }
  const distrust = url.protocol === "https:" && failed.tls && await tlsFailure({ hostname, port, ...failed.tls });
  if (distrust) return fail(`tls: failed to verify certificate: ${detail(distrust)}`, false);
  return fail(detail(error), true);
}

/** What a handshake says; `undefined` if it succeeds. */
async function tlsFailure(
  options: Deno.ConnectTlsOptions & { readonly cert?: string; readonly key?: string },
): Promise<unknown> {
  try {
    using connection = await Deno.connectTls(options);
    await connection.handshake();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Why no connection came about, and whether a later try may do better. */
export class ConnectionFailure extends Error {
  override readonly name = "ConnectionFailure";
  readonly retry: boolean;

  constructor(reason: string, options: { readonly retry: boolean; readonly error: unknown }) {
    super(reason, { cause: options.error });
    this.retry = options.retry;
  }
}

function connectReason(cause: unknown, at: { readonly host: string; readonly port: number }): [string, boolean] {
  const dial = `dial tcp ${at.host}:${at.port}`;
  if (cause instanceof Deno.errors.ConnectionRefused) return [`${dial}: connect: connection refused`, true];
  if (cause instanceof Deno.errors.TimedOut) return [`${dial}: i/o timeout`, true];
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "ENETUNREACH") return [`${dial}: connect: network is unreachable`, true];
  if (code === "EHOSTUNREACH") return [`${dial}: connect: no route to host`, true];
  // A failed look-up is the one failure that the runtime gives no type and no code.
  if (code === "") return [`dial tcp: lookup ${at.host}: no such host`, false];
  return [`${dial}: ${detail(cause)}`, true];
}

/** True if the server answers plain HTTP: then it cannot have understood TLS. */
async function speaksHttp(connection: Deno.TcpConn, host: string): Promise<boolean> {
  const timer = setTimeout(() => connection.close(), 2000);
  try {
    await connection.write(new TextEncoder().encode(`HEAD / HTTP/1.0\r\nHost: ${host}\r\n\r\n`));
    const buffer = new Uint8Array(5);
    const count = await connection.read(buffer);
    const isHttp = new TextDecoder().decode(buffer.subarray(0, count ?? 0)) === "HTTP/";
    return isHttp && !(await saysPlainToTls(connection));
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** TLS servers written in Go answer plain HTTP with "400 Bad Request" in plain text: they do speak TLS. */
async function saysPlainToTls(connection: Deno.TcpConn): Promise<boolean> {
  const buffer = new Uint8Array(512);
  const count = await connection.read(buffer);
  return /^\d?\.?\d? ?400 /.test(new TextDecoder().decode(buffer.subarray(0, count ?? 0)));
}

/** The innermost part of the runtime's message, for people to read. */
function detail(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^.*client error \([A-Za-z]+\): /s, "").replace(/^error sending request [^:]*\([^)]*\): /, "");
}
