import { EngineError } from "../../errors.ts";
import { reasonOf } from "../file_reason.ts";

/** Which servers to believe, and who we are to them. Certificates and keys are PEM texts. */
export type TlsTrust = {
  /** Beside the system's. */
  readonly caCerts: readonly string[];
  readonly client?: { readonly cert: string; readonly key: string };
};

/** Where the certificates of registries are, for those that come without a directory of their own. */
export const defaultCertRoots: readonly string[] = ["/etc/containers/certs.d", "/etc/docker/certs.d"];

const systemBundles: readonly string[] = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/**
 * The certificates for `registry` (host with port): of `certDir`, or of the first directory `<root>/<registry>` that
 * exists. `*.crt` are authorities, `*.cert` with `*.key` is ourselves
 * (https://github.com/containers/image/blob/main/docs/containers-certs.d.5.md).
 */
export function readTrust(
  registry: string,
  options: { readonly certDir?: string; readonly certRoots?: readonly string[] } = {},
): TlsTrust {
  const directories = options.certDir
    ? [options.certDir]
    : (options.certRoots ?? defaultCertRoots).map((root) => `${root}/${registry}`);
  for (const directory of directories) {
    const names = listDirectory(directory);
    if (names !== undefined) return readCertificates(directory, names);
  }
  return { caCerts: [] };
}

/** The system's authorities as one PEM text; empty where the system has none. `SSL_CERT_FILE` goes first. */
export function systemAuthorities(): string {
  const named = Deno.env.get("SSL_CERT_FILE");
  for (const path of named ? [named, ...systemBundles] : systemBundles) {
    try {
      return Deno.readTextFileSync(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw unreadable(path, error);
    }
  }
  return "";
}

/** The certificates in a PEM text, as DER. */
export function decodePem(pem: string): readonly Uint8Array[] {
  const blocks = pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g);
  return [...blocks].map(([, body]) => Uint8Array.fromBase64((body ?? "").replace(/\s+/g, "")));
}

function listDirectory(path: string): readonly string[] | undefined {
  try {
    return [...Deno.readDirSync(path)].map((entry) => entry.name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw unreadable(path, error);
  }
}

function readCertificates(directory: string, names: readonly string[]): TlsTrust {
  const read = (name: string) => readPem(`${directory}/${name}`);
  const caCerts = names.filter((name) => name.endsWith(".crt")).map(read);
  const cert = names.find((name) => name.endsWith(".cert"));
  const strayKey = names.find((name) => name.endsWith(".key") && !names.includes(name.replace(/key$/, "cert")));
  if (strayKey !== undefined) {
    const wanted = strayKey.replace(/key$/, "cert");
    throw new EngineError("invalidArgument", `missing client certificate ${wanted} for key ${strayKey}`);
  }
  if (cert === undefined) return { caCerts };
  const key = cert.replace(/cert$/, "key");
  if (!names.includes(key)) {
    throw new EngineError("invalidArgument", `missing key ${key} for client certificate ${cert}`);
  }
  return { caCerts, client: { cert: read(cert), key: read(key) } };
}

function readPem(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: unknown): EngineError {
  const kind = cause instanceof Deno.errors.PermissionDenied ? "permission" : "invalidArgument";
  return new EngineError(kind, `reading certificates of ${JSON.stringify(path)}: ${reasonOf(cause)}`, { cause });
}
