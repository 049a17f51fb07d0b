import { EngineError } from "../../errors.ts";
import { diagnose } from "./diagnose.ts";
import type { HttpRequest } from "./http_request.ts";
import type { TlsExchangeOptions } from "./tls_exchange.ts";
import { decodePem, systemAuthorities, type TlsTrust } from "./trust.ts";

export type HttpClientOptions = {
  /** `none`: whatever certificate the server shows is taken. */
  readonly trust: TlsTrust | "none";
  /** Milliseconds until the head of an answer has to be there; default one minute. */
  readonly headersTimeout?: number;
};

const defaultHeadersTimeout = 60_000;

/**
 * Single HTTP exchanges: redirects are answers like others, nobody decodes bodies. Failures to get an answer are
 * `EngineError("unreachable")` with the reason in Podman's words, or `timeout`.
 */
export class HttpClient implements Disposable {
  readonly #options: HttpClientOptions;
  #verified: Deno.HttpClient | undefined;
  #plain: Deno.HttpClient | undefined;

  constructor(options: HttpClientOptions) {
    this.#options = options;
  }

  /** The body of the answer is the caller's to read or to cancel. */
  async send(request: HttpRequest): Promise<Response> {
    const limit = this.#options.headersTimeout ?? defaultHeadersTimeout;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), limit);
    const signal = AbortSignal.any([late.signal, ...(request.signal ? [request.signal] : [])]);
    try {
      return await this.#exchange({ ...request, signal });
    } catch (cause) {
      request.signal?.throwIfAborted();
      if (!late.signal.aborted) throw cause;
      const reason = `no answer within ${Math.ceil(limit / 1000)} seconds`;
      throw new EngineError("timeout", `${describeRequest(request)}: ${reason}`, { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  async #exchange(request: HttpRequest & { readonly signal: AbortSignal }): Promise<Response> {
    const { trust } = this.#options;
    if (request.url.protocol === "https:" && trust === "none") {
      return await translated(request, () => sendOverTls(request, {}));
    }
    try {
      return await this.#fetch(request);
    } catch (error) {
      const pinned = await this.#tryPinned(request);
      if (pinned !== undefined) return pinned;
      request.signal.throwIfAborted();
      const tls = trust === "none" ? {} : clientOptions(trust);
      throw await diagnose(describeRequest(request), { url: request.url, error, tls });
    }
  }

  async #fetch(request: HttpRequest & { readonly signal: AbortSignal }): Promise<Response> {
    return await fetch(request.url, {
      method: request.method,
      // A body's encoding must stay as it is: its digest counts.
      headers: { "accept-encoding": "identity", ...request.headers },
      body: request.body,
      redirect: "manual",
      signal: request.signal,
      client: request.url.protocol === "https:" ? this.#verifying() : this.#unprotected(),
    });
  }

  #verifying(): Deno.HttpClient {
    const { trust } = this.#options;
    this.#verified ??= Deno.createHttpClient(trust === "none" ? {} : clientOptions(trust));
    return this.#verified;
  }

  /** Of its own, so that its connections end with it. */
  #unprotected(): Deno.HttpClient {
    this.#plain ??= Deno.createHttpClient({});
    return this.#plain;
  }

  /**
   * A registry with a home-made certificate usually shows the very certificate that its users put into certs.d. The
   * runtime's verifier refuses it when it is marked as an authority, which `openssl req -x509` does; being exactly
   * the one that the user trusts, for this name and this time, is as good.
   */
  async #tryPinned(request: HttpRequest & { readonly signal: AbortSignal }): Promise<Response | undefined> {
    const { trust } = this.#options;
    if (trust === "none" || request.url.protocol !== "https:" || request.signal.aborted) return undefined;
    const pinned = trust.caCerts.flatMap(decodePem);
    if (pinned.length === 0) return undefined;
    try {
      return await sendOverTls(request, { pinned, client: trust.client });
    } catch {
      return undefined; // the verifier's reason is the one to tell
    }
  }

  [Symbol.dispose](): void {
    this.#verified?.close();
    this.#plain?.close();
    this.#verified = undefined;
    this.#plain = undefined;
  }
}

/** Loaded only where it is needed: few exchanges are of this kind. */
async function sendOverTls(request: HttpRequest, options: TlsExchangeOptions): Promise<Response> {
  const module = await import("./tls_exchange.ts");
  return await module.sendOverTls(request, options);
}

async function translated(request: HttpRequest, send: () => Promise<Response>): Promise<Response> {
  try {
    return await send();
  } catch (error) {
    request.signal?.throwIfAborted();
    throw await diagnose(describeRequest(request), { url: request.url, error });
  }
}

type ClientOptions = { readonly caCerts: string[]; readonly cert?: string; readonly key?: string };

function clientOptions(trust: TlsTrust): ClientOptions {
  const caCerts = [systemAuthorities(), ...trust.caCerts].filter((text) => text !== "");
  return { caCerts, ...trust.client };
}

/** `Get "https://registry/v2/"`, as Go's programs say it, without what may be secret in a query. */
function describeRequest(request: HttpRequest): string {
  const verb = request.method.charAt(0) + request.method.slice(1).toLowerCase();
  return `${verb} ${JSON.stringify(request.url.origin + request.url.pathname)}`;
}
