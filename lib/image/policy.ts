import { EngineError } from "../errors.ts";
import { formatReference, type Reference, repositoryName } from "../oci/mod.ts";

/** A condition of policy.json (containers-policy.json(5)); only its type decides here. */
export type PolicyRequirement = { readonly type: string };

/** All requirements of the most special scope have to hold. */
export type Policy = {
  readonly default: readonly PolicyRequirement[];
  /** Transport (`docker`, `oci`, …) → scope → requirements; the scope "" is the transport's own default. */
  readonly transports: ReadonlyMap<string, ReadonlyMap<string, readonly PolicyRequirement[]>>;
};

/** What a policy is asked about: `docker` with a reference, or another transport with a path. */
export type PolicySubject =
  | { readonly transport: "docker"; readonly reference: Reference }
  | { readonly transport: string; readonly path: string };

/**
 * Throws unless the policy lets the image in. Signatures cannot be verified yet: a policy that asks for them refuses
 * with a clear text, and is never taken for one that does not ask.
 */
export function checkPolicy(policy: Policy, subject: PolicySubject): void {
  const name = describeSubject(subject);
  const requirements = requirementsFor(policy, subject);
  if (requirements.length === 0) {
    throw new EngineError(
      "permission",
      `Source image rejected: List of verification policy requirements must not be empty`,
    );
  }
  for (const { type } of requirements) checkRequirement(type, name);
}

function checkRequirement(type: string, name: string): void {
  switch (type) {
    case "insecureAcceptAnything":
      return;
    case "reject":
      throw new EngineError("permission", `Source image rejected: Running image ${name} is rejected by policy.`);
    case "signedBy":
    case "signedBaseLayer":
    case "sigstoreSigned":
      throw new EngineError(
        "unsupported",
        `Source image rejected: policy.json requires "${type}" for ${name}, and signatures are not supported yet`,
      );
    default:
      throw new EngineError(
        "invalidArgument",
        `invalid policy: unknown policy requirement type ${JSON.stringify(type)}`,
      );
  }
}

function requirementsFor(policy: Policy, subject: PolicySubject): readonly PolicyRequirement[] {
  const scopes = policy.transports.get(subject.transport);
  if (scopes === undefined) return policy.default;
  for (const scope of scopesOf(subject)) {
    const found = scopes.get(scope);
    if (found !== undefined) return found;
  }
  return scopes.get("") ?? policy.default;
}

/** From the most special to the most general. */
function scopesOf(subject: PolicySubject): readonly string[] {
  if (!("reference" in subject)) return parents(subject.path, (scope) => scope !== "");
  const { reference } = subject;
  const labels = reference.registry.split(".");
  const wildcards = labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join(".")}`);
  return [formatReference(reference), ...parents(repositoryName(reference), () => true), ...wildcards];
}

function parents(path: string, keep: (scope: string) => boolean): readonly string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, parts.length - index).join("/")).filter(keep);
}

function describeSubject(subject: PolicySubject): string {
  return "reference" in subject
    ? `docker://${formatReference(subject.reference)}`
    : `${subject.transport}:${subject.path}`;
}
