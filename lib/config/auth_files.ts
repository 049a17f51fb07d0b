/** Auth files: who we are to registries (containers-auth.json(5), Docker's config.json). */

import { EngineError, messageOf } from "../errors.ts";
import type { ConfigInput } from "./config.ts";

export type Login =
  | { readonly kind: "password"; readonly username: string; readonly password: string }
  | { readonly kind: "identityToken"; readonly token: string };

export type AuthFile = {
  readonly path: string;
  readonly auths: ReadonlyMap<string, Login>;
  /** Registry → suffix of the program `docker-credential-<suffix>`. */
  readonly credHelpers: ReadonlyMap<string, string>;
  readonly credsStore?: string;
};

/** The one that was named (which must be there), else all usual ones that are. The first that knows a registry decides. */
export function loadAuthFiles(input: ConfigInput, named = ""): readonly AuthFile[] {
  const only = named || input.env.REGISTRY_AUTH_FILE || "";
  if (only !== "") {
    const text = input.files.read(only);
    if (text === null) {
      throw new EngineError("invalidArgument", `checking authfile: stat ${only}: no such file or directory`);
    }
    return [parseAuthFile(text, only)];
  }
  return usualFiles(input).flatMap((path) => {
    const text = input.files.read(path);
    return text === null || text.trim() === "" ? [] : [parseAuthFile(text, path)];
  });
}

function usualFiles({ env, uid, home }: ConfigInput): readonly string[] {
  const runtime = uid === 0 ? "/run/containers/0" : `${env.XDG_RUNTIME_DIR || `/run/user/${uid}`}/containers`;
  return [
    `${runtime}/auth.json`,
    `${env.XDG_CONFIG_HOME || `${home}/.config`}/containers/auth.json`,
    `${env.DOCKER_CONFIG || `${home}/.docker`}/config.json`,
    `${home}/.dockercfg`,
  ];
}

/** Parses one file. No message carries any of its content but names. */
export function parseAuthFile(text: string, path: string): AuthFile {
  const root = readTable(parseText(text, path), path);
  // Docker's oldest form has the registries at the top.
  const auths = path.endsWith(".dockercfg") ? root : readTable(root.auths ?? {}, path);
  return {
    path,
    auths: new Map(
      Object.entries(auths).flatMap(([name, value]) => {
        const login = readLogin(readTable(value, path), { name, path });
        return login === null ? [] : [[name, login] as const];
      }),
    ),
    credHelpers: new Map(
      Object.entries(readTable(root.credHelpers ?? {}, path)).map(([name, value]) => [name, String(value)]),
    ),
    ...(typeof root.credsStore === "string" && root.credsStore !== "" ? { credsStore: root.credsStore } : {}),
  };
}

function parseText(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own message would quote the file, secrets and all.
    const where = / at position \d+| \(line \d+ column \d+\)/.exec(messageOf(error))?.[0] ?? "";
    throw new EngineError("invalidArgument", `unmarshaling JSON at "${path}": invalid JSON${where}`);
  }
}

function readTable(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new EngineError("invalidArgument", `unmarshaling JSON at "${path}": expected an object`);
  }
  return { ...value };
}

type Where = { readonly name: string; readonly path: string };

/** `null` for an entry without secrets, as Docker writes beside a credential store. */
function readLogin(entry: Readonly<Record<string, unknown>>, { name, path }: Where): Login | null {
  if (typeof entry.identitytoken === "string" && entry.identitytoken !== "") {
    return { kind: "identityToken", token: entry.identitytoken };
  }
  if (typeof entry.auth !== "string" || entry.auth === "") return null;
  const decoded = decode(entry.auth);
  const colon = decoded?.indexOf(":") ?? -1;
  if (decoded === null || colon < 0) {
    throw new EngineError(
      "invalidArgument",
      `reading "${path}": the entry of "${name}" is not base64 of "user:password"`,
    );
  }
  return {
    kind: "password",
    username: decoded.slice(0, colon),
    password: decoded.slice(colon + 1).replace(/\0+$/, ""),
  };
}

function decode(text: string): string | null {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
  } catch {
    return null;
  }
}
