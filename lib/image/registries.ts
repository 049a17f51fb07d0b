import { EngineError } from "../errors.ts";
import { formatReference, parseReference, type Reference } from "../oci/mod.ts";

/** What registries.conf says, as this folder needs it (containers-registries.conf(5), version 2). */
export type Registries = {
  /** The file that messages name. */
  readonly path: string;
  /** Registries that are tried for a name without one, in this order. */
  readonly unqualifiedSearch: readonly string[];
  readonly shortNameMode: "enforcing" | "permissive" | "disabled";
  /** Short name → full name, without tags. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly rules: readonly RegistryRule[];
};

/** One `[[registry]]`. */
export type RegistryRule = {
  /** A beginning of a reference that ends between its parts, or `*.example.com`. */
  readonly prefix: string;
  /** Takes the place of `prefix`; empty: no change. */
  readonly location: string;
  readonly insecure: boolean;
  readonly blocked: boolean;
  readonly mirrorByDigestOnly: boolean;
  /** Tried first, in this order. */
  readonly mirrors: readonly RegistryMirror[];
};

export type RegistryMirror = {
  readonly location: string;
  readonly insecure: boolean;
  readonly pullFromMirror: "all" | "digest-only" | "tag-only";
};

/** A place that may have the image. */
export type Endpoint = { readonly reference: Reference; readonly insecure: boolean };

/** An image to look for, and the places to look in. */
export type Candidate = { readonly reference: Reference; readonly endpoints: readonly Endpoint[] };

/** Where to get `reference`: mirrors first, then the registry itself, rewritten. Throws if the registry is blocked. */
export function endpointsFor(reference: Reference, registries: Registries): readonly Endpoint[] {
  const name = formatReference(reference);
  const found = findRule(name, registries.rules);
  if (found === undefined) return [{ reference, insecure: false }];
  const { rule, length } = found;
  if (rule.blocked) {
    throw new EngineError("permission", `registry ${rule.prefix} is blocked in ${registries.path}`);
  }
  const rewrite = (location: string) => location === "" ? reference : parseReference(location + name.slice(length));
  const mirrors = rule.mirrors
    .filter((mirror) => serves(mirror, { rule, byDigest: reference.digest !== undefined }))
    .map((mirror) => ({ reference: rewrite(mirror.location), insecure: mirror.insecure }));
  return [...mirrors, { reference: rewrite(rule.location), insecure: rule.insecure }];
}

/** The rule with the longest prefix of `name`, and how much of `name` that covers. */
function findRule(
  name: string,
  rules: readonly RegistryRule[],
): { readonly rule: RegistryRule; readonly length: number } | undefined {
  let best: { readonly rule: RegistryRule; readonly length: number } | undefined;
  for (const rule of rules) {
    const length = matchedLength(name, rule.prefix);
    if (length === undefined) continue;
    if (best === undefined || rule.prefix.length > best.rule.prefix.length) best = { rule, length };
  }
  return best;
}

function matchedLength(name: string, prefix: string): number | undefined {
  if (prefix.startsWith("*.")) {
    const host = name.slice(0, name.indexOf("/"));
    return host.endsWith(prefix.slice(1)) ? host.length : undefined;
  }
  if (!name.startsWith(prefix)) return undefined;
  const next = name.charAt(prefix.length);
  // A host without its port is another registry.
  const ends = prefix.includes("/") ? ["", "/", ":", "@"] : ["/"];
  return ends.includes(next) ? prefix.length : undefined;
}

function serves(mirror: RegistryMirror, wanted: { readonly rule: RegistryRule; readonly byDigest: boolean }): boolean {
  if (wanted.rule.mirrorByDigestOnly || mirror.pullFromMirror === "digest-only") return wanted.byDigest;
  return mirror.pullFromMirror === "all" || !wanted.byDigest;
}
