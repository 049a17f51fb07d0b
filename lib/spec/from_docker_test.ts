import assert from "node:assert/strict";
import { EngineError } from "../errors.ts";
import { bindSourcesToMake } from "./docker_mounts.ts";
import { specFromDocker } from "./from_docker.ts";
import { resolved } from "./support_test.ts";

/** What docker 28's client sends for `run -i --rm alpine true`, shortened to what says something. */
const plain = {
  Hostname: "",
  User: "",
  AttachStdin: true,
  Tty: false,
  OpenStdin: true,
  StdinOnce: true,
  Env: null,
  Cmd: ["true"],
  Image: "alpine",
  Volumes: {},
  WorkingDir: "",
  Entrypoint: null,
  OnBuild: null,
  Labels: {},
  HostConfig: {
    Binds: null,
    LogConfig: { Type: "", Config: {} },
    NetworkMode: "default",
    PortBindings: {},
    RestartPolicy: { Name: "no", MaximumRetryCount: 0 },
    AutoRemove: true,
    ConsoleSize: [40, 120],
    CapAdd: null,
    CgroupnsMode: "",
    Dns: [],
    ExtraHosts: null,
    IpcMode: "",
    OomScoreAdj: 0,
    PidMode: "",
    SecurityOpt: null,
    ShmSize: 0,
    Isolation: "",
    Memory: 0,
    NanoCpus: 0,
    Devices: [],
    DeviceRequests: null,
    MemorySwappiness: -1,
    PidsLimit: 0,
    Ulimits: [],
    MaskedPaths: null,
    ReadonlyPaths: null,
  },
  NetworkingConfig: { EndpointsConfig: { default: { IPAMConfig: null, Links: null, MacAddress: "" } } },
};

Deno.test("specFromDocker() reads what docker's client sends for a plain run", () => {
  assert.deepEqual(specFromDocker(plain, "n"), {
    image: "alpine",
    raw_image_name: "alpine",
    name: "n",
    command: ["true"],
    stdin: true,
    remove: true,
    restart_policy: "no",
    netns: { nsmode: "private" },
  });
});

const full = {
  ...plain,
  Env: ["A=1", "GONE"],
  ExposedPorts: { "80/tcp": {}, "90/udp": {} },
  Volumes: { "/anon": {}, "/x": {} },
  MacAddress: "AA:BB:CC:DD:EE:FF",
  StopSignal: "SIGQUIT",
  StopTimeout: 3,
  Healthcheck: { Test: ["CMD", "t"], Interval: 1000000000, Retries: 0 },
  HostConfig: {
    ...plain.HostConfig,
    AutoRemove: false,
    Binds: ["/h:/x:ro", "vol:/v"],
    Mounts: [
      { Type: "bind", Source: "/m", Target: "/mm", ReadOnly: true, BindOptions: { Propagation: "rslave" } },
      { Type: "volume", Source: "w", Target: "/w", VolumeOptions: { NoCopy: true, Subpath: "s" } },
      { Type: "tmpfs", Target: "/t", TmpfsOptions: { SizeBytes: 4096, Mode: 448 } },
    ],
    Tmpfs: { "/tt": "size=1m" },
    NetworkMode: "mine",
    PortBindings: {
      "80/tcp": [{ HostIp: "::1", HostPort: "8080" }, { HostIp: "", HostPort: "" }],
      "90/udp": [{ HostIp: "127.0.0.1", HostPort: "" }],
    },
    RestartPolicy: { Name: "on-failure", MaximumRetryCount: 2 },
    CapAdd: ["NET_ADMIN"],
    SecurityOpt: ["no-new-privileges", "seccomp=unconfined"],
    MaskedPaths: [],
    Memory: 1048576,
    NanoCpus: 1500000000,
    PidsLimit: 9,
    Ulimits: [{ Name: "nofile", Soft: 1, Hard: -1 }],
    Devices: [{ PathOnHost: "/dev/fuse", PathInContainer: "/dev/ff", CgroupPermissions: "r" }],
    ExtraHosts: ["a:1.2.3.4", "b=5.6.7.8"],
    PidMode: "private",
    Sysctls: { "net.core.somaxconn": "5" },
    Init: true,
  },
  NetworkingConfig: { EndpointsConfig: { mine: { Aliases: ["al"], IPAMConfig: { IPv4Address: "10.0.0.9" } } } },
};

Deno.test("specFromDocker() reads mounts, ports, limits, security and networks", () => {
  const spec = specFromDocker(full);
  assert.deepEqual(spec.Networks, {
    mine: { interface_name: "", static_ips: ["10.0.0.9"], aliases: ["al"], static_mac: "aa:bb:cc:dd:ee:ff" },
  });
  assert.deepEqual(spec.portmappings?.map((one) => [one.host_ip, one.host_port, one.container_port, one.protocol]), [
    ["::1", 8080, 80, "tcp"],
    ["", 0, 80, "tcp"],
    ["127.0.0.1", 0, 90, "udp"],
  ]);
  assert.deepEqual(spec.mounts?.map(({ destination, options }) => [destination, options]), [
    ["/mm", ["ro", "rslave"]],
    ["/t", ["size=4096", "mode=700"]],
    ["/x", ["ro"]],
    ["/tt", ["size=1m"]],
  ]);
  assert.deepEqual(spec.volumes?.map(({ Name, Dest, SubPath }) => [Name, Dest, SubPath]), [
    ["w", "/w", "s"],
    ["vol", "/v", ""],
    ["", "/anon", ""],
  ]);
  assert.deepEqual([spec.env, spec.unsetenv, spec.unmask], [{ A: "1" }, ["GONE"], ["ALL"]]);
  assert.deepEqual(spec.resource_limits?.cpu, { period: 100000, quota: 150000 });
  assert.deepEqual([spec.stop_signal, spec.stop_timeout, spec.restart_tries, spec.init], [3, 3, 2, true]);
  assert.deepEqual([spec.healthconfig, spec.hostadd], [
    { Test: ["CMD", "t"], Interval: 1000000000 },
    ["a:1.2.3.4", "b:5.6.7.8"],
  ]);
  assert.equal(resolved(spec).process.rlimits[0]?.type, "RLIMIT_NOFILE");
});

Deno.test("specFromDocker() gives empty lists of entrypoints their meaning", () => {
  assert.equal(specFromDocker({ ...plain }).entrypoint, undefined);
  assert.deepEqual(specFromDocker({ ...plain, Entrypoint: [""] }).entrypoint, [""]);
});

Deno.test("specFromDocker() names the field that is wrong", () => {
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [null, /"body" must be an object/],
    [[], /"body" must be an object/],
    [{ ...plain, Image: 5 }, /"Image" must be a string/],
    [{ ...plain, Image: "" }, /no image specified/],
    [{ ...plain, Cmd: "true" }, /"Cmd" must be a list/],
    [{ ...plain, Cmd: [1] }, /"Cmd\[0\]" must be a string/],
    [{ ...plain, Cmd: ["a\0b"] }, /without NUL/],
    [{ ...plain, HostConfig: { Memory: 1.5 } }, /"HostConfig.Memory" must be an integer/],
    [{ ...plain, HostConfig: { Memory: -5 } }, /HostConfig.Memory: -5 is negative/],
    [{ ...plain, HostConfig: { PortBindings: { "80/tcp": {} } } }, /"HostConfig.PortBindings.80\/tcp" must be a list/],
    [{ ...plain, HostConfig: { Links: ["a"] } }, /HostConfig.Links: not supported yet/],
    [{ ...plain, HostConfig: { Mounts: [{ Type: "npipe", Target: "/x" }] } }, /mount type "npipe"/],
    [{ ...plain, HostConfig: { DnsSearch: ["a\nnameserver x"] } }, /must be one word/],
  ];
  for (const [body, message] of cases) assert.throws(() => specFromDocker(body), { name: "EngineError", message });
});

Deno.test("bindSourcesToMake() names directories that docker would make", () => {
  const HostConfig = {
    Binds: ["/a/./b:/x", "vol:/y"],
    Mounts: [{ Type: "bind", Source: "/c", Target: "/z", BindOptions: { CreateMountpoint: true } }, {
      Type: "bind",
      Source: "/d",
      Target: "/w",
    }],
  };
  assert.deepEqual(bindSourcesToMake({ HostConfig }), ["/a/b", "/c"]);
});

Deno.test("specFromDocker() only ever throws EngineError, whatever the body", () => {
  let seed = 11;
  const random = (limit: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % limit;
  const values = [
    null,
    0,
    -1,
    1.5,
    1e300,
    "",
    "a",
    "/x:/y:z",
    [],
    {},
    [[]],
    ["a"],
    [{}],
    { a: {} },
    { "80": [{}] },
    true,
  ];
  const value = (): unknown => values[random(values.length)];
  const top = [...Object.keys(plain), "ExposedPorts", "Healthcheck", "StopSignal", "MacAddress"];
  const inner = [...Object.keys(plain.HostConfig), "Mounts", "Tmpfs", "UsernsMode", "Sysctls", "DeviceCgroupRules"];
  for (let round = 0; round < 3000; round++) {
    const HostConfig = { ...plain.HostConfig, [inner[random(inner.length)] ?? ""]: value() };
    const body = { ...plain, HostConfig, [top[random(top.length)] ?? ""]: value() };
    try {
      resolved(specFromDocker(body));
    } catch (error) {
      assert.ok(error instanceof EngineError, `${JSON.stringify(body)}: ${error}`);
    }
  }
});
