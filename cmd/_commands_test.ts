import assert from "node:assert/strict";
import { describeCommands } from "./_commands.ts";
import reference from "../reference/commands.json" with { type: "json" };

const ours = ["__commands", "doctor"];

type Flagged = { readonly name: string; readonly type: string; readonly default: unknown; readonly short?: string };

function essence(flags: readonly Flagged[] | undefined) {
  return flags?.map(({ name, type, short, default: value }) => ({ name, type, short, default: value }))
    .toSorted((left, right) => left.name < right.name ? -1 : 1);
}

Deno.test("every command path of the reference is known, and no other but ours", async () => {
  const described = await describeCommands();
  const paths = described.map(({ path }) => path).filter((path) => !ours.includes(path));
  assert.deepEqual(paths.toSorted(), reference.commands.map(({ path }) => path).toSorted());
});

Deno.test("every flag of the reference is known with its type, short form and default", async () => {
  const described = new Map((await describeCommands()).map((command) => [command.path, command]));
  for (const wanted of reference.commands) {
    const flags = described.get(wanted.path)?.flags as readonly Flagged[] | undefined;
    const expected = "flags" in wanted ? wanted.flags as readonly Flagged[] : undefined;
    assert.deepEqual(essence(flags), essence(expected), wanted.path);
  }
});

Deno.test("aliases, argument counts and where flags end are those of the reference", async () => {
  const described = new Map((await describeCommands()).map((command) => [command.path, command]));
  for (const wanted of reference.commands as readonly Record<string, unknown>[]) {
    const command = described.get(String(wanted.path)) as Record<string, unknown> | undefined;
    for (const key of ["aliasOf", "nameAliases", "args", "minArgs", "maxArgs", "flagsBeforeArgsOnly", "remote"]) {
      assert.deepEqual(command?.[key], wanted[key], `${wanted.path}: ${key}`);
    }
  }
});
