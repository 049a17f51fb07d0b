import assert from "node:assert/strict";
import type { DoctorReport, Event } from "../../lib/engine/mod.ts";
import { runCommandLine } from "../_run_command.ts";

Deno.test("version prints facts on the program, and the service's in remote mode", async () => {
  const { stdout, calls } = await runCommandLine(["version"]);
  assert.match(
    stdout,
    /^Client: {7}Beluga\nVersion: {6}1\.2\.3\nAPI Version: {2}\d+\.\d+\.\d+\nDeno Version: 2\.5\.7\nGit Commit: {3}abc\n/,
  );
  assert.deepEqual(calls, []);
  const server = {
    APIVersion: "5.8.2",
    Version: "9",
    GoVersion: "go1",
    GitCommit: "",
    BuiltTime: "",
    Built: 0,
    OsArch: "linux/amd64",
    Os: "linux",
  };
  const system = { version: () => Promise.resolve({ Server: server }) };
  const remote = await runCommandLine(["--remote", "version", "--format", "{{.Server.Version}} {{.Client.Version}}"], {
    system,
  });
  assert.equal(remote.stdout, "9 1.2.3\n");
});

Deno.test("version --format knows the client's fields, JSON has no server locally", async () => {
  const one = await runCommandLine(["version", "--format", "{{.Version}} {{.Server.Version}}"]);
  assert.equal(one.stdout, "1.2.3 1.2.3\n");
  const json = JSON.parse((await runCommandLine(["version", "-f", "json"])).stdout);
  assert.deepEqual([json.Client.Version, json.Server], ["1.2.3", undefined]);
});

const died: Event = {
  Type: "container",
  Action: "died",
  Actor: { ID: "f".repeat(64), Attributes: { image: "bb", name: "c1", containerExitCode: "3", app: "web" } },
  time: 1795382062,
  timeNano: 1795382062460000000,
};

async function* events(): AsyncGenerator<Event> {
  yield await Promise.resolve(died);
}

Deno.test("events prints lines, JSON lines or by a template", async () => {
  const print = async (...argv: readonly string[]) =>
    (await runCommandLine(["events", "--stream=false", ...argv], { system: { events } })).stdout;
  const when = "2026-11-22 21:14:22.46 +0000 UTC";
  assert.equal(await print(), `${when} container died ${"f".repeat(64)} (image=bb, name=c1, app=web)\n`);
  assert.equal(
    await print("--no-trunc=false"),
    `${when} container died ${"f".repeat(12)} (image=bb, name=c1, app=web)\n`,
  );
  assert.equal(
    await print("--format", "{{.Type}} {{.Status}} {{.Name}} {{.ContainerExitCode}}"),
    "container died c1 3\n",
  );
  const json = JSON.parse(await print("--format", "json"));
  assert.deepEqual([json.ContainerExitCode, json.Attributes], [3, { app: "web" }]);
});

const report: DoctorReport = {
  canRun: false,
  findings: [
    { check: "kernel", level: "good", found: "Linux 6.18", breaks: "", fix: "" },
    {
      check: "conmon",
      level: "bad",
      found: "not found",
      breaks: "no container can run",
      fix: "apt-get install conmon",
    },
  ],
};

Deno.test("doctor prints each finding with what it breaks and how to mend it", async () => {
  const system = { doctor: () => Promise.resolve(report) };
  const { code, stdout } = await runCommandLine(["doctor"], { system });
  assert.equal(code, 1);
  assert.equal(
    stdout,
    "ok       kernel Linux 6.18\n" +
      "bad      conmon not found\n" +
      "                no container can run\n" +
      "                fix: apt-get install conmon\n" +
      "\nContainers cannot run on this host.\n",
  );
  const json = await runCommandLine(["doctor", "--format", "json"], { system });
  assert.deepEqual(JSON.parse(json.stdout), report);
});

Deno.test("doctor exits 0 where containers can run", async () => {
  const system = { doctor: () => Promise.resolve({ canRun: true, findings: [] }) };
  assert.equal((await runCommandLine(["doctor"], { system })).code, 0);
});

Deno.test("info prints YAML, JSON or by Go's names", async () => {
  const info = {
    host: { arch: "amd64", cgroupVersion: "v1", ociRuntime: { name: "crun" } },
    store: { graphRoot: "/r" },
  };
  const system = { info: () => Promise.resolve(info as never) };
  const print = async (...argv: readonly string[]) => (await runCommandLine(["info", ...argv], { system })).stdout;
  assert.match(await print(), /^host:\n {2}arch: amd64\n/);
  assert.deepEqual(JSON.parse(await print("-f", "json")), info);
  const format = "{{.Host.OCIRuntime.Name}} {{.Host.CgroupsVersion}} {{.Store.GraphRoot}}";
  assert.equal(await print("--format", format), "crun v1 /r\n");
});
