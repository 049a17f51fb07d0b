import assert from "node:assert/strict";
import type { ConfigInput, ConfigOverrides } from "./config.ts";
import { chooseConnection } from "./connections.ts";
import { allKeys } from "./keys.ts";
import { loadConfig } from "./load_config.ts";

type Given = {
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly owners?: Readonly<Record<string, number>>;
  readonly overrides?: ConfigOverrides;
};

function input(files: Readonly<Record<string, string>>, given: Given = {}): ConfigInput {
  return {
    env: given.env ?? {},
    uid: given.uid ?? 0,
    home: given.uid ? "/home/me" : "/root",
    files: {
      read: (path) => files[path] ?? null,
      list: (dir) =>
        Object.keys(files).filter((path) => path.startsWith(`${dir}/`)).map((path) => path.slice(dir.length + 1))
          .filter((name) => !name.includes("/")),
      owner: (path) => given.owners?.[path] ?? null,
    },
    ...(given.overrides && { overrides: given.overrides }),
  };
}

const etc = "/etc/containers/containers.conf";

Deno.test("loadConfig() without any file has the defaults and our own places", async () => {
  const config = await loadConfig(input({}));
  assert.equal(config.containers.pids_limit, 2048);
  assert.deepEqual(config.sources, []);
  assert.deepEqual([config.paths.root, config.paths.runRoot, config.paths.volumes, config.rootless], [
    "/var/lib/beluga",
    "/run/beluga",
    "/var/lib/beluga/volumes",
    false,
  ]);
  assert.ok(Object.isFrozen(config) && Object.isFrozen(config.engine));
});

Deno.test("loadConfig() reads files in Podman's order, the later winning key by key", async () => {
  const files = {
    "/usr/share/containers/containers.conf": '[engine]\nruntime = "a"\nretry = 7\n[containers]\ntz = "UTC"\n',
    [etc]: '[engine]\nruntime = "b"\n',
    [`${etc}.d/20.conf`]: '[engine]\nruntime = "d"\n',
    [`${etc}.d/10.conf`]: '[engine]\nruntime = "c"\n',
    [`${etc}.d/readme.txt`]: "not toml at all",
    "/etc/containers/containers.rootless.conf": "[engine]\nretry = 8\n",
    "/etc/containers/containers.rootless.conf.d/1000/x.conf": "[engine]\nretry = 9\n",
    "/home/me/.config/containers/containers.conf": '[containers]\ntz = "local"\n',
  };
  const root = await loadConfig(input(files));
  assert.deepEqual([root.engine.runtime, root.engine.retry, root.containers.tz], ["d", 7, "UTC"]);
  const user = await loadConfig(input(files, { uid: 1000 }));
  assert.deepEqual([user.engine.runtime, user.engine.retry, user.containers.tz], ["d", 9, "local"]);
  assert.equal(user.sources.length, 7);
  assert.ok(user.given.has("containers.tz") && !user.given.has("engine.stop_timeout"));
});

Deno.test("loadConfig() appends where a file says so, from then on", async () => {
  const files = {
    [etc]: '[containers]\nenv = ["A=1", {append=true}]\nvolumes = ["/a:/a"]\n',
    [`${etc}.d/1.conf`]: '[containers]\nenv = ["B=2"]\nvolumes = ["/b:/b"]\n',
    [`${etc}.d/2.conf`]: '[containers]\nenv = ["C=3", {append=false}]\n',
  };
  const { containers } = await loadConfig(input(files));
  assert.deepEqual([containers.env, containers.volumes], [["C=3"], ["/b:/b"]]);
  const { [`${etc}.d/2.conf`]: _, ...two } = files;
  assert.deepEqual((await loadConfig(input(two))).containers.env.slice(1), ["A=1", "B=2"]);
});

Deno.test("loadConfig() obeys CONTAINERS_CONF, CONTAINERS_CONF_OVERRIDE and modules", async () => {
  const files = {
    [etc]: "[engine]\nretry = 1\n",
    "/only": "[engine]\nretry = 2\nstop_timeout = 2\n",
    "/last": "[engine]\nretry = 3\n",
    "/etc/containers/containers.conf.modules/m.conf": "[engine]\nretry = 4\nservice_timeout = 4\n",
  };
  const env = { CONTAINERS_CONF: "/only", CONTAINERS_CONF_OVERRIDE: "/last" };
  const { engine } = await loadConfig(input(files, { env, overrides: { modules: ["m.conf"] } }));
  assert.deepEqual([engine.retry, engine.stop_timeout, engine.service_timeout], [3, 2, 4]);
  await assert.rejects(loadConfig(input(files, { env: { CONTAINERS_CONF: "/none" } })), {
    message: 'reading "/none": no such file or directory',
  });
  await assert.rejects(loadConfig(input(files, { overrides: { modules: ["none"] } })), {
    message: /could not resolve module "none"/,
  });
});

Deno.test("loadConfig() names file and line of what is wrong", async () => {
  const wrong = async (text: string, message: RegExp) =>
    await assert.rejects(loadConfig(input({ [etc]: text })), { name: "EngineError", message });
  await wrong("[engine\n", /reading "\/etc\/containers\/containers.conf": line 1:/);
  await wrong("[engine]\n\nretry = oops\n", /line 3:/);
  await wrong("# a comment\n[engine]\n  # another\nretry = oops\n", /line 4:/);
  await wrong('[engine]\n# x\nretry = "3"\n', /line 3: "engine.retry" must be an integer/);
  await wrong("[containers]\nenv = [1]\n", /line 2: "containers.env" must be an array of strings/);
  await wrong("[containers]\ninit = 1\n", /"containers.init" must be true or false/);
  await wrong('[engine]\n[engine.runtimes]\ncrun = "x"\n', /"engine.runtimes" must be a table of arrays of strings/);
});

Deno.test("loadConfig() reports keys that it does not know or cannot act upon", async () => {
  const text = '[engine]\nnosuch = 1\nlock_type = "file"\nretry = 2\n[odd]\nx = 1\n';
  const { notices } = await loadConfig(input({ [etc]: text }));
  assert.deepEqual(notices.map(({ key, why }) => [key, why]), [
    ["engine.nosuch", "unknown key"],
    ["engine.lock_type", "not supported"],
    ["odd", "unknown key"],
  ]);
});

Deno.test("loadConfig() finds a normal user's places, and distrusts a runtime directory of another", async () => {
  const env = { XDG_RUNTIME_DIR: "/run/user/1000", XDG_DATA_HOME: "/data" };
  const own = await loadConfig(input({}, { uid: 1000, env, owners: { "/run/user/1000": 1000 } }));
  assert.deepEqual([own.paths.root, own.paths.runRoot, own.paths.runtimeDirIsFallback], [
    "/data/beluga",
    "/run/user/1000/beluga",
    false,
  ]);
  const other = await loadConfig(input({}, { uid: 1000, env, owners: { "/run/user/1000": 0 } }));
  assert.deepEqual([other.paths.runRoot, other.paths.runtimeDirIsFallback], ["/tmp/beluga-run-1000/beluga", true]);
  const bare = await loadConfig(input({}, { uid: 1000 }));
  assert.equal(bare.paths.root, "/home/me/.local/share/beluga");
});

Deno.test("loadConfig() lets global flags stand above files", async () => {
  const overrides = {
    root: "/r/",
    runRoot: "/rr",
    runtime: "runc",
    conmon: "/c",
    storageOptions: ["overlay.mountopt=nodev"],
  };
  const config = await loadConfig(input({ [etc]: '[engine]\nruntime = "crun"\n' }, { overrides }));
  assert.deepEqual([config.paths.root, config.paths.runRoot, config.engine.runtime, config.engine.conmon_path], [
    "/r",
    "/rr",
    "runc",
    ["/c"],
  ]);
  assert.equal(config.storage.mountOptions, "nodev");
  await assert.rejects(loadConfig(input({}, { overrides: { root: "rel" } })), {
    message: '--root "rel": must be an absolute path',
  });
  await assert.rejects(loadConfig(input({}, { overrides: { storageOptions: ["overlay.size=1"] } })), {
    message: /not supported yet/,
  });
});

Deno.test("loadConfig() reads driver and options of storage.conf, not Podman's places", async () => {
  const text = '[storage]\ndriver = "vfs"\ngraphroot = "/p"\n[storage.options.overlay]\nmount_program = "/f"\n';
  const config = await loadConfig(input({ "/etc/containers/storage.conf": text }));
  assert.deepEqual([config.storage.driver, config.storage.mountProgram, config.paths.root], [
    "vfs",
    "/f",
    "/var/lib/beluga",
  ]);
  const env = { STORAGE_DRIVER: "overlay", CONTAINERS_STORAGE_CONF: "/none" };
  await assert.rejects(loadConfig(input({}, { env })), { message: /"\/none": no such file/ });
});

Deno.test("chooseConnection() knows the services of containers.conf", async () => {
  const text = '[engine]\nactive_service = "a"\n[engine.service_destinations.a]\nuri = "ssh://a"\nidentity = "/id"\n';
  const files = input({ [etc]: text });
  const { engine } = await loadConfig(files);
  const choice = { url: "", name: "", identity: "", socket: "/s", engine };
  assert.deepEqual(chooseConnection(files, choice), { uri: "ssh://a", identity: "/id" });
  assert.throws(() => chooseConnection(files, { ...choice, name: "b" }), { message: 'connection "b" not found' });
});

Deno.test("every key of containers.conf that the reference names is known", () => {
  const count = Object.values(allKeys).reduce((sum, keys) => sum + Object.keys(keys).length, 0);
  // 150 rows of the reference without the eight that stand within a service destination or a subnet pool.
  assert.equal(count, 142);
});

Deno.test("loadConfig() refuses flags that it could only ignore", async () => {
  const refused = (overrides: ConfigOverrides) => assert.rejects(loadConfig(input({}, { overrides })));
  await refused({ hooksDirs: ["/hooks"] });
  await refused({ eventsBackend: "journald" });
  await refused({ eventsBackend: "syslog" });
  await refused({ maxWorkers: 0 });
  await refused({ networkConfigDir: "relative" });
});

Deno.test("loadConfig() takes flags above files", async () => {
  const files = { [etc]: '[engine]\nevents_logger = "none"\nnetwork_cmd_path = "/a"\n' };
  const plain = await loadConfig(input(files));
  assert.deepEqual([plain.events, plain.engine.network_cmd_path, plain.maxWorkers], ["none", "/a", null]);
  const overrides = {
    eventsBackend: "file",
    networkCmdPath: "/b",
    maxWorkers: 3,
    runtimeFlags: ["debug"],
    networkConfigDir: "/networks",
    tmpDir: "/state",
  };
  const config = await loadConfig(input(files, { overrides }));
  assert.deepEqual([config.events, config.engine.network_cmd_path, config.maxWorkers], ["file", "/b", 3]);
  assert.deepEqual([config.runtimeFlags, config.paths.networkConfigDir], [["debug"], "/networks"]);
  assert.equal(config.paths.runRoot, "/state");
  assert.equal((await loadConfig(input({}, { overrides: { ...overrides, runRoot: "/run2" } }))).paths.runRoot, "/run2");
});

Deno.test("loadConfig() gives notice of a journal and says when a missing label weakens", async () => {
  const files = { [etc]: '[engine]\nevents_logger = "journald"\n[containers]\nlabel = true\n' };
  const config = await loadConfig(input(files));
  assert.equal(config.events, "file");
  const weakening = (notices: typeof config.notices) => notices.filter(({ weakens }) => weakens).map(({ key }) => key);
  assert.deepEqual(config.notices.map(({ key }) => key), ["containers.label", "engine.events_logger"]);
  assert.deepEqual(weakening(config.notices), []);
  const labelled = await loadConfig(input({ ...files, "/sys/fs/selinux/enforce": "1" }));
  assert.deepEqual(weakening(labelled.notices), ["containers.label"]);
});
