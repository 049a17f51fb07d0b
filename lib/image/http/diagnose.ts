import { EngineError } from "../../errors.ts";

type Failed = { readonly url: URL; readonly error: unknown };

/**
 * Finds out why an exchange had no answer. `fetch` only tells by its message, so the connection is tried once more: its
 * errors have types. `retry` of the result's cause says whether another try may help.
 */
export async function diagnose(what: string, { url, error }: Failed): Promise<EngineError> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const fail = (reason: string, retry: boolean) =>
    new EngineError("unreachable", `${what}: ${reason}`, { cause: new ConnectionFailure(reason, { retry, error }) });
  let connection: Deno.TcpConn;
  try {
    connection = await Deno.connect({ hostname: host, port });
  } catch (cause) {
    return fail(...connectReason(cause, { host, port }));
  }
  using open = connection;
  if (url.protocol === "http:") return fail(detail(error), true);
  if (await speaksHttp(open, host)) return fail("http: server gave HTTP response to HTTPS client", false);
  return fail(`tls: failed to verify certificate or to agree on a protocol: ${detail(error)}`, false);
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
