import assert from "node:assert/strict";
import { EngineError } from "../errors.ts";
import type { FlagValue } from "./flag_reader.ts";
import { resolved, specOf } from "./support_test.ts";

type Flags = Readonly<Record<string, FlagValue>>;

/** Each as Podman 4.3.1 said it on the same flags, but those marked with the words of 5.8. */
const refused: readonly (readonly [Flags, string])[] = [
  [{ volume: ["/nonexistent:/x"] }, "statfs /nonexistent: no such file or directory"],
  [{ "memory-swap": "10m" }, "you should always set a memory limit when using a memoryswap limit, see usage"],
  [
    { memory: "10m", "memory-swap": "5m" },
    "minimum memoryswap limit should be larger than memory limit, see usage",
  ],
  [{ volume: ["a:/x", "b:/x"] }, "/x: duplicate mount destination"],
  [{ volume: ["a:/x"], tmpfs: ["/x"] }, "/x: duplicate mount destination"],
  [{ volume: ["a:b"] }, 'invalid container path "b", must be an absolute path'],
  [{ volume: ["nosuch/rel:/x:badopt"] }, 'invalid option type "badopt"'],
  [{ volume: ["a:/x:size=1"] }, 'invalid option type "size=1"'],
  [{ volume: ["a::/x"] }, 'invalid option type "/x"'],
  [{ volume: [":/x"] }, "host directory cannot be empty"],
  [{ mount: ["type=foo,dst=/x"] }, 'invalid filesystem type "foo"'],
  [{ mount: ["type=tmpfs,dst=/x,foo=1"] }, "foo: invalid mount option"],
  [{ mount: ["type=bind,src=/tmp"] }, "must set volume destination"],
  [{ mount: ["type=bind,src=,dst=/x"] }, "src: must provide an argument for option"],
  [{ tmpfs: ["/x:foo"] }, 'unknown mount option "foo": invalid mount option'],
  [{ tmpfs: ["rel"] }, 'invalid container path "rel", must be an absolute path'],
  [{ "cap-add": ["BAD"] }, '"CAP_BAD": unknown capability'],
  [{ "cap-add": ["ALL"], "cap-drop": ["ALL"] }, "adding all caps and removing all caps not allowed"],
  [{ sysctl: ["kernel.foo=1"] }, "sysctl 'kernel.foo=1' is not allowed"],
  [{ sysctl: ["net.ipv4.x"] }, "net.ipv4.x is invalid, sysctl values must be in the form of KEY=VALUE"],
  [
    { sysctl: ["net.ipv4.ip_forward=1"], network: ["host"] },
    "sysctl net.ipv4.ip_forward=1 can't be set since Network Namespace set to host: invalid argument",
  ],
  [
    { ulimit: ["foo=1"] },
    'ulimit option "foo=1" requires name=SOFT:HARD, failed to be parsed: invalid ulimit type: foo',
  ],
  [
    { ulimit: ["nofile=5:3"] },
    'ulimit option "nofile=5:3" requires name=SOFT:HARD, failed to be parsed: ' +
    "ulimit soft limit must be less than or equal to hard limit: 5 > 3",
  ],
  [{ device: ["/dev/fuse:/dev/x:q"] }, "invalid device mode: q"],
  [{ device: ["/nonexistent"] }, "stat /nonexistent: no such file or directory"],
  [{ env: ["=x"] }, 'invalid environment variable: "=x"'],
  [{ "env-file": ["/nonexistent"] }, 'parsing file "/nonexistent": open /nonexistent: no such file or directory'],
  [{ "add-host": ["x"] }, 'bad format for add-host: "x"'],
  [{ "add-host": ["a:1.1.1.1"], "no-hosts": true }, "--no-hosts and --add-host cannot be set together"],
  [{ dns: ["foo"] }, "foo is not an ip address"],
  [{ dns: ["1.1.1.1"], network: ["none"] }, "conflicting options: dns and the network mode: none"],
  [{ userns: "keep-id" }, "keep-id is only supported in rootless mode"],
  [{ userns: "bad" }, "unrecognized namespace mode bad passed"],
  [
    { userns: "host", uidmap: ["0:0:1"] },
    "--userns and --uidmap/--gidmap/--subuidname/--subgidname are mutually exclusive",
  ],
  [{ ipc: "bad" }, "unrecognized namespace mode bad passed"],
  [
    { pid: "container:zz" },
    'looking up container to share pid namespace with: no container with name or ID "zz" found: no such container',
  ],
  [
    { requires: ["zz"] },
    '"zz" is not a valid container, cannot be used as a dependency: no container with name or ID "zz" found: ' +
    "no such container",
  ],
  [
    { uts: "host", hostname: "x" },
    "invalid config provided: cannot set hostname when running in the host UTS namespace: invalid configuration",
  ],
  [{ init: true, pid: "host" }, "cannot add init binary as PID 1 (PID namespace isn't private)"],
  [{ network: ["none"], ip: "1.2.3.4" }, "--ip can only be set when the network mode is bridge: invalid argument"],
  [
    { network: ["a", "none"] },
    "can only set extra network names, selected mode none conflicts with bridge: invalid argument",
  ],
  [{ network: ["foo:ip=x"] }, 'invalid option for network foo: invalid ip address "x"'],
  [
    { restart: "foo" },
    'running container create option: "foo" is not a valid restart policy: invalid argument',
  ],
  [{ restart: "on-failure:x" }, 'parsing restart policy retry count: strconv.Atoi: parsing "x": invalid syntax'],
  [{ restart: "always:3" }, "restart policy retries can only be specified with on-failure restart policy"],
  [
    { restart: "always", rm: true },
    'the --rm option conflicts with --restart, when the restartPolicy is not "" and "no"',
  ],
  [{ "stop-signal": "FOO" }, "invalid signal: FOO"],
  [{ umask: "999" }, "running container create option: invalid umask string 999: invalid argument"],
  [{ "log-driver": "bad" }, "running container create option: invalid log driver: invalid argument"],
  [{ "log-opt": ["foo"] }, 'invalid log option "foo"'],
  [{ "security-opt": ["foo"] }, 'invalid --security-opt 1: "foo"'],
  [{ "security-opt": ["foo=bar"] }, 'invalid --security-opt 2: "foo=bar"'],
  [
    { "security-opt": ["apparmor=foo"] },
    'apparmor profile "foo" specified, but Apparmor is not enabled on this system',
  ],
  [{ cgroups: "bad" }, 'running container create option: invalid cgroup mode "bad": invalid argument'],
  [{ publish: ["bad"] }, 'parsing container port: invalid port number: strconv.Atoi: parsing "bad": invalid syntax'],
  [{ publish: ["80:80:80:80:80"] }, "invalid port format - format is [[hostIP:]hostPort:]containerPort"],
  [{ publish: ["1.2.3:80:80"] }, 'cannot parse "1.2.3" as an IP address'],
  [
    { publish: ["80-70"] },
    "parsing container port: the end port of a range must be higher than the start port - 70 is not higher than 80",
  ],
  [{ publish: ["80/foo"] }, 'unrecognized protocol "foo" in port mapping'],
  [
    { publish: ["99999"] },
    "parsing container port: port numbers must be between 1 and 65535 (inclusive), got 99999",
  ],
  [{ publish: ["80-81:80"] }, "host and container port ranges have different lengths: 2 vs 1"],
  [{ memory: "abc" }, "invalid value for memory: invalid size: 'abc'"],
  [{ "shm-size": "x" }, "unable to translate --shm-size: invalid size: 'x'"],
  [{ name: "a/b" }, "running container create option: names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument"],
  [{ "health-cmd": "foo", "health-interval": "x" }, 'invalid healthcheck-interval: time: invalid duration "x"'],
  [{ annotation: ["foo"] }, "annotations must be formatted KEY=VALUE"],
  [{ label: ["=x"] }, 'unable to process labels: invalid label format: "=x"'],
  [{ "memory-swappiness": 200 }, "invalid value: 200, valid memory swappiness range is 0-100"],
  [
    { "device-cgroup-rule": ["foo"] },
    'invalid device cgroup rule requires type, major:Minor, and access rules: "foo"',
  ],
  [{ cpus: 1, "cpu-period": 5 }, "--cpu-period and --cpus cannot be set together"],
];

Deno.test("flags that Podman refuses are refused in its words", () => {
  for (const [flags, message] of refused) {
    assert.throws(() => resolved(specOf(flags)), { name: "EngineError", message }, JSON.stringify(flags));
  }
});

Deno.test("what is known and not supported yet is refused, never left out", () => {
  const cases: readonly Flags[] = [
    { volume: ["/tmp:/x:O"] },
    { volume: ["/tmp:/x:U"] },
    { cgroups: "split" },
    { "log-driver": "journald" },
    { mount: ["type=image,src=a,dst=/x"] },
    { "volumes-from": ["x"] },
    { pod: "p" },
    { systemd: "always" },
    { device: ["vendor.com/class=one"] },
    { subuidname: "x" },
    { "rdt-class": "x" },
  ];
  for (const flags of cases) {
    const isUnsupported = (error: unknown) => error instanceof EngineError && error.kind === "unsupported";
    assert.throws(() => resolved(specOf(flags)), isUnsupported, JSON.stringify(flags));
  }
});

Deno.test("specFromFlags() reads volumes, mounts and temporary file systems", () => {
  const spec = specOf({
    volume: ["/a/../b:/x:ro,z", "./rel:/y", "data:/z:nocopy", "/only"],
    mount: [
      "type=bind,src=/s,target=/t,ro=false,bind-propagation=rshared,relabel=private",
      "type=volume,dst=/anonymous",
      'type=tmpfs,"dst=/with,comma",tmpfs-size=1m,tmpfs-mode=700,notmpcopyup',
      "src=named,dst=/named,readonly,U=true",
    ],
    tmpfs: ["/tmp2", "/tmp3:size=10%,mode=1777"],
  });
  assert.deepEqual(spec.mounts, [
    { destination: "/t", type: "bind", source: "/s", options: ["rw", "rshared", "Z"] },
    {
      destination: "/with,comma",
      type: "tmpfs",
      source: "tmpfs",
      options: ["size=1048576", "mode=700", "notmpcopyup"],
    },
    { destination: "/x", type: "bind", source: "/b", options: ["ro", "z"] },
    { destination: "/y", type: "bind", source: "/work/rel", options: [] },
    { destination: "/tmp2", type: "tmpfs", source: "tmpfs", options: [] },
    { destination: "/tmp3", type: "tmpfs", source: "tmpfs", options: ["size=10%", "mode=1777"] },
  ]);
  const volume = (Name: string, Dest: string, Options: readonly string[] = []) => ({
    Name,
    Dest,
    Options,
    IsAnonymous: false,
    SubPath: "",
  });
  assert.deepEqual(spec.volumes, [
    volume("", "/anonymous"),
    volume("named", "/named", ["ro", "U"]),
    volume("data", "/z", ["nocopy"]),
    volume("", "/only"),
  ]);
});

Deno.test("specFromFlags() reads ports with addresses, ranges and protocols", () => {
  const { portmappings } = specOf({
    publish: ["80", "8080:80", "127.0.0.1:53:53/udp", "[::1]:1000-1002:2000-2002/tcp", "1.2.3.4::90", "0.0.0.0:1:2"],
  });
  const port = (host_ip: string, host_port: number, container_port: number, range = 1, protocol = "tcp") => ({
    host_ip,
    container_port,
    host_port,
    range,
    protocol,
  });
  assert.deepEqual(portmappings, [
    port("", 0, 80),
    port("", 8080, 80),
    port("127.0.0.1", 53, 53, 1, "udp"),
    port("::1", 1000, 2000, 3),
    port("1.2.3.4", 0, 90),
    port("", 1, 2),
  ]);
});

Deno.test("specFromFlags() reads networks with their options", () => {
  assert.deepEqual(specOf({ network: ["host"] }).netns, { nsmode: "host" });
  assert.deepEqual(specOf({ network: ["container:abc"] }).netns, { nsmode: "container", value: "abc" });
  assert.deepEqual(specOf({ network: ["ns:/run/netns/x"] }).netns, { nsmode: "path", value: "/run/netns/x" });
  const slirp = specOf({ network: ["slirp4netns:mtu=1500,cidr=10.0.3.0/24"] });
  assert.deepEqual([slirp.netns, slirp.network_options], [{ nsmode: "slirp4netns" }, {
    slirp4netns: ["mtu=1500", "cidr=10.0.3.0/24"],
  }]);
  const two = specOf({
    network: ["a:ip=10.0.0.5,mac=AA-bb-cc-dd-ee-ff,alias=x,alias=y", "bridge:interface_name=lan0"],
  });
  assert.deepEqual(two.Networks, {
    a: {
      interface_name: "",
      static_ips: ["10.0.0.5"],
      static_mac: "aa:bb:cc:dd:ee:ff",
      aliases: ["x", "y"],
    },
    default: { interface_name: "lan0" },
  });
  const extra = specOf({ ip: "10.88.0.9", "network-alias": ["z"] });
  assert.deepEqual(extra.netns, { nsmode: "bridge" });
  assert.deepEqual(extra.Networks, { default: { interface_name: "", static_ips: ["10.88.0.9"], aliases: ["z"] } });
});

Deno.test("specFromFlags() takes the environment from flags, files and, by name, from the caller", () => {
  const files = { "/e": "# comment\n\n  A=1 \nHOST_ONLY\nNONE\n__proto__=x\n", "/f": "A=2" };
  const { env } = specOf({ "env-file": ["/e", "/f"], env: ["B=3=4", "HOST_T*", "EMPTY="] }, ["bb"], files);
  const expected = { A: "2", HOST_ONLY: "here", ["__proto__"]: "x", B: "3=4", HOST_TWO: "there", EMPTY: "" };
  assert.deepEqual(Object.entries(env ?? {}).toSorted(), Object.entries(expected).toSorted());
});

Deno.test("specFromFlags() reads labels of files and flags, the flag winning", () => {
  const { labels } = specOf({ "label-file": ["/l"], label: ["a=2", "bare"] }, ["bb"], { "/l": "a=1\n#x\nb=c=d\n" });
  assert.deepEqual(labels, { a: "2", b: "c=d", bare: "" });
});

Deno.test("specFromFlags() reads an entrypoint as a word or as JSON", () => {
  assert.deepEqual(specOf({ entrypoint: "/bin/x" }).entrypoint, ["/bin/x"]);
  assert.deepEqual(specOf({ entrypoint: '["a","b c"]' }).entrypoint, ["a", "b c"]);
  assert.deepEqual(specOf({ entrypoint: "[not json" }).entrypoint, ["[not json"]);
  assert.deepEqual(specOf({ entrypoint: "" }).entrypoint, [""]);
});

Deno.test("specFromFlags() reads health checks as Podman splits them", () => {
  const test = (command: string) => specOf({ "health-cmd": command }).healthconfig?.Test;
  assert.deepEqual(test("curl -f x || exit 1"), ["CMD-SHELL", "curl -f x || exit 1"]);
  assert.deepEqual(test('["curl","-f","x"]'), ["CMD", "curl", "-f", "x"]);
  assert.deepEqual(test("CMD curl x"), ["CMD", "curl", "x"]);
  assert.deepEqual(test("CMD-SHELL curl x | cat"), ["CMD-SHELL", "curl x | cat"]);
  assert.deepEqual(test("none"), ["NONE"]);
  assert.deepEqual(specOf({ "health-interval": "5s" }).healthconfig, { Interval: 5e9 });
});

Deno.test("specFromFlags() turns --cpus into a quota and doubles memory for swap", () => {
  const { resource_limits } = specOf({ cpus: 0.5, memory: "1.5g", "cpuset-cpus": "0-1,3", "pids-limit": -1 });
  assert.deepEqual(resource_limits, {
    memory: { limit: 1610612736, swap: 3221225472 },
    cpu: { period: 100000, quota: 50000, cpus: "0-1,3" },
    pids: { limit: -1 },
  });
});

Deno.test("specFromFlags() reads a root file system in the image's place", () => {
  const spec = specOf({ rootfs: true }, ["/root/fs:O", "sh"]);
  assert.deepEqual([spec.image, spec.rootfs, spec.rootfs_overlay, spec.command], ["", "/root/fs", true, ["sh"]]);
});

Deno.test("specFromFlags() only ever throws EngineError, whatever the flags", () => {
  let seed = 7;
  const random = (limit: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % limit;
  const pieces = [
    "/",
    ":",
    ",",
    "=",
    "a",
    "ro",
    "host",
    "container",
    "ip",
    "[",
    "]",
    "-",
    "1",
    "65536",
    " ",
    "\0",
    "é",
    '"',
  ];
  const text = () => Array.from({ length: random(8) }, () => pieces[random(pieces.length)]).join("");
  const names = ["volume", "mount", "tmpfs", "publish", "network", "ulimit", "device", "env", "security-opt", "sysctl"];
  const single = ["userns", "pid", "ipc", "memory", "restart", "health-cmd", "platform", "umask", "entrypoint", "tz"];
  for (let round = 0; round < 3000; round++) {
    const flags = {
      [names[random(names.length)] ?? ""]: [text(), text()],
      [single[random(single.length)] ?? ""]: text(),
    };
    try {
      resolved(specOf(flags));
    } catch (error) {
      assert.ok(error instanceof EngineError, `${JSON.stringify(flags)}: ${error}`);
    }
  }
});
