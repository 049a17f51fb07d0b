import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { describeCommands } from "../cmd/_commands.ts";
import { allKeys } from "../lib/config/keys.ts";

const root = join(import.meta.dirname ?? ".", "..");

function page(name: string): string {
  return readFileSync(join(root, name), "utf8");
}

/** Words in back quotes. */
function quoted(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word);
}

/** What stands after `start`, up to `end`. */
function between(text: string, { start, end }: { readonly start: string; readonly end: string }): string {
  const from = text.indexOf(start) + start.length;
  return text.slice(from, text.indexOf(end, from));
}

Deno.test("docs/differences.md lists the commands that are not supported", async () => {
  const table = between(page("docs/differences.md"), { start: "| group | commands |\n| --- | --- |\n", end: "\n\n" });
  const listed = table.split("\n").flatMap((row) => {
    const [, group = "", commands = ""] = row.split("|");
    return quoted(commands).map((name) => [...quoted(group), name].join(" "));
  });
  const unsupported = (await describeCommands())
    .filter(({ supported, aliasOf, hidden, group, path }) =>
      supported === false && !aliasOf && !hidden && !path.startsWith("buildx") && !path.startsWith("context") &&
      (!group || path.includes(" "))
    )
    .map(({ path }) => path.split(" ").slice(0, 2).join(" "));
  assert.deepEqual(listed.toSorted(), [...new Set(unsupported)].toSorted());
});

Deno.test("docs/differences.md lists the flags of run and create that are not supported", async () => {
  const listed = quoted(
    between(page("docs/differences.md"), { start: "Flags of `run` and `create`:\n", end: "\n\nValues" }),
  );
  const flags = (await describeCommands())
    .filter(({ path }) => path === "container run" || path === "container create")
    .flatMap(({ flags = [] }) => flags.filter(({ supported }) => supported === false).map(({ name }) => name));
  assert.deepEqual([...listed].toSorted(), [...new Set(flags)].toSorted());
});

Deno.test("docs/configuration.md lists the keys of containers.conf that are acted upon", () => {
  const text = between(page("docs/configuration.md"), { start: "## Keys that are acted upon\n", end: "storage.conf:" });
  for (
    const [table, start] of [["containers", "`[containers]`:"], ["engine", "`[engine]`:"], ["network", "`[network]`:"]]
  ) {
    const names = between(`${text}\n`, { start: `${start}\n\n`, end: "\n\n" }).replaceAll(/\([^)]*\)|>/g, " ").split(
      /[\s,]+/,
    ).filter(
      Boolean,
    );
    const used = Object.entries(allKeys[table ?? ""] ?? {}).filter(([, { unused }]) => !unused).map(([name]) => name);
    assert.deepEqual(names.toSorted(), used.toSorted());
  }
});

Deno.test("links between pages lead to files", () => {
  const pages = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`);
  for (const name of ["README.md", "reference/README.md", ...pages]) {
    for (const [, target = ""] of page(name).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      assert.ok(readFileOrFolder(join(root, dirname(name), target)), `${name} → ${target}`);
    }
  }
});

function readFileOrFolder(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

Deno.test("docs/decisions/README.md names every decision", () => {
  const list = page("docs/decisions/README.md");
  const files = readdirSync(join(root, "docs/decisions")).filter((name) => name !== "README.md");
  assert.deepEqual(files.filter((name) => !list.includes(`(${name})`)), []);
});
