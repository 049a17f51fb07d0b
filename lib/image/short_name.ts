import { EngineError } from "../errors.ts";
import {
  completeReference,
  parseRawReference,
  parseReference,
  type Reference,
  withDefaultTag,
  withSuffixes,
} from "../oci/mod.ts";
import type { Registries } from "./registries.ts";

/** The full names that a short one may stand for, in the order to try them. */
export type ShortNameResolution = {
  readonly candidates: readonly Reference[];
  /** Podman's line about how the name was resolved; absent for a full name. */
  readonly explanation?: string;
};

type Parts = Pick<Registries, "path" | "unqualifiedSearch" | "shortNameMode" | "aliases">;

/**
 * Resolves what the user wrote (`alpine`, `quay.io/a/b:1`) as registries.conf says: a name with a registry is itself,
 * an alias wins over the search list. Throws Podman's errors where nothing can be tried.
 */
export function resolveShortName(text: string, registries: Parts): ShortNameResolution {
  const raw = parseRawReference(text);
  if (raw.registry !== undefined) return { candidates: [withDefaultTag(parseReference(text))] };
  const alias = registries.aliases.get(raw.path);
  if (alias !== undefined) {
    const reference = withSuffixes(parseReference(alias), raw);
    const explanation = `Resolved ${quote(raw.path)} as an alias (${registries.path})`;
    return { candidates: [withDefaultTag(reference)], explanation };
  }
  const { unqualifiedSearch, path } = registries;
  if (unqualifiedSearch.length === 0) {
    throw new EngineError(
      "invalidArgument",
      `short-name ${quote(text)} did not resolve to an alias and no unqualified-search registries are defined in ${
        quote(path)
      }`,
    );
  }
  if (registries.shortNameMode === "enforcing" && unqualifiedSearch.length > 1) {
    throw new EngineError("invalidArgument", "short-name resolution enforced but cannot prompt without a TTY");
  }
  return {
    candidates: unqualifiedSearch.map((registry) => withDefaultTag(completeReference(raw, registry))),
    explanation: `Resolving ${quote(raw.path)} using unqualified-search registries (${path})`,
  };
}

/** The name under which an image is kept that got its name here: `app` → `localhost/app:latest`. */
export function localReference(text: string): Reference {
  const raw = parseRawReference(text);
  return withDefaultTag(raw.registry === undefined ? completeReference(raw, "localhost") : parseReference(text));
}

function quote(text: string): string {
  return JSON.stringify(text);
}
