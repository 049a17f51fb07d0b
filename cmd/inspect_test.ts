import assert from "node:assert/strict";
import { EngineError, type ErrorKindName } from "../lib/errors.ts";
import { runCommandLine } from "./_run_command.ts";

const container = {
  Id: "b1783e0bcdf9",
  Created: "2026-11-22T21:14:22.460741303Z",
  Name: "c1",
  State: { Status: "running", StartedAt: "2026-11-22T21:14:23Z" },
  Config: { Labels: { a: "b" }, Env: ["A=<1>"] },
  NetworkSettings: { Networks: { podman: { IPAddress: "10.88.0.2" } } },
  Mounts: [{ Source: "/a", Destination: "/b" }],
};

function found(name: string, report: unknown, missing: ErrorKindName) {
  return (input: { readonly name: string }) =>
    input.name === name
      ? Promise.resolve(report as never)
      : Promise.reject(new EngineError(missing, `${input.name}: not there`));
}

const engine = {
  containers: { inspect: found("c1", container, "noSuchContainer") },
  images: { inspect: found("bb", { Id: "d12c", Digest: "sha256:25" }, "noSuchImage") },
  volumes: { inspect: found("v1", { Name: "v1" }, "noSuchVolume") },
  networks: { inspect: found("n1", { name: "n1", dns_enabled: true }, "noSuchNetwork") },
};

async function inspect(...argv: readonly string[]) {
  const { code, stdout, stderr } = await runCommandLine(argv, engine);
  return { code, stdout, stderr };
}

Deno.test("inspect finds containers, images, volumes and networks by name", async () => {
  const { code, stdout } = await inspect("inspect", "c1", "bb", "v1", "n1");
  assert.equal(code, 0);
  const names = JSON.parse(stdout).map((report: Record<string, string>) => report.Name ?? report.Id ?? report.name);
  assert.deepEqual(names, ["c1", "d12c", "v1", "n1"]);
});

Deno.test("inspect prints what it found and then fails for the rest, with Podman's indent", async () => {
  assert.deepEqual(await inspect("inspect", "nosuch"), {
    code: 125,
    stdout: "[]\n",
    stderr: 'Error: no such object: "nosuch"\n',
  });
  const half = await inspect("volume", "inspect", "v1", "nosuch");
  assert.deepEqual([half.code, half.stdout], [125, '[\n     {\n          "Name": "v1"\n     }\n]\n']);
  assert.equal(half.stderr, "Error: no such volume nosuch\n");
  assert.equal((await inspect("container", "inspect", "x")).stderr, 'Error: no such container "x"\n');
});

const templates: readonly (readonly [string, string])[] = [
  ["{{.Id}} {{.ID}} {{.Name}}", "b1783e0bcdf9 b1783e0bcdf9 c1"],
  ['{{.Config.Labels}} {{index .Config.Labels "a"}} {{.Config.Labels.q}}', "map[a:b] b <no value>"],
  ["{{.Created}} {{.State.StartedAt.Unix}}", "2026-11-22 21:14:22.460741303 +0000 UTC 1795382063"],
  ["{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", "10.88.0.2"],
  ["{{if .State.Health}}x{{else}}none{{end}}", "none"],
  ["{{json .Config.Env}}", '["A=<1>"]'],
  ["{{range .Mounts}}{{.Src}}:{{.Dst}}{{end}}", "/a:/b"],
];

for (const [format, expected] of templates) {
  Deno.test(`inspect --format '${format}'`, async () => {
    assert.equal((await inspect("inspect", "--format", format, "c1")).stdout, `${expected}\n`);
  });
}

Deno.test("inspect --format '{{.}}' and json show no field that the report does not have", async () => {
  const { stdout } = await inspect("inspect", "--format", "{{json .State}}", "c1");
  assert.equal(stdout, '{"Status":"running","StartedAt":"2026-11-22T21:14:23Z"}\n');
});

Deno.test("inspect --type looks at one kind only", async () => {
  const outcome = await inspect("inspect", "--type", "image", "c1");
  assert.deepEqual([outcome.code, outcome.stderr], [125, "Error: c1: not there\n"]);
});
