import assert from "node:assert/strict";
import type { Container } from "../engine/container.ts";
import { resolved, specOf, testId, testImage, volumeName } from "./support_test.ts";

const rootless = { rootless: true, uid: 1000, gid: 1001 };

Deno.test("resolveContainer() joins entrypoint and command as Podman does", () => {
  const image = { ...testImage, config: { Entrypoint: ["/entry"], Cmd: ["default"] } };
  const args = (flags: Record<string, string>, words: readonly string[]) =>
    resolved(specOf(flags, ["bb", ...words]), { image }).process.args;
  assert.deepEqual(args({}, []), ["/entry", "default"]);
  assert.deepEqual(args({}, ["x", "y"]), ["/entry", "x", "y"]);
  assert.deepEqual(args({ entrypoint: "/own" }, []), ["/own"]);
  assert.deepEqual(args({ entrypoint: "/own" }, ["x"]), ["/own", "x"]);
  assert.deepEqual(args({ entrypoint: "" }, ["x"]), ["x"]);
});

Deno.test("resolveContainer() refuses a container without a command", () => {
  const image = { ...testImage, config: {} };
  assert.throws(() => resolved(specOf({}), { image }), {
    message: "no command or entrypoint provided, and no CMD or ENTRYPOINT from image",
  });
});

Deno.test("resolveContainer() lets given variables win over the image's, and those over containers.conf", () => {
  const image = { ...testImage, config: { Cmd: ["x"], Env: ["A=image", "B=image", "PATH=/image", "bad"] } };
  const spec = specOf({ env: ["A=given"], "env-merge": ["PATH=/more:${PATH}"], unsetenv: ["container"], tty: true });
  const { env } = resolved(spec, { image, containers: { env: ["B=conf", "C=conf"] } }).process;
  assert.deepEqual(env, {
    PATH: "/more:/image",
    A: "given",
    B: "image",
    C: "conf",
    TERM: "xterm",
    bad: "",
  });
});

Deno.test("resolveContainer() hands proxies on, and the rest of the host's environment only when asked", () => {
  const env = { http_proxy: "p", SECRET: "s", NO_PROXY: "n" };
  const of = (flags: Record<string, boolean>) => resolved(specOf(flags), { host: { env } }).process.env;
  assert.deepEqual([of({}).http_proxy, of({}).NO_PROXY, of({}).SECRET], ["p", "n", undefined]);
  assert.equal(of({ "http-proxy": false }).http_proxy, undefined);
  assert.equal(of({ "env-host": true }).SECRET, "s");
});

Deno.test("resolveContainer() gives an image no say in privileges, devices or paths of the host", () => {
  const hostile = {
    ...testImage,
    config: {
      Cmd: ["sh"],
      Env: ["HOST=$SECRET"],
      StopSignal: "not a signal",
      Volumes: { "/": {}, "rel/ative": {}, "/../../etc": {}, "/ok/": {} },
      ExposedPorts: { "80/tcp": {}, "x/y": {}, "99999/tcp": {}, "7/udp": {} },
      Labels: { "io.containers.capabilities": "SYS_ADMIN", "io.podman.annotations.privileged": "TRUE" },
      WorkingDir: "../..",
      Healthcheck: { Test: [] },
    },
  };
  const made = resolved(specOf({}), { image: hostile, host: { env: { SECRET: "s" } } });
  assert.equal(made.security.privileged, false);
  assert.ok(!made.security.capabilities.includes("CAP_SYS_ADMIN"));
  assert.deepEqual([made.devices, made.mounts, made.annotations], [[], [], {}]);
  assert.deepEqual(made.volumes.map(({ destination }) => destination), ["/etc", "/ok"]);
  assert.deepEqual(made.network.exposed, ["7/udp", "80/tcp"]);
  assert.equal(made.process.env.HOST, "$SECRET");
  assert.deepEqual([made.stopSignal, made.process.cwd, made.health], [15, "/", null]);
});

Deno.test("resolveContainer() names anonymous volumes and lets given mounts stand in their place", () => {
  const own = resolved(specOf({}));
  assert.deepEqual(own.volumes, [{
    name: volumeName,
    destination: "/data",
    options: ["rprivate", "rw", "nodev", "exec", "nosuid", "rbind"],
    anonymous: true,
  }]);
  assert.deepEqual(resolved(specOf({ volume: ["/tmp:/data"] })).volumes, []);
  assert.deepEqual(resolved(specOf({ "image-volume": "ignore" })).volumes, []);
  assert.deepEqual(resolved(specOf({ "image-volume": "tmpfs" })).mounts.map(({ type }) => type), ["tmpfs"]);
});

Deno.test("resolveContainer() keeps the flags of a bind mount's file system", () => {
  const mountFlags = () => ({ nosuid: true, nodev: true, noexec: true });
  const [mount] = resolved(specOf({ volume: ["/tmp:/x:exec"] }), { host: { mountFlags } }).mounts;
  assert.deepEqual(mount?.options, ["exec", "rw", "rprivate", "nosuid", "nodev", "rbind"]);
});

Deno.test("resolveContainer() puts mounts and volumes of containers.conf below given ones", () => {
  const containers = { volumes: ["/tmp:/a", "named:/b"], mounts: ["type=tmpfs,dst=/c"] };
  const made = resolved(specOf({ volume: ["/usr:/a"] }), { containers });
  assert.deepEqual(made.mounts.map(({ source, destination }) => [source, destination]), [["/usr", "/a"], [
    "tmpfs",
    "/c",
  ]]);
  assert.deepEqual(made.volumes.map(({ name }) => name), ["named", volumeName]);
});

Deno.test("resolveContainer() joins the default network with the short id as alias", () => {
  const { network, namespaces } = resolved(specOf({}));
  assert.deepEqual(namespaces.net, { nsmode: "bridge" });
  assert.deepEqual(network.networks, { podman: { interface_name: "eth0", aliases: [testId.slice(0, 12)] } });
  assert.equal(network.hostname, testId.slice(0, 12));
});

Deno.test("resolveContainer() connects a normal user's container without privileges unless networks are named", () => {
  const mode = (network: readonly string[]) => resolved(specOf({ network }), { host: rootless }).namespaces.net.nsmode;
  assert.deepEqual([mode([]), mode(["private"]), mode(["mine"]), mode(["host"])], ["pasta", "pasta", "bridge", "host"]);
});

Deno.test("resolveContainer() publishes exposed ports with -P, and none without a network of one's own", () => {
  const spec = specOf({ "publish-all": true, publish: ["8080:80"], expose: ["90-91/udp"] });
  const ports = resolved(spec).network.ports.map((one) => `${one.host_port}:${one.container_port}/${one.protocol}`);
  assert.deepEqual(ports, ["8080:80/tcp", "0:90/udp", "0:91/udp"]);
  assert.deepEqual(resolved(specOf({ publish: ["80:80"], network: ["none"] })).network.ports, []);
});

Deno.test("resolveContainer() maps ids as keep-id, nomap and auto want", () => {
  const of = (userns: string) => resolved(specOf({ userns }), { host: rootless });
  const keep = of("keep-id");
  assert.equal(keep.process.user, "1000:1001");
  assert.deepEqual(keep.idMappings.uid, [
    { container_id: 0, host_id: 1, size: 1000 },
    { container_id: 1000, host_id: 0, size: 1 },
    { container_id: 1001, host_id: 1001, size: 64536 },
  ]);
  assert.equal(of("keep-id:uid=5,gid=6").process.user, "5:6");
  assert.deepEqual(of("nomap").idMappings.gid, [{ container_id: 0, host_id: 1, size: 65536 }]);
  assert.deepEqual(of("auto:size=4096").idMappings.uid, [{ container_id: 0, host_id: 100000, size: 4096 }]);
});

Deno.test("resolveContainer() joins namespaces of another container and depends on it", () => {
  const donor: Container = { ...resolved(specOf({ hostname: "donor" })), id: "e".repeat(64) as Container["id"] };
  const container = (name: string) => name === "donor" || name === donor.id ? donor : null;
  const made = resolved(specOf({ network: ["container:donor"], ipc: "container:donor" }), { host: { container } });
  assert.deepEqual(made.namespaces.net, { nsmode: "container", value: donor.id });
  assert.deepEqual(made.dependencies, [donor.id]);
  assert.deepEqual([made.network.hostname, made.shmSize], ["donor", 0]);
  const closed = { ...donor, namespaces: { ...donor.namespaces, ipc: { nsmode: "private" } } };
  assert.throws(() => resolved(specOf({ ipc: "container:donor" }), { host: { container: () => closed } }), {
    message: /non-shareable IPC/,
  });
});

Deno.test("resolveContainer() looks up devices, alone and in directories", () => {
  const { devices } = resolved(specOf({ device: ["/dev/fuse:/dev/ff:r", "/dev/dir"] }));
  assert.deepEqual(
    devices.map(({ path, hostPath, access, type, minor }) => ({ path, hostPath, access, type, minor })),
    [
      { path: "/dev/ff", hostPath: "/dev/fuse", access: "r", type: "c", minor: 229 },
      { path: "/dev/dir/one", hostPath: "/dev/dir/one", access: "rwm", type: "b", minor: 1 },
    ],
  );
});

Deno.test("resolveContainer() drops and adds capabilities, exceptions from ALL included", () => {
  const caps = (add: readonly string[], drop: readonly string[]) =>
    resolved(specOf({ "cap-add": add, "cap-drop": drop })).security.capabilities;
  assert.deepEqual(caps(["net_admin", "CAP_SYS_TIME"], ["all"]), ["CAP_NET_ADMIN", "CAP_SYS_TIME"]);
  assert.ok(!caps(["all"], ["mknod"]).includes("CAP_MKNOD"));
  assert.throws(() => caps(["mknod"], ["mknod"]), { message: 'capability "CAP_MKNOD" cannot be dropped and added' });
});

Deno.test("resolveContainer() takes health checks from the image, changed or taken away", () => {
  const image = { ...testImage, config: { Cmd: ["x"], Healthcheck: { Test: ["CMD", "t"], Retries: 9 } } };
  assert.deepEqual(resolved(specOf({}), { image }).health, { Test: ["CMD", "t"], Retries: 9 });
  assert.deepEqual(resolved(specOf({ "health-interval": "1s" }), { image }).health, {
    Test: ["CMD", "t"],
    Retries: 9,
    Interval: 1e9,
  });
  assert.equal(resolved(specOf({ "no-healthcheck": true }), { image }).health, null);
});

Deno.test("resolveContainer() reads lists that a Go client leaves empty as not given", () => {
  const spec = {
    image: "bb",
    dns_server: [],
    r_limits: [],
    netns: {},
    userns: {},
    expose: {},
    Networks: {},
    shm_size: 0,
  };
  const made = resolved(spec, { containers: { dns_servers: ["9.9.9.9"] } });
  assert.deepEqual(made.network.dnsServers, ["9.9.9.9"]);
  assert.deepEqual(made.process.rlimits[0], { type: "RLIMIT_NOFILE", soft: 1024, hard: 4096 });
  assert.equal(made.shmSize, 65536000);
});

Deno.test("resolveContainer() refuses ports on the wire that no socket has", () => {
  const port = { host_ip: "", container_port: 70000, host_port: 0, range: 0, protocol: "tcp" };
  assert.throws(() => resolved({ image: "bb", portmappings: [port] }), { message: /between 1 and 65535/ });
});

Deno.test("resolveContainer() puts configured options of the network helper before given ones", () => {
  const spec = specOf({ network: ["pasta:-T,80"] });
  assert.deepEqual(resolved(spec).network.options, { pasta: ["--ipv4-only", "-T", "80"] });
});

Deno.test("resolveContainer() logs to a file where only containers.conf wants the journal", () => {
  assert.equal(resolved(specOf({}), { containers: { log_driver: "journald" } }).log.driver, "k8s-file");
});
