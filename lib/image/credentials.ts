import { EngineError } from "../errors.ts";
import { parseJson, readOptionalString, readRecord } from "../oci/json_reader.ts";

/** Who we are to a registry. Never printed, never in argv. */
export type Login =
  | { readonly kind: "password"; readonly username: string; readonly password: string }
  | { readonly kind: "identityToken"; readonly token: string };

/** The login for `registry/repository`, or `null` for nobody. */
export type LoginLookup = (name: string, signal?: AbortSignal) => Promise<Login | null>;

/** One auth file. Keys are registries or `registry/namespace/…`; old files have URLs. */
export type AuthFile = {
  readonly path: string;
  readonly auths: ReadonlyMap<string, Login>;
  /** Registry → suffix of the program `docker-credential-<suffix>`. */
  readonly credHelpers: ReadonlyMap<string, string>;
  /** The helper for all other registries. */
  readonly credsStore?: string;
};

/** Runs `docker-credential-<helper> get` with `input`; the helper's exit code and what it said. */
export type RunHelper = (
  helper: string,
  options: { readonly input: string; readonly signal?: AbortSignal },
) => Promise<{ readonly code: number; readonly stdout: Uint8Array }>;

export type CredentialOptions = {
  /** The first file that knows a name decides. */
  readonly files: readonly AuthFile[];
  /** `credential-helpers` of registries.conf; asked after the files. */
  readonly helpers?: readonly string[];
  readonly runHelper: RunHelper;
};

const legacyDockerHub = "https://index.docker.io/v1/";

/** Looks in files and helper programs, the most special key first, as containers-auth.json(5) says. */
export function credentialLookup(options: CredentialOptions): LoginLookup {
  return async (name, signal) => {
    const keys = keysFor(name);
    const registry = keys.at(-1) ?? name;
    for (const file of options.files) {
      const found = await lookInFile(file, { keys, registry, runHelper: options.runHelper, signal });
      if (found !== null) return found;
    }
    for (const helper of options.helpers ?? []) {
      if (helper === "containers-auth.json") continue;
      const found = await askHelper(helper, { registry, runHelper: options.runHelper, signal });
      if (found !== null) return found;
    }
    return null;
  };
}

type Wanted = {
  readonly keys: readonly string[];
  readonly registry: string;
  readonly runHelper: RunHelper;
  readonly signal?: AbortSignal;
};

async function lookInFile(file: AuthFile, wanted: Wanted): Promise<Login | null> {
  const helper = file.credHelpers.get(wanted.registry);
  if (helper !== undefined) return await askHelper(helper, wanted);
  const known = new Map([...file.auths].map(([key, login]) => [normalizeKey(key), login]));
  const key = wanted.keys.find((one) => known.has(one));
  if (key !== undefined) return known.get(key) ?? null;
  return file.credsStore === undefined ? null : await askHelper(file.credsStore, wanted);
}

/** `quay.io/a/b` → itself, `quay.io/a`, `quay.io`. */
function keysFor(name: string): readonly string[] {
  const parts = name.split("/");
  return parts.map((_, index) => parts.slice(0, parts.length - index).join("/"));
}

/** `https://index.docker.io/v1/` → `docker.io`; a URL of another registry → its host. */
function normalizeKey(key: string): string {
  const bare = key.replace(/^https?:\/\//, "");
  const name = bare === key ? key : bare.replace(/\/.*$/, "");
  const host = name.replace(/\/.*$/, "");
  const isHub = host === "index.docker.io" || host === "registry-1.docker.io";
  return (isHub ? "docker.io" + name.slice(host.length) : name).replace(/\/v[12]\/?$/, "").replace(/\/$/, "");
}

async function askHelper(helper: string, wanted: Omit<Wanted, "keys">): Promise<Login | null> {
  if (!/^[A-Za-z0-9._-]+$/.test(helper)) {
    throw new EngineError("invalidArgument", `credential helper ${JSON.stringify(helper)}: invalid name`);
  }
  const servers = wanted.registry === "docker.io" ? [wanted.registry, legacyDockerHub] : [wanted.registry];
  for (const server of servers) {
    const { code, stdout } = await wanted.runHelper(helper, { input: server, signal: wanted.signal });
    if (code === 0) return parseAnswer(stdout, helper);
    const said = new TextDecoder().decode(stdout).trim();
    // The protocol's only way to say so: https://github.com/docker/docker-credential-helpers
    if (said === "credentials not found in native keychain") continue;
    throw new EngineError(
      "unauthorized",
      `credential helper "docker-credential-${helper}" failed with exit code ${code}`,
    );
  }
  return null;
}

function parseAnswer(stdout: Uint8Array, helper: string): Login | null {
  const what = `answer of "docker-credential-${helper}"`;
  const record = readRecord(parseJson(stdout, what, { limit: 1024 * 1024 }), what);
  const username = readOptionalString(record.Username, `${what}: Username`) ?? "";
  const secret = readOptionalString(record.Secret, `${what}: Secret`) ?? "";
  if (username === "<token>") return { kind: "identityToken", token: secret };
  return username === "" ? null : { kind: "password", username, password: secret };
}
