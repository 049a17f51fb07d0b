/** A registry on the loopback interface: Debian's docker-registry, with http or https, open or with passwords. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path/posix";
import { execute, mustExecute, type Running, start, until } from "./execute.ts";
import { dirFiles, type Image, writeFiles } from "./images.ts";

export type RegistryOptions = {
  /** Users must say who they are: `person` with `password`. */
  readonly password?: boolean;
  readonly tls?: boolean;
};

export type Registry = AsyncDisposable & {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** The certificate that signs its own, for `--cert-dir` and the like. */
  readonly certificate: string;
  /** Puts `image` there under `name`. */
  readonly push: (image: Image, name: string, flags?: readonly string[]) => Promise<string>;
  /** Requests that it has answered, as `METHOD path`. */
  readonly requests: () => readonly string[];
  /** The file of a blob. */
  readonly blob: (digest: string) => string;
};

export const person = "person";
export const password = "secret word";
/** bcrypt of `password`. */
const passwordHash = "$2y$05$abcdefghijklmnopqrstuu";

export async function openRegistry({ password: locked = false, tls = false }: RegistryOptions = {}): Promise<Registry> {
  const folder = Deno.makeTempDirSync({ prefix: "beluga-registry-" });
  const port = freePort();
  const host = `127.0.0.1:${port}`;
  const certificate = join(folder, "certificate.pem");
  if (tls) await makeCertificate(folder, certificate);
  if (locked) writeFileSync(join(folder, "htpasswd"), `${person}:${await bcrypt()}\n`);
  writeFileSync(join(folder, "config.json"), JSON.stringify(configuration(folder, { host, locked, tls })));
  const server: Running = start(["docker-registry", "serve", join(folder, "config.json")], { seconds: 3600 });
  const scheme = tls ? "https" : "http";
  await until(
    "the registry",
    async () => (await execute(["curl", "-sko", "/dev/null", `${scheme}://${host}/v2/`])).code === 0,
  );
  const login = locked ? ["--dest-creds", `${person}:${password}`] : [];
  return {
    host,
    certificate,
    push: async (image, name, flags = []) => {
      const source = writeFiles(Deno.makeTempDirSync({ dir: folder }), dirFiles(image));
      await mustExecute([
        "skopeo",
        "copy",
        "-q",
        "--dest-tls-verify=false",
        ...login,
        ...flags,
        `dir:${source}`,
        `docker://${host}/${name}`,
      ]);
      return `${host}/${name}`;
    },
    requests: () =>
      [...server.seen().matchAll(/"(GET|HEAD) (\/v2\/\S*)/g)].map(([, method, path]) => `${method} ${path}`),
    blob: (digest) => {
      const hex = digest.replace("sha256:", "");
      return join(folder, "data/docker/registry/v2/blobs/sha256", hex.slice(0, 2), hex, "data");
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

type Facts = { readonly host: string; readonly locked: boolean; readonly tls: boolean };

/** The registry reads YAML, of which JSON is a part. */
function configuration(folder: string, { host, locked, tls }: Facts): unknown {
  return {
    version: 0.1,
    log: { accesslog: { disabled: false }, level: "error" },
    storage: { filesystem: { rootdirectory: join(folder, "data") }, delete: { enabled: true } },
    http: {
      addr: host,
      ...(tls ? { tls: { certificate: join(folder, "certificate.pem"), key: join(folder, "key.pem") } } : {}),
    },
    ...(locked ? { auth: { htpasswd: { realm: "tests", path: join(folder, "htpasswd") } } } : {}),
  };
}

/** Perl is part of every Debian, and its crypt(3) knows bcrypt. */
function bcrypt(): Promise<string> {
  return mustExecute(["perl", "-e", "print crypt($ARGV[0], $ARGV[1])", password, passwordHash]);
}

async function makeCertificate(folder: string, certificate: string): Promise<void> {
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"];
  const key = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-keyout",
    join(folder, "key.pem"),
  ];
  await mustExecute(["openssl", "req", "-x509", "-days", "2", ...key, "-out", certificate, ...names]);
}

/** A port that nobody listens on; somebody else may take it, which a test then sees. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}
