import { EngineError } from "../../errors.ts";
import type { Login, LoginLookup } from "../credentials.ts";
import { HttpClient } from "../http/http_client.ts";
import { readTrust } from "../http/trust.ts";
import { discard, readLimited } from "./body.ts";
import { type Challenge, parseChallenges } from "./challenge.ts";
import { registryError } from "./registry_error.ts";
import { basicAuthorization, fetchToken, type Token } from "./token.ts";

export type RegistryClientOptions = {
  /** Host with an optional port, as in references. */
  readonly registry: string;
  /** Certificates are not looked at, and plain HTTP is tried where HTTPS fails. */
  readonly insecure?: boolean;
  readonly certDir?: string;
  readonly certRoots?: readonly string[];
  readonly login: LoginLookup;
  readonly userAgent?: string;
  readonly headersTimeout?: number;
};

export type RegistryRequest = {
  readonly method: "GET" | "HEAD";
  /** After `/v2/`. */
  readonly path: string;
  readonly repository: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
};

/** What the first look at a registry told. */
type Access = { readonly origin: URL; readonly challenges: readonly Challenge[] };

const maximumRedirects = 10;
const maximumTokens = 1000;

/**
 * Requests to one registry (https://github.com/opencontainers/distribution-spec): finds out whether it speaks HTTPS,
 * proves who we are as it asks for, follows redirects without ever taking the proof along to another host. One try
 * each; see `withRetries`.
 */
export class RegistryClient implements Disposable {
  readonly #options: RegistryClientOptions;
  readonly #own: HttpClient;
  /** For other hosts: they get no client certificate and no leniency. */
  readonly #foreign: HttpClient;
  readonly #tokens = new Map<string, Token>();
  #access: Promise<Access> | undefined;

  constructor(options: RegistryClientOptions) {
    this.#options = options;
    const { headersTimeout } = options;
    const trust = options.insecure ? "none" : readTrust(options.registry, options);
    this.#own = new HttpClient({ trust, headersTimeout });
    this.#foreign = new HttpClient({ trust: { caCerts: trust === "none" ? [] : trust.caCerts }, headersTimeout });
  }

  /** The registry's answer whatever its status, redirects followed. Throws for failures to get one. */
  async send(request: RegistryRequest): Promise<Response> {
    const access = await this.#findAccess(request.signal);
    const first = await this.#sendOnce(request, { access, challenges: access.challenges });
    if (first.status !== 401) return first;
    // The token ran out, or this repository asks for more than the registry's root did.
    const challenges = parseChallenges(first.headers.get("www-authenticate") ?? "");
    const bearer = challenges.find((challenge) => challenge.scheme === "bearer");
    const repeats = bearer === undefined && access.challenges.length > 0;
    if (challenges.length === 0 || repeats) return first;
    await discard(first);
    this.#tokens.delete(scopeOf(request));
    return await this.#sendOnce(request, { access, challenges });
  }

  [Symbol.dispose](): void {
    this.#own[Symbol.dispose]();
    this.#foreign[Symbol.dispose]();
  }

  async #sendOnce(
    request: RegistryRequest,
    { access, challenges }: { readonly access: Access; readonly challenges: readonly Challenge[] },
  ): Promise<Response> {
    const url = new URL(`/v2/${request.path}`, access.origin);
    const authorization = await this.#authorize(request, { access, challenges });
    return await this.#follow(request, { url, authorization });
  }

  async #follow(
    request: RegistryRequest,
    start: { readonly url: URL; readonly authorization: string | undefined },
  ): Promise<Response> {
    let url = start.url;
    for (let hop = 0; hop <= maximumRedirects; hop++) {
      const isOwn = url.origin === start.url.origin;
      const response = await (isOwn ? this.#own : this.#foreign).send({
        method: request.method,
        url,
        headers: {
          ...this.#headers(request),
          ...(isOwn && start.authorization ? { authorization: start.authorization } : {}),
        },
        signal: request.signal,
      });
      const next = redirectOf(response, url);
      if (next === undefined) return response;
      await discard(response);
      if (url.protocol === "https:" && next.protocol !== "https:" && !this.#options.insecure) {
        throw new EngineError("registry", `redirect from ${url.origin} to ${next.origin}: refused over plain HTTP`);
      }
      url = next;
    }
    throw new EngineError(
      "registry",
      `Get ${JSON.stringify(start.url.href)}: stopped after ${maximumRedirects} redirects`,
    );
  }

  #headers(request: RegistryRequest): Readonly<Record<string, string>> {
    return { "user-agent": this.#options.userAgent ?? "beluga", ...request.headers };
  }

  async #findAccess(signal?: AbortSignal): Promise<Access> {
    this.#access ??= this.#ping(signal);
    try {
      return await this.#access;
    } catch (error) {
      this.#access = undefined; // another try may do better
      throw error;
    }
  }

  async #ping(signal?: AbortSignal): Promise<Access> {
    const host = apiHost(this.#options.registry);
    const https = new URL(`https://${host}/v2/`);
    try {
      return await this.#pingAt(https, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (!this.#options.insecure) throw inContext(`pinging container registry ${host}`, error);
    }
    try {
      return await this.#pingAt(new URL(`http://${host}/v2/`), signal);
    } catch (error) {
      throw inContext(`pinging container registry ${host}`, error);
    }
  }

  async #pingAt(url: URL, signal?: AbortSignal): Promise<Access> {
    const response = await this.#own.send({ method: "GET", url, headers: { "user-agent": "beluga" }, signal });
    const challenges = parseChallenges(response.headers.get("www-authenticate") ?? "");
    if (response.status === 200 || response.status === 401) {
      await discard(response);
      return { origin: new URL(url.origin), challenges: response.status === 401 ? challenges : [] };
    }
    const redirect = redirectOf(response, url);
    if (redirect?.pathname === "/v2/" && redirect.protocol === "https:" && redirect.hostname === url.hostname) {
      await discard(response);
      return await this.#pingAt(redirect, signal);
    }
    throw await registryError(`invalid status code from registry ${response.status}`, response);
  }

  async #authorize(
    request: RegistryRequest,
    { access, challenges }: { readonly access: Access; readonly challenges: readonly Challenge[] },
  ): Promise<string | undefined> {
    const bearer = challenges.find((challenge) => challenge.scheme === "bearer");
    if (bearer !== undefined) return `Bearer ${await this.#token(request, { access, challenge: bearer })}`;
    if (!challenges.some((challenge) => challenge.scheme === "basic")) return undefined;
    const login = await this.#login(request);
    return login?.kind === "password" ? basicAuthorization(login) : undefined;
  }

  async #token(
    request: RegistryRequest,
    { access, challenge }: { readonly access: Access; readonly challenge: Challenge },
  ): Promise<string> {
    const scope = scopeOf(request);
    const known = this.#tokens.get(scope);
    if (known !== undefined && known.expires > Date.now()) return known.value;
    const login = await this.#login(request);
    const plainAllowed = access.origin.protocol === "http:";
    const realm = URL.parse(challenge.parameters.get("realm") ?? "");
    const http = realm?.hostname === access.origin.hostname ? this.#own : this.#foreign;
    const token = await fetchToken(http, { challenge, scope, login, plainAllowed, signal: request.signal });
    if (this.#tokens.size >= maximumTokens) this.#tokens.clear();
    this.#tokens.set(scope, token);
    return token.value;
  }

  #login(request: RegistryRequest): Promise<Login | null> {
    return this.#options.login(`${this.#options.registry}/${request.repository}`, request.signal);
  }
}

/** The JSON or other text of a successful answer, or the registry's refusal as an error that begins with `what`. */
export async function readAnswer(
  response: Response,
  options: { readonly what: string; readonly limit: number },
): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.ok) throw await registryError(options.what, response);
  return await readLimited(response, options);
}

/** `docker.io` is the one registry whose API is on another host than its name says. */
function apiHost(registry: string): string {
  return registry === "docker.io" ? "registry-1.docker.io" : registry;
}

function scopeOf(request: RegistryRequest): string {
  return `repository:${request.repository}:pull`;
}

function redirectOf(response: Response, base: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(response.status)) return undefined;
  const url = URL.parse(response.headers.get("location") ?? "", base);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return undefined;
  return url;
}

function inContext(what: string, error: unknown): unknown {
  if (!(error instanceof EngineError)) return error;
  return new EngineError(error.kind, `${what}: ${error.message}`, { cause: error.cause ?? error });
}
