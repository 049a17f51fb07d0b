import assert from "node:assert/strict";
import { errorKinds } from "../errors.ts";
import { ownCgroups } from "./cgroup_layout.ts";
import { cgroupsPath, conmonCgroup } from "./cgroup.ts";
import { createArgv, execArgv, logArguments } from "./conmon_argv.ts";
import { conmonFeatures, findConmon } from "./find_conmon.ts";
import { findRuntime } from "./find_runtime.ts";
import type { RuntimeHost } from "./_programs.ts";
import { parseSyncAnswer } from "./monitor.ts";
import { runtimeError, runtimeMessage } from "./runtime_error.ts";
import type { CreateRuntimeContainer } from "./types.ts";
import { parseState, verbArgv } from "./verbs.ts";

const handle = {
  runtime: { name: "runc", path: "/usr/bin/runc", family: "runc", note: "" },
  stateDir: "/r/runc",
} as const;

const input: CreateRuntimeContainer = {
  conmon: "/usr/bin/conmon",
  handle,
  id: "abc",
  name: "web",
  bundle: "/b",
  exitDir: "/exits",
  log: { driver: "k8s-file", path: "/b/ctr.log", maxSize: 1000 },
  terminal: false,
  stdin: true,
  exitCommand: ["/usr/bin/beluga", "container", "cleanup", "abc"],
  conmonPidFile: "/b/conmon.pid",
  pidFile: "/b/pidfile",
  env: {},
};

Deno.test("conmon's argv for a container", () => {
  assert.deepEqual(createArgv({ ...input, leaveStdinOpen: true, timeout: 9 }), [
    ...["/usr/bin/conmon", "--api-version", "1", "-c", "abc", "-u", "abc", "-n", "web"],
    ...["-r", "/usr/bin/runc", "-b", "/b", "-p", "/b/pidfile", "-P", "/b/conmon.pid"],
    ...["--exit-dir", "/exits", "--full-attach", "-l", "k8s-file:/b/ctr.log", "--log-size-max", "1000"],
    ...["--log-level", "error", "--runtime-arg", "--log-format=json"],
    ...["--runtime-arg", "--log", "--runtime-arg", "/b/oci-log", "--runtime-arg", "--root", "--runtime-arg", "/r/runc"],
    ...["-i", "--exit-command", "/usr/bin/beluga", "--exit-command-arg", "container"],
    ...["--exit-command-arg", "cleanup", "--exit-command-arg", "abc", "--leave-stdin-open", "--timeout", "9"],
  ]);
});

Deno.test("conmon's argv for a session of exec keeps its files apart from the container's", () => {
  const crun = { runtime: { name: "crun", path: "/crun", family: "crun", note: "" }, stateDir: "/r/crun" } as const;
  const session = { ...input, handle: { ...crun, systemdCgroup: true }, session: "s1", bundle: "/s", process: {} };
  const argv = execArgv({ ...session, log: { driver: "none" }, terminal: true, exitCommand: [], preservedFds: [5] });
  assert.deepEqual(argv, [
    ...["/usr/bin/conmon", "--api-version", "1", "-c", "abc", "-u", "s1", "-n", "web"],
    ...["-r", "/crun", "-b", "/s", "-p", "/b/pidfile", "-P", "/b/conmon.pid", "--exit-dir", "/s", "--full-attach"],
    ...["-l", "none", "--log-level", "error", "-s", "--runtime-arg", "--root", "--runtime-arg", "/r/crun"],
    ...["--runtime-opt", "--preserve-fds", "--runtime-opt", "1", "-t", "-e", "--exec-process-spec", "/s/process.json"],
  ]);
});

Deno.test("every log driver has its arguments", () => {
  assert.deepEqual(logArguments({ driver: "passthrough" }), ["-l", "passthrough"]);
  assert.deepEqual(logArguments({ driver: "journald", tag: "t" }), ["-l", "journald", "--log-tag", "t"]);
  assert.deepEqual(logArguments({ driver: "k8s-file", path: "/l" }), ["-l", "k8s-file:/l"]);
});

Deno.test("verbArgv() puts the runtime's own flags before the verb", () => {
  const words = ["kill", "abc", "15"];
  assert.deepEqual(verbArgv({ handle: { ...handle, flags: ["--debug"], systemdCgroup: true }, words }), [
    ...["/usr/bin/runc", "--debug", "--systemd-cgroup", "--root", "/r/runc", "kill", "abc", "15"],
  ]);
});

Deno.test("parseSyncAnswer() reads conmon's line and refuses others", () => {
  assert.deepEqual(parseSyncAnswer('{"data": 42}\n'), { data: 42, message: "" });
  assert.deepEqual(parseSyncAnswer('{"data": -1, "message": "a \\"b\\"\\n"}\n'), { data: -1, message: 'a "b"\n' });
  for (const line of ["", "{}", "null", "[]", '{"data":"1"}', "garbage"]) {
    assert.equal(parseSyncAnswer(line), undefined);
  }
});

const runc = "runc create failed: unable to start container process: exec: ";

Deno.test("runtimeError() has Podman's words and exit codes", () => {
  const cases = [
    [
      `${runc}"x": executable file not found in $PATH\n`,
      127,
      "OCI runtime attempted to invoke a command that was not found",
    ],
    [
      `${runc}"/x": stat /x: no such file or directory`,
      127,
      "OCI runtime attempted to invoke a command that was not found",
    ],
    [`${runc}"/etc": permission denied`, 126, "OCI permission denied"],
    ["open executable: Operation not permitted", 126, "OCI permission denied"],
    ["executable file `x` not found in $PATH: No such file or directory", 127, "was not found"],
    [`${runc}"/etc": is a directory`, 126, "OCI runtime error: runc: runc create failed"],
    ["something else", 125, "OCI runtime error: runc: something else"],
  ] as const;
  for (const [text, exit, words] of cases) {
    const error = runtimeError({ name: "runc" }, text);
    assert.equal(errorKinds[error.kind].exit, exit, text);
    assert.ok(error.message.includes(words), error.message);
    assert.ok(!error.message.includes("\n"));
  }
});

Deno.test("runtimeMessage() takes the message out of logrus text and JSON", () => {
  assert.equal(runtimeMessage('time="2026-01-01T00:00:00Z" level=error msg="a \\"b\\" c"\n'), 'a "b" c');
  assert.equal(runtimeMessage('{"msg":"m","level":"error"}\nplain'), "m; plain");
  assert.equal(runtimeMessage("{not json"), "{not json");
});

Deno.test("parseState() refuses what a runtime does not say", () => {
  assert.deepEqual(parseState('{"status":"running","pid":7}'), { status: "running", pid: 7 });
  assert.throws(() => parseState('{"status":"odd"}'), /unknown status "odd"/);
  assert.throws(() => parseState("[]"), /no status/);
});

function host(programs: readonly string[], cgroupMode: "v1" | "v2" | "hybrid" = "v2"): RuntimeHost {
  const find = (name: string) => {
    const path = name.includes("/") ? name : `/usr/bin/${name}`;
    return programs.includes(path) ? path : undefined;
  };
  return { find, cgroupMode: () => cgroupMode };
}

Deno.test("findRuntime() takes crun, but runc where crun would refuse", () => {
  const both = ["/usr/bin/crun", "/usr/bin/runc"];
  const nameOn = (machine: RuntimeHost) => findRuntime({ requested: "", paths: {} }, machine).name;
  assert.equal(nameOn(host(both)), "crun");
  assert.equal(nameOn(host(both, "hybrid")), "runc");
  assert.equal(nameOn(host(["/usr/bin/crun"], "hybrid")), "crun");
  assert.equal(nameOn(host(["/usr/bin/runc"])), "runc");
  assert.throws(() => nameOn(host([])), /neither "crun" nor "runc"/);
});

Deno.test("findRuntime() takes what was asked for, or says that it is not there", () => {
  const machine = host(["/usr/bin/crun", "/opt/mine"], "hybrid");
  assert.equal(findRuntime({ requested: "crun", paths: {} }, machine).path, "/usr/bin/crun");
  assert.deepEqual(findRuntime({ requested: "/opt/mine", paths: {} }, machine).family, "other");
  assert.equal(findRuntime({ requested: "my", paths: { my: ["/nope", "/opt/mine"] } }, machine).path, "/opt/mine");
  const wording = 'default OCI runtime "nosuch" not found';
  assert.throws(() => findRuntime({ requested: "nosuch", paths: {} }, machine), new RegExp(wording));
  assert.throws(() => findRuntime({ requested: "__proto__", paths: {} }, machine), /not found/);
});

Deno.test("findConmon() names the package when it is missing", () => {
  assert.throws(() => findConmon([], host([])), /apt-get install conmon/);
  assert.equal(findConmon(["/opt/conmon"], host(["/opt/conmon"])), "/opt/conmon");
  assert.equal(findConmon(["/opt/conmon"], host(["/usr/bin/conmon"])), "/usr/bin/conmon");
  assert.throws(
    () => findConmon(["/opt/conmon"], { only: true, ...host(["/usr/bin/conmon"]) }),
    /"\/opt\/conmon" is no program/,
  );
});

Deno.test("conmonFeatures() asks once and again after an update", async () => {
  const directory = await Deno.makeTempDir({ prefix: "beluga-conmon-" });
  const conmon = `${directory}/conmon`;
  const install = (help: string) =>
    Deno.writeTextFile(conmon, `#!/bin/sh\necho x >>${directory}/asked\necho "${help}"\n`, { mode: 0o755 });
  const ask = () => conmonFeatures({ conmon, cacheFile: `${directory}/conmon.json` });
  try {
    await install("--no-sync-log  …");
    assert.deepEqual([await ask(), await ask()], [{ noSyncLog: true }, { noSyncLog: true }]);
    assert.equal(await Deno.readTextFile(`${directory}/asked`), "x\n");
    await install("old");
    assert.deepEqual(await ask(), { noSyncLog: false });
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("cgroups are named as Podman names them", () => {
  const base = { id: "abc", rootless: false, parent: "" } as const;
  assert.equal(cgroupsPath({ ...base, driver: "cgroupfs" }), "/libpod_parent/libpod-abc");
  assert.equal(cgroupsPath({ ...base, driver: "cgroupfs", parent: "/mine/" }), "/mine/libpod-abc");
  assert.equal(cgroupsPath({ ...base, driver: "systemd" }), "machine.slice:libpod:abc");
  assert.equal(cgroupsPath({ ...base, driver: "systemd", rootless: true }), "user.slice:libpod:abc");
  assert.equal(conmonCgroup(""), "/libpod_parent/conmon");
});

Deno.test("ownCgroups() reads both versions", () => {
  const text = "4:memory:/a\n3:cpu,cpuacct:/a\n1:name=systemd:/a\n0::/user.slice/a:b\n";
  assert.deepEqual(ownCgroups(text), { v1: ["memory", "cpu", "cpuacct"], v2: "/user.slice/a:b" });
});
