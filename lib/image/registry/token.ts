import { EngineError } from "../../errors.ts";
import { parseJson, readOptionalInteger, readOptionalString, readRecord } from "../../oci/json_reader.ts";
import type { Login } from "../credentials.ts";
import type { HttpClient } from "../http/http_client.ts";
import type { HttpRequest } from "../http/http_request.ts";
import type { Challenge } from "./challenge.ts";
import { registryError } from "./registry_error.ts";
import { readLimited } from "./body.ts";

/** A bearer token and when it stops to count (milliseconds since 1970). */
export type Token = { readonly value: string; readonly expires: number };

export type TokenRequest = {
  readonly challenge: Challenge;
  /** `repository:library/alpine:pull`. */
  readonly scope: string;
  readonly login: Login | null;
  /** The registry itself is not protected either, so a realm that is not may have the password. */
  readonly plainAllowed: boolean;
  readonly signal?: AbortSignal;
};

const clientId = "beluga";
const shortestLife = 60;
const maximumAnswer = 1024 * 1024;

/**
 * Gets a token from the realm of a bearer challenge (https://distribution.github.io/distribution/spec/auth/token/), with
 * an identity token by OAuth 2 (…/spec/auth/oauth/). Throws `unauthorized` if the realm refuses.
 */
export async function fetchToken(http: HttpClient, request: TokenRequest): Promise<Token> {
  const what = "unable to retrieve auth token";
  const asked = Date.now();
  const response = await http.send({ ...encodeTokenRequest(request), signal: request.signal });
  if (response.status === 401 || response.status === 403) {
    const error = await registryError(`${what}: invalid username/password`, response);
    throw new EngineError("unauthorized", error.message, { cause: error.cause });
  }
  if (!response.ok) throw await registryError(what, response);
  return parseToken(await readLimited(response, { limit: maximumAnswer, what: "auth token" }), asked);
}

/** The exchange with the realm (pure, but for what the URL parser refuses). */
export function encodeTokenRequest(request: TokenRequest): HttpRequest {
  const { challenge, scope, login } = request;
  const url = realmOf(challenge);
  if (login !== null && url.protocol !== "https:" && !request.plainAllowed) {
    throw new EngineError("unauthorized", `sending credentials to ${url.origin}: refused over plain HTTP`);
  }
  const service = challenge.parameters.get("service");
  const scopes = [...new Set([scope, challenge.parameters.get("scope") ?? ""])].filter((one) => one !== "");
  if (login?.kind === "identityToken") return encodeRefresh(url, { service, scopes, refreshToken: login.token });
  if (login !== null) url.searchParams.set("account", login.username);
  for (const one of scopes) url.searchParams.append("scope", one);
  if (service !== undefined) url.searchParams.set("service", service);
  return { method: "GET", url, headers: login === null ? {} : { authorization: basicAuthorization(login) } };
}

/** The value of an `Authorization` header. */
export function basicAuthorization(login: { readonly username: string; readonly password: string }): string {
  const bytes = new TextEncoder().encode(`${login.username}:${login.password}`);
  return `Basic ${bytes.toBase64()}`;
}

function encodeRefresh(
  url: URL,
  form: { readonly service?: string; readonly scopes: readonly string[]; readonly refreshToken: string },
): HttpRequest {
  const fields = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: form.refreshToken,
    client_id: clientId,
    scope: form.scopes.join(" "),
    ...(form.service === undefined ? {} : { service: form.service }),
  });
  return {
    method: "POST",
    url,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: fields.toString(),
  };
}

function realmOf(challenge: Challenge): URL {
  const realm = challenge.parameters.get("realm") ?? "";
  const url = URL.parse(realm);
  if (url !== null && (url.protocol === "https:" || url.protocol === "http:")) return url;
  throw new EngineError("registry", `invalid realm ${JSON.stringify(realm)} in authentication challenge`);
}

function parseToken(bytes: Uint8Array, asked: number): Token {
  const what = "auth token";
  const record = readRecord(parseJson(bytes, what), what);
  const value = readOptionalString(record.token, what) || readOptionalString(record.access_token, what);
  if (!value) throw new EngineError("registry", "unable to retrieve auth token: the answer has none");
  const life = Math.max(shortestLife, readOptionalInteger(record.expires_in, `${what}.expires_in`) ?? 0);
  // Given up a little early, so that it does not run out on the way.
  return { value, expires: asked + (life - 10) * 1000 };
}
