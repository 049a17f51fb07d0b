import assert from "node:assert/strict";
import type { ImageSummary, PullEvent } from "../../lib/engine/mod.ts";
import { assertGolden } from "../_golden.ts";
import { runCommandLine } from "../_run_command.ts";

const summary: ImageSummary = {
  Id: "d12c454f9b64e18c5aa7e09d89af05a462eaf4f5dc408bea549c0e9b16bef9d9",
  ParentId: "",
  RepoTags: ["localhost/bb:latest", "quay.io:443/foo/bar:v1"],
  RepoDigests: ["localhost/bb@sha256:2513"],
  Created: Date.parse("2026-01-02T03:04:03Z") / 1000,
  Size: 1997912,
  SharedSize: 0,
  VirtualSize: 1997912,
  Labels: {},
  Containers: 2,
  Names: ["localhost/bb:latest", "quay.io:443/foo/bar:v1"],
  Digest: "sha256:251305978927d523addcaff9c9014e48b7d914ae04b12df69b8f7c3276ae0390",
  History: ["localhost/bb:latest"],
};

const nameless: ImageSummary = {
  ...summary,
  Id: "a".repeat(64),
  Names: [],
  RepoTags: [],
  Created: Date.parse("2025-12-01T00:00:00Z") / 1000,
  Size: 12,
};
const images = { list: () => Promise.resolve([nameless, summary]) };

const golden: readonly (readonly [string, readonly string[]])[] = [
  ["images.txt", ["images"]],
  ["images_wide.txt", ["image", "ls", "--digests", "--no-trunc", "--history"]],
  ["images.json.txt", ["images", "--format", "json"]],
  ["images_table.txt", ["images", "--format", "table {{.ID}} {{.CreatedSince}} {{.ReadOnly}}"]],
];

for (const [name, argv] of golden) {
  Deno.test(`${argv.join(" ")} prints as tests/golden/${name} has it`, async () => {
    await assertGolden(name, (await runCommandLine(argv, { images })).stdout);
  });
}

Deno.test("images -q prints each id once", async () => {
  assert.equal((await runCommandLine(["images", "-q"], { images })).stdout, `d12c454f9b64\n${"a".repeat(12)}\n`);
});

Deno.test("images NAME asks for that reference", async () => {
  const { calls } = await runCommandLine(["images", "alpine"], { images });
  assert.deepEqual(calls[0]?.[1], {
    all: false,
    filters: Object.assign(Object.create(null), { reference: ["alpine"] }),
  });
});

async function* pulled(): AsyncGenerator<PullEvent> {
  yield { stream: "Trying to pull x...\n" };
  const blob = { digest: "sha256:aabbccddeeff0011", what: "blob", total: 4_000_000 } as const;
  yield { stream: "Copying blob sha256:aabbccddeeff0011\n", progress: { ...blob, current: 0, state: "running" } };
  yield { progress: { ...blob, current: 2_000_000, state: "running" } };
  yield { progress: { ...blob, current: 4_000_000, state: "done" } };
  yield await Promise.resolve({ stream: "Writing manifest to image destination\n", id: "f00", images: ["f00"] });
}

Deno.test("pull prints the id on stdout and plain lines on stderr", async () => {
  const { stdout, stderr } = await runCommandLine(["pull", "x"], { images: { pull: pulled } });
  assert.equal(stdout, "f00\n");
  assert.equal(
    stderr,
    "Trying to pull x...\nCopying blob sha256:aabbccddeeff0011\nWriting manifest to image destination\n",
  );
});

Deno.test("pull draws bars on a terminal and nothing with --quiet", async () => {
  const run = { images: { pull: pulled }, io: { terminal: true } };
  const { stderr } = await runCommandLine(["pull", "x"], run);
  assert.match(stderr, /Copying blob aabbccddeeff \[={20}> {19}\] 2MB \/ 4MB\n/);
  assert.ok(stderr.includes("\x1b[1A\x1b[JCopying blob aabbccddeeff done\n"));
  assert.equal((await runCommandLine(["pull", "-q", "x"], run)).stderr, "");
});

Deno.test("pull hands credentials, platform and transport settings to the engine", async () => {
  const line = ["pull", "--creds", "me:se:cret", "--platform", "linux/arm64/v8", "--tls-verify=false", "x"];
  const { calls } = await runCommandLine(line, { images: { pull: pulled } });
  assert.deepEqual(calls[0]?.[1], {
    reference: "x",
    policy: "always",
    allTags: false,
    quiet: false,
    os: "linux",
    arch: "arm64",
    variant: "v8",
    tlsVerify: false,
    credentials: { username: "me", password: "se:cret" },
  });
});

Deno.test("rmi prints what went and fails with the engine's code", async () => {
  const remove = () =>
    Promise.resolve({ Untagged: ["a:1"], Deleted: ["d12c"], Errors: ["b: image not known"], ExitCode: 1 });
  const outcome = await runCommandLine(["rmi", "a", "b"], { images: { remove } });
  assert.deepEqual([outcome.code, outcome.stdout], [1, "Untagged: a:1\nDeleted: d12c\n"]);
  assert.equal(outcome.stderr, "Error: b: image not known\n");
});

Deno.test("load reads a file or standard input, but no terminal", async () => {
  const load = async ({ archive }: { readonly archive: ReadableStream<Uint8Array> }) => ({
    Names: [await new Response(archive).text()],
  });
  const file = await runCommandLine(["load", "-i", "/a.tar"], { images: { load }, io: { files: { "/a.tar": "A" } } });
  assert.equal(file.stdout, "Loaded image: A\n");
  const piped = await runCommandLine(["load"], { images: { load }, io: { stdin: ["B"] } });
  assert.equal(piped.stdout, "Loaded image: B\n");
  const terminal = await runCommandLine(["load"], { io: { terminal: true } });
  assert.match(terminal.stderr, /cannot read from terminal/);
  const gone = await runCommandLine(["load", "-i", "/gone"]);
  assert.equal(gone.stderr, "Error: faccessat /gone: no such file or directory\n");
});

Deno.test("save writes to a file or to standard output, but to no terminal", async () => {
  const save = () => Promise.resolve(new Blob(["tar"]).stream());
  const file = await runCommandLine(["save", "-o", "/a.tar", "x"], { images: { save } });
  assert.equal(file.io.files.get("/a.tar"), "tar");
  assert.equal((await runCommandLine(["save", "x"], { images: { save } })).stdout, "tar");
  const terminal = await runCommandLine(["save", "x"], { images: { save }, io: { terminal: true } });
  assert.equal(terminal.stderr, "Error: refusing to save to terminal. Use -o flag or redirect\n");
});
