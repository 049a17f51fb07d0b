import assert from "node:assert/strict";
import type { Container, ContainerState } from "../engine/container.ts";
import { containerFilter, type FilterFacts } from "./filters.ts";
import { inspectContainer, type InspectFacts } from "./inspect.ts";
import { listEntry } from "./list_entry.ts";
import { resolved, specOf, testId, volumeName } from "./support_test.ts";
import { humanDuration } from "./units.ts";
import { execProcess } from "./exec_process.ts";

const now = Date.parse("2026-01-02T03:10:00Z");
const live = { process: { pid: 7, startTime: 1 }, conmon: { pid: 6, startTime: 1 } };
const running: ContainerState = { tag: "running", ...live, startedAt: "2026-01-02T03:07:00.5Z" };
const exited: ContainerState = {
  tag: "exited",
  exitCode: 3,
  oomKilled: false,
  startedAt: "2026-01-02T03:07:00Z",
  finishedAt: "2026-01-02T03:09:58Z",
  error: "",
};

Deno.test("humanDuration() has docker's steps", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0.2, "Less than a second"],
    [1, "1 second"],
    [59, "59 seconds"],
    [60, "About a minute"],
    [121, "2 minutes"],
    [3600, "About an hour"],
    [3 * 3600, "3 hours"],
    [47 * 3600, "47 hours"],
    [3 * 86400, "3 days"],
    [20 * 86400, "2 weeks"],
    [100 * 86400, "3 months"],
    [800 * 86400, "2 years"],
  ];
  for (const [seconds, text] of cases) assert.equal(humanDuration(seconds), text);
});

Deno.test("listEntry() is a row of ps", () => {
  const container = resolved(specOf({ name: "web", publish: ["8080:80"], label: ["a=b"] }, ["bb", "x", "y"]));
  const row = listEntry(container, exited, { now, restarts: 2 });
  assert.deepEqual(
    [row.Names, row.Command, row.State, row.Exited, row.ExitCode, row.ExitedAt, row.Restarts, row.Image, row.Mounts],
    [["web"], ["x", "y"], "exited", true, 3, 1767323398, 2, "localhost/bb:latest", ["/data"]],
  );
  assert.deepEqual([row.ExposedPorts, row.Ports.length, row.Networks], [{ 80: ["tcp"] }, 1, ["podman"]]);
  assert.equal(listEntry(container, { tag: "created" }, { now, restarts: 0 }).StartedAt, -62135596800);
});

const facts: FilterFacts = {
  container: () => ({ ...resolved(specOf({})), created: "2026-01-02T03:05:00Z" }),
  images: (name) => name === "parent" ? ["a".repeat(64)] : [],
  network: (name) => name === "podman" || name === "2f" ? "podman" : undefined,
  time: (text) => Date.parse(text),
};

Deno.test("containerFilter() knows Podman's keys", () => {
  const spec = specOf({ name: "web", label: ["a=b", "c"], volume: ["vol:/v"], restart: "always" }, ["bb", "top"]);
  const row = { container: resolved(spec), state: exited };
  const keeps = (key: string, ...values: readonly string[]) => containerFilter({ [key]: values }, facts)(row);
  const cases: readonly (readonly [boolean, string, ...(readonly string[])])[] = [
    [true, "id", testId.slice(0, 5)],
    [false, "id", "99"],
    [true, "name", "^we"],
    [true, "name", "no", "web"],
    [false, "name", "webb"],
    [true, "label", "a"],
    [true, "label", "a=b", "c="],
    [false, "label", "a=b", "d"],
    [false, "label!", "a=b"],
    [true, "label!", "a=x"],
    [true, "exited", "3"],
    [false, "exited", "0"],
    [true, "status", "running", "exited"],
    [false, "status", "running"],
    [true, "ancestor", "bb"],
    [true, "ancestor", "localhost/bb:latest"],
    [true, "ancestor", "parent"],
    [false, "ancestor", "b"],
    [true, "before", "x"],
    [false, "since", "x"],
    [true, "volume", "vol"],
    [true, "volume", "vol:/v"],
    [false, "volume", "vol:/w"],
    [true, "network", "2f"],
    [false, "network", "none"],
    [true, "until", "2026-02-02T00:00:00Z"],
    [true, "restart-policy", "always"],
    [true, "should-start-on-boot", "true"],
    [true, "command", "top"],
    [false, "pod", "p"],
  ];
  for (const [expected, key, ...values] of cases) assert.equal(keeps(key, ...values), expected, `${key}=${values}`);
});

Deno.test("containerFilter() refuses keys and values that mean nothing", () => {
  const make = (key: string, value: string) => () => containerFilter({ [key]: [value] }, facts);
  assert.throws(make("bad", "1"), { message: "bad is an invalid filter" });
  assert.throws(make("constructor", "1"), { message: "constructor is an invalid filter" });
  assert.throws(make("status", "odd"), { message: '"odd" is not a valid status' });
  assert.throws(make("exited", "x"), { message: /must be a number/ });
  assert.throws(make("name", "("), { message: /not a regular expression/ });
});

const inspectFacts: InspectFacts = {
  restarts: 0,
  stoppedByUser: false,
  execIds: [],
  paths: {
    staticDir: "/S",
    config: "/S/config.json",
    resolvConf: "",
    hostname: "",
    hosts: "",
    conmonPid: "/R/conmon.pid",
    pidFile: "/R/pidfile",
    log: "/S/ctr.log",
  },
  runtime: "runc",
  cgroupManager: "cgroupfs",
  cgroupPath: "",
  driver: "overlay",
  graph: {},
  volumes: new Map([["vol", { mountpoint: "/V/vol/_data", driver: "local" }]]),
  network: {
    EndpointID: "",
    Gateway: "",
    IPAddress: "",
    IPPrefixLen: 0,
    IPv6Gateway: "",
    GlobalIPv6Address: "",
    GlobalIPv6PrefixLen: 0,
    MacAddress: "",
    Bridge: "",
    SandboxID: "",
    HairpinMode: false,
    LinkLocalIPv6Address: "",
    LinkLocalIPv6PrefixLen: 0,
    Ports: {},
    SandboxKey: "",
  },
};

const manyFlags = {
  network: ["none"],
  memory: "512m",
  cpus: 1.5,
  "pids-limit": 100,
  tmpfs: ["/t:size=1m"],
  volume: ["/tmp:/h:ro", "vol:/vv"],
  device: ["/dev/fuse:/dev/ff:rw"],
  "cap-add": ["NET_ADMIN"],
  "cap-drop": ["KILL"],
  "security-opt": ["no-new-privileges"],
  init: true,
  "group-add": ["wheel"],
  user: "app",
  ulimit: ["nofile=100:200"],
  "add-host": ["h:1.2.3.4"],
  "shm-size": "10m",
};

Deno.test("inspectContainer() says what Podman says of the same container", () => {
  const container = resolved(specOf(manyFlags, ["bb", "sh", "-c", "true"]));
  const data = inspectContainer(container, running, inspectFacts);
  assert.deepEqual([data.Path, data.Args], ["/run/podman-init", ["--", "sh", "-c", "true"]]);
  assert.deepEqual([data.EffectiveCaps, data.State.Status, data.State.Pid], [["CAP_NET_ADMIN"], "running", 7]);
  assert.deepEqual(data.Mounts.find(({ Destination }) => Destination === "/vv"), {
    Type: "volume",
    Name: "vol",
    Source: "/V/vol/_data",
    Destination: "/vv",
    Driver: "local",
    Mode: "",
    Options: ["nosuid", "nodev", "rbind"],
    RW: true,
    Propagation: "rprivate",
  });
  assert.deepEqual(data.Mounts.find(({ Destination }) => Destination === "/h"), {
    Type: "bind",
    Source: "/tmp",
    Destination: "/h",
    Driver: "",
    Mode: "",
    Options: ["rbind"],
    RW: false,
    Propagation: "rprivate",
  });
  const { HostConfig: host } = data;
  assert.deepEqual(host.Binds, [
    "vol:/vv:rw,rprivate,nosuid,nodev,rbind",
    `${volumeName}:/data:rprivate,rw,nodev,exec,nosuid,rbind`,
    "/tmp:/h:ro,rprivate,rbind",
  ]);
  assert.deepEqual(host.Tmpfs, { "/t": "size=1m,rw,rprivate,nosuid,nodev,tmpcopyup" });
  assert.deepEqual([host.CapAdd, host.CapDrop], [
    ["CAP_NET_ADMIN"],
    ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_MKNOD", "CAP_NET_RAW"],
  ]);
  assert.deepEqual([host.Memory, host.MemorySwap, host.NanoCpus, host.CpuQuota, host.MemorySwappiness], [
    536870912,
    1073741824,
    1500000000,
    150000,
    -1,
  ]);
  assert.deepEqual([host.NetworkMode, host.IpcMode, host.PidMode, host.UTSMode, host.UsernsMode, host.CgroupMode], [
    "none",
    "shareable",
    "private",
    "private",
    "",
    "host",
  ]);
  assert.deepEqual([host.SecurityOpt, host.ShmSize, host.Ulimits[0], host.Init], [
    ["no-new-privileges"],
    10485760,
    { Name: "RLIMIT_NOFILE", Soft: 100, Hard: 200 },
    true,
  ]);
});

Deno.test("execProcess() gives a session the container's privileges, or all of the engine's when asked", () => {
  const container: Container = resolved(specOf({ env: ["A=1"], "cap-add": ["NET_RAW"], umask: "0077" }));
  const config = {
    User: "",
    Privileged: false,
    Tty: true,
    ConsoleSize: [24, 80],
    AttachStdin: true,
    AttachStderr: true,
    AttachStdout: true,
    DetachKeys: "",
    Env: ["A=2"],
    WorkingDir: "",
    Cmd: ["id"],
    Detach: false,
  };
  const user = { uid: 5, gid: 6, additionalGids: [7], home: "/h" };
  const made = execProcess(container, config, { user, limits: new Map(), boundingCapabilities: ["CAP_SYS_ADMIN"] });
  assert.deepEqual(made.env?.filter((line) => /^(A|TERM|HOME)=/.test(line)), ["A=2", "TERM=xterm", "HOME=/h"]);
  assert.deepEqual([made.capabilities?.effective, made.user.umask, made.consoleSize], [
    ["CAP_NET_RAW"],
    0o77,
    { height: 24, width: 80 },
  ]);
  const privileged = { ...config, Privileged: true };
  const raised = execProcess(container, privileged, {
    user,
    limits: new Map(),
    boundingCapabilities: ["CAP_SYS_ADMIN"],
  });
  assert.deepEqual(raised.capabilities?.ambient, ["CAP_SYS_ADMIN"]);
});
