/** policy.json: which images may come in (containers-policy.json(5)). */

import { EngineError, messageOf } from "../errors.ts";
import type { ConfigInput } from "./config.ts";

/** A condition; only its type is told apart here. */
export type PolicyRequirement = { readonly type: string };

export type Policy = {
  readonly default: readonly PolicyRequirement[];
  /** Transport → scope → requirements; the scope "" is the transport's own default. */
  readonly transports: ReadonlyMap<string, ReadonlyMap<string, readonly PolicyRequirement[]>>;
};

/** What holds without a file, as in Docker: images are taken as they are. */
const acceptAnything: Policy = { default: [{ type: "insecureAcceptAnything" }], transports: new Map() };

/** Reads the user's file, else the system's. Throws `invalidArgument` that names a malformed file. */
export function loadPolicy({ home, files }: ConfigInput): Policy {
  for (const file of [`${home}/.config/containers/policy.json`, "/etc/containers/policy.json"]) {
    const text = files.read(file);
    if (text !== null) return parsePolicy(text, file);
  }
  return acceptAnything;
}

/** A field that is not known could be a condition that we would not enforce: it is refused. */
export function parsePolicy(text: string, file: string): Policy {
  const wrong = (reason: string) => new EngineError("invalidArgument", `invalid policy in "${file}": ${reason}`);
  const root = readTable(parseText(text, wrong), "policy", wrong);
  const unknown = Object.keys(root).find((key) => key !== "default" && key !== "transports");
  if (unknown !== undefined) throw wrong(`Unknown key "${unknown}"`);
  if (root.default === undefined) throw wrong("Default policy is missing");
  const transports = Object.entries(readTable(root.transports ?? {}, "transports", wrong)).map(
    ([transport, scopes]) => {
      const entries = Object.entries(readTable(scopes, `transports.${transport}`, wrong));
      const read = entries.map(([scope, value]) =>
        [scope, readRequirements(value, `${transport}.${scope}`, wrong)] as const
      );
      return [transport, new Map(read)] as const;
    },
  );
  return { default: readRequirements(root.default, "default", wrong), transports: new Map(transports) };
}

type Wrong = (reason: string) => EngineError;

function parseText(text: string, wrong: Wrong): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrong(messageOf(error));
  }
}

function readTable(value: unknown, what: string, wrong: Wrong): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(`"${what}" must be an object`);
  return { ...value };
}

function readRequirements(value: unknown, what: string, wrong: Wrong): readonly PolicyRequirement[] {
  if (!Array.isArray(value)) throw wrong(`"${what}" must be an array`);
  if (value.length === 0) throw wrong(`"${what}": List of verification policy requirements must not be empty`);
  return value.map((item) => {
    const { type } = readTable(item, what, wrong);
    if (typeof type !== "string") throw wrong(`"${what}": a requirement has no type`);
    return { type };
  });
}
