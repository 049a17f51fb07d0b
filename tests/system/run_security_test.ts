/** What a container may do: capabilities, system calls, namespaces, devices, limits. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { assertFails, lines, suite } from "../support/suite.ts";
import { twoPlaces } from "../support/place.ts";
import { box, loadBox } from "../support/images.ts";

const test = suite("run", { wheres: twoPlaces, prepare: loadBox });
const quiet = ["run", "--rm", "--network", "none"];
const status = (field: string) => ["sh", "-c", `grep ^${field}: /proc/self/status | cut -f2`];

/** Capabilities by their bit, in the kernel's order. */
const bits: Readonly<Record<string, bigint>> = { chown: 0n, kill: 5n, net_admin: 12n, net_raw: 13n, sys_admin: 21n };
const defaults = 0x800405fbn;

function mask(text: string): bigint {
  return BigInt(`0x${text}`);
}

test("the capabilities are Podman's", async (place) => {
  assert.equal(mask(await place.must([...quiet, box, ...status("CapEff")])), defaults);
  assert.equal(mask(await place.must([...quiet, box, ...status("CapBnd")])), defaults);
});

test("--cap-add and --cap-drop change them, by either spelling", async (place) => {
  const flags = ["--cap-add", "net_admin", "--cap-drop", "CAP_CHOWN"];
  const wanted = (defaults | 1n << (bits.net_admin ?? 0n)) & ~(1n << (bits.chown ?? 0n));
  assert.equal(mask(await place.must([...quiet, ...flags, box, ...status("CapEff")])), wanted);
});

test("--cap-drop all --cap-add kill leaves one", async (place) => {
  const flags = ["--cap-drop", "all", "--cap-add", "kill"];
  assert.equal(mask(await place.must([...quiet, ...flags, box, ...status("CapEff")])), 1n << (bits.kill ?? 0n));
});

test("an unknown capability is refused", async (place) => {
  const result = await place.run([...quiet, "--cap-add", "nonesuch", box, "true"]);
  assertFails(result, { code: 125, error: /"?CAP_NONESUCH"?: unknown capability|unknown capability.*CAP_NONESUCH/i });
});

test("another user has none in effect", async (place) => {
  assert.equal(mask(await place.must([...quiet, "-u", "ann", box, ...status("CapEff")])), 0n);
});

test("--privileged has more, and no filter", async (place) => {
  const held = mask(await place.must([...quiet, "--privileged", box, ...status("CapEff")]));
  assert.notEqual(held & 1n << (bits.sys_admin ?? 0n), 0n);
  assert.equal(await place.must([...quiet, "--privileged", box, ...status("Seccomp")]), "0");
});

test("system calls are filtered, unless unconfined", async (place) => {
  assert.equal(await place.must([...quiet, box, ...status("Seccomp")]), "2");
  assert.equal(await place.must([...quiet, "--security-opt", "seccomp=unconfined", box, ...status("Seccomp")]), "0");
});

test("no-new-privileges is set", async (place) => {
  assert.equal(await place.must([...quiet, box, ...status("NoNewPrivs")]), "0");
  assert.equal(await place.must([...quiet, "--security-opt", "no-new-privileges", box, ...status("NoNewPrivs")]), "1");
});

test("label=disable and apparmor=unconfined are accepted", async (place) => {
  const flags = ["--security-opt", "label=disable", "--security-opt", "apparmor=unconfined"];
  assert.equal(await place.must([...quiet, ...flags, box, "echo", "x"]), "x");
});

test("kernel files are masked and read-only, mask and unmask change that", async (place) => {
  const look = ["sh", "-c", "wc -c </proc/timer_list; grep -c '^proc /proc/sys proc ro,' /proc/mounts"];
  assert.equal(await place.must([...quiet, box, ...look]), "0\n1");
  const flags = ["--security-opt", "mask=/etc/plain"];
  assert.equal(await place.must([...quiet, ...flags, box, "wc", "-c", "/etc/plain"]), "0 /etc/plain");
  const open = await place.must([
    ...quiet,
    "--security-opt",
    "unmask=/proc/timer_list",
    box,
    "sh",
    "-c",
    "grep -c ' /proc/timer_list ' /proc/mounts || true",
  ]);
  assert.equal(open, "0");
});

test("the namespaces are the container's own", async (place) => {
  const names = ["pid", "ipc", "uts", "mnt", "net"];
  const look = ["sh", "-c", names.map((name) => `readlink /proc/self/ns/${name}`).join(";")];
  const inside = lines(await place.must([...quiet, box, ...look]));
  const outside = lines((await place.host(look)).stdout);
  assert.deepEqual(inside.filter((name) => outside.includes(name)), []);
});

for (const kind of ["pid", "ipc", "uts"]) {
  test(`--${kind} host shares the host's`, async (place) => {
    // Ordinary users get the host's /dev/mqueue bound then, which a build machine may lack.
    if (place.rootless && kind === "ipc" && !existsSync("/dev/mqueue")) return;
    const look = ["readlink", `/proc/self/ns/${kind}`];
    const inside = await place.must([...quiet, `--${kind}`, "host", box, ...look]);
    assert.equal(inside, (await place.host(look)).stdout.trim());
  });
}

test("--network host shares the host's", async (place) => {
  const look = ["readlink", "/proc/self/ns/net"];
  assert.equal(
    await place.must(["run", "--rm", "--network", "host", box, ...look]),
    (await place.host(look)).stdout.trim(),
  );
});

for (const kind of ["pid", "ipc", "network"]) {
  test(`--${kind} container:NAME shares another container's`, async (place) => {
    const file = kind === "network" ? "net" : kind;
    await place.must([
      "run",
      "-d",
      "--name",
      `first-${kind}`,
      "--network",
      "none",
      "--ipc",
      "shareable",
      box,
      "sleep",
      "100",
    ]);
    const look = ["readlink", `/proc/self/ns/${file}`];
    const other = await place.must(["exec", `first-${kind}`, ...look]);
    const flags = [`--${kind}`, `container:first-${kind}`, ...(kind === "network" ? [] : ["--network", "none"])];
    assert.equal(await place.must(["run", "--rm", ...flags, box, ...look]), other);
    await place.must(["rm", "-f", "-t", "0", `first-${kind}`]);
  });
}

test("--device adds a device, and it is refused otherwise", async (place) => {
  const has = await place.must([...quiet, "--device", "/dev/fuse", box, "sh", "-c", "test -c /dev/fuse && echo there"]);
  assert.equal(has, "there");
  const has2 = await place.must([
    ...quiet,
    "--device",
    "/dev/fuse:/dev/other",
    box,
    "sh",
    "-c",
    "test -c /dev/other && echo there",
  ]);
  assert.equal(has2, "there");
  assert.equal(await place.must([...quiet, box, "sh", "-c", "test -e /dev/fuse || echo absent"]), "absent");
});

test("an unknown device is refused", async (place) => {
  const result = await place.run([...quiet, "--device", "/dev/nonesuch", box, "true"]);
  assertFails(result, { code: 125, error: /stat(ting)? .*\/dev\/nonesuch"?: no such file or directory/ });
});

test("the usual devices are there and no others", async (place) => {
  const names = lines(await place.must([...quiet, box, "ls", "/dev"]));
  const usual = [
    "core",
    "fd",
    "full",
    "mqueue",
    "null",
    "ptmx",
    "pts",
    "random",
    "shm",
    "stderr",
    "stdin",
    "stdout",
    "tty",
    "urandom",
    "zero",
  ];
  assert.deepEqual(
    names.filter((name) => !["core", "console"].includes(name)),
    usual.filter((name) => name !== "core"),
  );
});

test("--ulimit sets limits", async (place) => {
  const look = ["sh", "-c", "ulimit -Sn; ulimit -Hn"];
  assert.equal(
    await place.must([...quiet, "--ulimit", "nofile=100:200", "--ulimit", "nproc=50:60", box, ...look]),
    "100\n200",
  );
});

test("a limit above the host's is lowered to it", async (place) => {
  const flags = ["--ulimit", "nofile=9000000:9000000", "--ulimit", "nproc=9000000:9000000"];
  const hard = (await place.host(["sh", "-c", "ulimit -Hn"])).stdout.trim();
  assert.equal(await place.must([...quiet, ...flags, box, "sh", "-c", "ulimit -Hn"]), hard);
}, { onlyBeluga: "Podman as root fails where the host lacks CAP_SYS_RESOURCE" });

test("--sysctl sets the namespace's values", async (place) => {
  const flags = ["--sysctl", "net.ipv4.ip_unprivileged_port_start=77"];
  assert.equal(
    await place.must([...quiet, ...flags, box, "cat", "/proc/sys/net/ipv4/ip_unprivileged_port_start"]),
    "77",
  );
});

test("a sysctl of the host's is refused", async (place) => {
  const result = await place.run([...quiet, "--sysctl", "kernel.panic=1", box, "true"]);
  assert.notEqual(result.code, 0);
  assert.match(result.stderr, /kernel\.panic|sysctl/);
});

test("--userns host is accepted", async (place) => {
  assert.equal(await place.must([...quiet, "--userns", "host", box, "id", "-u"]), "0");
});
