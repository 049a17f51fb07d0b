import assert from "node:assert/strict";
import { capabilityNames } from "./capabilities.ts";
import { encodeRuntimeConfig, runtimeConfig } from "./runtime_config.ts";
import type { RuntimeFacts } from "./runtime_facts.ts";
import type { FlagValue } from "./flag_reader.ts";
import type { RuntimeMount, RuntimeSpec } from "../oci/runtime_spec.ts";
import { type Overrides, resolved, specOf, testFacts, testImage } from "./support_test.ts";
import { unlimited } from "./ulimits.ts";

type Case = {
  readonly overrides?: Overrides;
  readonly flags: Readonly<Record<string, FlagValue>>;
  readonly args?: readonly string[];
  readonly facts?: Partial<RuntimeFacts>;
};

/** The engine of a normal user, and an image without volumes. */
const user: Overrides = {
  host: { rootless: true, uid: 1000, boundingCapabilities: capabilityNames.toSorted() },
  image: { ...testImage, config: { Cmd: ["sh"], Env: ["FOO=bar"] } },
};
const rootless: Partial<RuntimeFacts> = {
  rootless: true,
  hostDevices: () => [{ path: "/dev/fuse", type: "c", major: 10, minor: 229 }],
};

/** How Podman 4.3.1 was called for each file in golden/, as flags; see golden/README.md. */
const cases: Readonly<Record<string, Case>> = {
  default: { flags: { network: ["none"] }, args: ["bb", "true"] },
  privileged: { flags: { network: ["none"], privileged: true }, args: ["bb", "true"] },
  tty: { flags: { network: ["none"], tty: true, interactive: true }, args: ["bb", "sh"] },
  ro: { flags: { network: ["none"], "read-only": true } },
  host: { flags: { network: ["host"], pid: "host", ipc: "host", uts: "host" } },
  many: {
    args: ["bb", "sh", "-c", "true"],
    flags: {
      network: ["none"],
      memory: "512m",
      cpus: 1.5,
      "cpu-shares": 512,
      "pids-limit": 100,
      sysctl: ["net.ipv4.ip_forward=1"],
      tmpfs: ["/t:size=1m"],
      mount: ["type=tmpfs,dst=/t2"],
      volume: ["/tmp:/h:ro", "vol:/vv"],
      device: ["/dev/fuse:/dev/ff:rw"],
      ulimit: ["nofile=100:200"],
      "cap-add": ["NET_ADMIN"],
      "cap-drop": ["KILL"],
      "security-opt": ["no-new-privileges"],
      annotation: ["a=b"],
      init: true,
      "group-add": ["wheel"],
      user: "app",
      umask: "0027",
      env: ["A=1"],
      tz: "UTC",
    },
    facts: {
      user: { uid: 1000, gid: 1000, additionalGids: [1000, 10], home: "/home/app" },
      files: [...testFacts.files, { destination: "/etc/localtime", source: "/RUN/localtime" }],
    },
  },
  unmask: { flags: { network: ["none"], "security-opt": ["unmask=ALL", "seccomp=unconfined"] } },
  unmask2: {
    flags: { network: ["none"], "security-opt": ["unmask=/proc/acpi:/sys/firmware", "mask=/tmp/x"] },
  },
  readpriv: { flags: { network: ["none"], privileged: true, "read-only": true } },
  capall: { flags: { network: ["none"], "cap-add": ["ALL"] } },
  uidmap: { flags: { network: ["none"], uidmap: ["0:100000:65536"] } },
  user1000: {
    flags: { network: ["none"], user: "1000", "cap-add": ["NET_RAW"] },
    facts: { user: { uid: 1000, gid: 1000, additionalGids: [1000, 10], home: "/home/app" } },
  },
  rootless_default: { flags: { network: ["none"] }, args: ["bb", "true"], facts: rootless, overrides: user },
  rootless_priv: {
    flags: { network: ["none"], privileged: true },
    args: ["bb", "true"],
    facts: rootless,
    overrides: user,
  },
  rootless_dev: {
    flags: { network: ["none"], device: ["/dev/fuse"], memory: "10m" },
    args: ["bb", "true"],
    facts: rootless,
    overrides: user,
  },
};

function made({ flags, args, facts, overrides }: Case): RuntimeSpec {
  const container = resolved(specOf(flags, args), overrides);
  const isHost = flags.network !== undefined && String(flags.network) === "host";
  const files = isHost
    ? [...testFacts.files, { destination: "/etc/resolv.conf", source: "/RUN/resolv.conf" }]
    : testFacts.files;
  return runtimeConfig(container, {
    ...testFacts,
    files,
    shm: container.namespaces.ipc.nsmode === "host" ? { tag: "bind", source: "/dev/shm" } : testFacts.shm,
    hostDevices: () => [{ path: "/dev/full", type: "c", major: 1, minor: 7, fileMode: 0o20666, uid: 0, gid: 0 }],
    ...facts,
  });
}

const byDestination = (a: RuntimeMount, b: RuntimeMount) => a.destination < b.destination ? -1 : 1;

/** What the golden files keep: without annotations of the engine, seccomp rules, order. */
function comparable(spec: RuntimeSpec): unknown {
  const { linux = {}, process, mounts = [], ociVersion: _, annotations: __, ...rest } = spec;
  const { seccomp: ___, resources, ...kernel } = linux;
  return JSON.parse(JSON.stringify({
    ...rest,
    process: { ...process, env: [...process?.env ?? []].filter((line) => line !== "TERM=xterm").toSorted() },
    mounts: mounts.map((mount) => ({ ...mount, options: [...mount.options ?? []].toSorted() })).toSorted(byDestination),
    linux: {
      ...kernel,
      maskedPaths: [...linux.maskedPaths ?? []].filter((path) => !path.endsWith("/powercap")).toSorted(),
      readonlyPaths: [...linux.readonlyPaths ?? []].toSorted(),
      devices: (linux.devices ?? []).map(({ fileMode = 0, ...device }) => ({ ...device, fileMode: fileMode & 0o7777 })),
      namespaces: [...linux.namespaces ?? []].map(({ type }) => type).toSorted(),
      resources,
    },
  }));
}

/** Differences that are meant; each is told in golden/README.md. */
function withMeantDifferences(name: string, golden: RuntimeSpec): RuntimeSpec {
  const mounts = golden.mounts ?? [];
  if (name !== "ro" && name !== "readpriv") return golden;
  const environment = {
    destination: "/run/.containerenv",
    type: "bind",
    source: "/RUN/.containerenv",
    options: ["bind", "nodev", "noexec", "nosuid", "ro", "rprivate"],
  };
  return { ...golden, mounts: [...mounts, environment] };
}

for (const [name, input] of Object.entries(cases)) {
  Deno.test(`runtimeConfig() makes what Podman makes: ${name}`, () => {
    const golden: RuntimeSpec = JSON.parse(
      Deno.readTextFileSync(new URL(`golden/${name}.json`, import.meta.url)),
    );
    assert.deepEqual(comparable(made(input)), comparable(withMeantDifferences(name, golden)));
  });
}

Deno.test("encodeRuntimeConfig() writes no limit as the kernel's number and leaves text alone", () => {
  const spec = made({
    flags: { ulimit: ["memlock=-1:-1"], env: ['X="hard":18446744073709552000'], network: ["none"] },
  });
  const text = encodeRuntimeConfig(spec);
  assert.match(text, /"hard":18446744073709551615,"soft":18446744073709551615/);
  assert.ok(text.includes(String.raw`X=\"hard\":18446744073709552000`));
});

Deno.test("runtimeConfig() never asks for more than the engine's own hard limits", () => {
  const limits = new Map([["RLIMIT_NOFILE", { soft: 1024, hard: 20_000 }]]);
  const { process } = made({ flags: { ulimit: ["nofile=-1", "core=5:unlimited"] }, facts: { limits } });
  const find = (type: string) => process?.rlimits?.find((limit) => limit.type === type);
  assert.deepEqual(find("RLIMIT_NOFILE"), { type: "RLIMIT_NOFILE", soft: 20_000, hard: 20_000 });
  assert.deepEqual(find("RLIMIT_CORE"), { type: "RLIMIT_CORE", soft: 5, hard: unlimited });
});

Deno.test("runtimeConfig() for a normal user on cgroup v1 has no limits, no device rules and bound devices", () => {
  const spec = made({
    flags: { memory: "1g", device: ["/dev/fuse"], network: ["host"] },
    facts: { rootless: true, availableGids: 1 },
  });
  assert.deepEqual(spec.linux?.resources, {});
  assert.equal(spec.linux?.devices, undefined);
  const find = (path: string) => spec.mounts?.find(({ destination }) => destination === path);
  assert.deepEqual(find("/dev/fuse")?.options, ["slave", "nosuid", "noexec", "rw", "rbind"]);
  assert.deepEqual(find("/sys"), {
    destination: "/sys",
    type: "bind",
    source: "/sys",
    options: ["rprivate", "nosuid", "noexec", "nodev", "ro", "rbind"],
  });
  assert.equal(find("/sys/fs/cgroup"), undefined);
  assert.ok(!find("/dev/pts")?.options?.some((option) => option.startsWith("gid=")));
});

Deno.test("runtimeConfig() with the host's pids in a user namespace binds /proc", () => {
  const spec = made({ flags: { pid: "host", ipc: "host", network: ["none"] }, facts: { rootless: true } });
  const find = (path: string) => spec.mounts?.find(({ destination }) => destination === path);
  assert.equal(find("/proc")?.type, "bind");
  assert.equal(find("/dev/mqueue")?.type, "bind");
  assert.deepEqual(spec.linux?.readonlyPaths, []);
});

Deno.test("runtimeConfig() lets a bind mount of /dev stand in for what would be mounted below it", () => {
  const spec = made({ flags: { volume: ["/dev:/dev", "/x:/etc/hosts"], network: ["none"] } });
  const destinations = spec.mounts?.map(({ destination }) => destination) ?? [];
  assert.equal(destinations.filter((path) => path.startsWith("/dev")).length, 1);
  assert.equal(destinations.filter((path) => path === "/etc/hosts").length, 1);
});

Deno.test("runtimeConfig() joins namespaces by path and has no own where the host's are used", () => {
  const spec = made({
    flags: { pid: "host", network: ["none"] },
    facts: { namespaces: { net: "/run/netns/x", ipc: "/proc/7/ns/ipc" } },
  });
  assert.deepEqual(spec.linux?.namespaces, [
    { type: "network", path: "/run/netns/x" },
    { type: "ipc", path: "/proc/7/ns/ipc" },
    { type: "uts" },
    { type: "mount" },
  ]);
});
