/** The new name of `tag`, which libpod cuts into `repo` and `tag`. */

import { EngineError } from "../errors.ts";
import { firstOf } from "./query.ts";
import type { Field } from "./row.ts";

/** One target per request. */
export const targetOfTag: Field<readonly string[]> = {
  needs: "nothing",
  decode: ({ query }) => {
    const repo = firstOf(query, "repo");
    const tag = firstOf(query, "tag");
    if (repo === undefined) throw new EngineError("invalidArgument", `query parameter "repo" is required`);
    return [tag === undefined ? repo : `${repo}:${tag}`];
  },
  encode: ([target = ""], { query }) => {
    const { repo, tag } = splitTag(target);
    query.push(["repo", repo], ["tag", tag]);
  },
};

/** `host:5000/name:tag` → repo `host:5000/name`, tag `tag`; no tag: empty. */
export function splitTag(name: string): { readonly repo: string; readonly tag: string } {
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/")
    ? { repo: name.slice(0, colon), tag: name.slice(colon + 1) }
    : { repo: name, tag: "" };
}
