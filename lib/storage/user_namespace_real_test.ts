import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { archive, type Item, TempRoot } from "./support_test.ts";
import { isInitialMap } from "./user_namespace.ts";

Deno.test("isInitialMap() knows the initial user namespace", () => {
  assert.equal(isInitialMap("         0          0 4294967295\n"), true);
  assert.equal(isInitialMap("         0       1000          1\n         1     100000      65536\n"), false);
});

const program = (root: string, options: string) => `
  import { openStorage } from ${JSON.stringify(new URL("./mod.ts", import.meta.url).href)};
  import { lstatSync, readdirSync } from "node:fs";
  const root = ${JSON.stringify(root)};
  const storage = openStorage({ root: root + "/store", runRoot: root, driver: "", ...${options} });
  const id = "cd".repeat(32);
  try {
    const diffIds = [];
    for (const name of ["lower", "upper"]) {
      diffIds.push((await storage.ingestLayer({ source: { path: root + "/" + name }, expect: {} })).diffId);
    }
    storage.createContainerRoot({ id, diffIds });
    const merged = await storage.mountContainerRoot({ id, diffIds });
    const names = readdirSync(merged).concat(readdirSync(merged + "/d")).sort();
    console.log(JSON.stringify({ names, uid: lstatSync(merged + "/f").uid }));
  } catch (error) {
    console.log(JSON.stringify({ kind: error.kind, message: error.message }));
  }
`;

const lower: readonly Item[] = [
  { path: "gone", type: "file" },
  { path: "d/old", type: "file" },
  { path: "dev", type: "character", major: 1, minor: 3 },
];
const upper: readonly Item[] = [
  { path: ".wh.gone", type: "file" },
  { path: "d/.wh..wh..opq", type: "file" },
  { path: "d/new", type: "file", xattrs: new Map([["trusted.x", Uint8Array.of(1)]]) },
];

/** Runs the storage in a user namespace that has one id, as that of a user without subordinate ids. */
function inNamespace(owner: number, options: string): Record<string, unknown> {
  using root = new TempRoot();
  writeFileSync(`${root.path}/lower`, archive(...lower));
  writeFileSync(`${root.path}/upper`, archive(...upper, { path: "f", type: "file", uid: owner }));
  const args = ["--user", "--map-root-user", "--mount", "--", Deno.execPath(), "eval", "--ext=ts"];
  const config = ["--config", new URL("../../deno.json", import.meta.url).pathname];
  const command = new Deno.Command("unshare", { args: [...args, ...config, program(root.path, options)] });
  const { stdout, stderr } = command.outputSync();
  const text = new TextDecoder().decode(stdout);
  assert.notEqual(text, "", new TextDecoder().decode(stderr));
  return JSON.parse(text);
}

Deno.test("a user's own namespace mounts images, without their devices", () => {
  assert.deepEqual(inNamespace(0, "{}"), { names: ["d", "f", "new"], uid: 0 });
});

Deno.test("an owner that the namespace lacks is an error in Podman's words", () => {
  const { kind, message } = inNamespace(1234, "{}");
  assert.equal(kind, "permission");
  assert.match(String(message), /potentially insufficient UIDs or GIDs available in user namespace \(requested 1234:0/);
});

Deno.test("an owner that the namespace lacks is ignored on request", () => {
  assert.deepEqual(inNamespace(1234, "{ ignoreChownErrors: true }"), { names: ["d", "f", "new"], uid: 0 });
});
