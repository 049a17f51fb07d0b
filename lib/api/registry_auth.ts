/** The `X-Registry-Auth` header: base64 (standard or URL alphabet) of a JSON object with user name and password. */

import { Buffer } from "node:buffer";
import type { Credentials } from "../engine/mod.ts";
import { EngineError } from "../errors.ts";
import { optional, record, type Shape, text } from "./shape.ts";

type AuthConfig = {
  readonly username?: string;
  readonly password?: string;
  readonly auth?: string;
  readonly identitytoken?: string;
};

const authConfig: Shape<AuthConfig> = record<AuthConfig>({
  username: optional(text),
  password: optional(text),
  auth: optional(text),
  identitytoken: optional(text),
});

/** Credentials of a header's value; undefined if it names none. Errors never quote the value. */
export function decodeCredentials(header: string | undefined): Credentials | undefined {
  if (header === undefined || header === "") return undefined;
  const config = authConfig(parse(header), "X-Registry-Auth");
  if (config.username !== undefined && config.username !== "") {
    return { username: config.username, password: config.password ?? "" };
  }
  return config.auth === undefined ? undefined : fromPair(config.auth);
}

function parse(header: string): unknown {
  try {
    return JSON.parse(Buffer.from(header, "base64").toString("utf8"));
  } catch {
    throw new EngineError("invalidArgument", "decoding header X-Registry-Auth: not base64 of JSON");
  }
}

function fromPair(auth: string): Credentials | undefined {
  const pair = Buffer.from(auth, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  return colon < 1 ? undefined : { username: pair.slice(0, colon), password: pair.slice(colon + 1) };
}

export function encodeCredentials({ username, password }: Credentials): string {
  return Buffer.from(JSON.stringify({ username, password })).toString("base64url");
}
