/**
 * The real docker CLI and Podman's remote client against the service. By default it serves the engine in memory; with
 * BELUGA_API_URL (`unix://…`) and BELUGA_API_IMAGE the same expectations run on a service that is there already.
 */

import assert from "node:assert/strict";
import { memoryEngine, memoryImage } from "../support/memory_engine.ts";
import { unixService } from "../support/service.ts";

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

type Service = AsyncDisposable & { readonly url: string; readonly image: string };

async function opened(): Promise<Service> {
  const [url, image] = [Deno.env.get("BELUGA_API_URL"), Deno.env.get("BELUGA_API_IMAGE")];
  if (url && image) return { url, image, [Symbol.asyncDispose]: () => Promise.resolve() };
  const service = await unixService(memoryEngine());
  return { url: service.url, image: memoryImage, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}

function installed(program: string): boolean {
  return (Deno.env.get("PATH") ?? "").split(":").some((directory) => {
    try {
      return Deno.statSync(`${directory}/${program}`).isFile;
    } catch {
      return false;
    }
  });
}

async function run(argv: readonly string[], input = ""): Promise<Ended> {
  const [program = "", ...args] = argv;
  const env = { CONTAINER_HOST: "", DOCKER_HOST: "" };
  const child = new Deno.Command(program, { args, env, stdin: "piped", stdout: "piped", stderr: "piped" }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

type Client = {
  readonly program: string;
  /** What comes before a command. */
  readonly argv: (url: string) => readonly string[];
};

const clients: readonly Client[] = [
  { program: "docker", argv: (url) => ["docker", "-H", url] },
  { program: "podman", argv: (url) => ["podman", "--remote", "--url", url] },
];

type Session = { readonly say: (args: readonly string[], input?: string) => Promise<Ended>; readonly image: string };
type Expectation = (session: Session) => Promise<void>;

const isolated = ["--network", "none"];

const expectations: Readonly<Record<string, Expectation>> = {
  "version names the service": async ({ say }) => {
    const { code, stdout } = await say(["version"]);
    assert.equal(code, 0);
    assert.match(stdout, /Server:[\s\S]*Version:\s+\S/);
  },

  "info works": async ({ say }) => {
    assert.equal((await say(["info"])).code, 0);
  },

  "images lists the image": async ({ say, image }) => {
    const { stdout } = await say(["images", "--format", "{{.Repository}}:{{.Tag}}"]);
    assert.ok(stdout.split("\n").includes(image), stdout);
  },

  "run carries input, output and the end of both": async ({ say, image }) => {
    const ended = await say(["run", "--rm", "-i", ...isolated, image, "cat"], "typed\n");
    assert.deepEqual([ended.code, ended.stdout], [0, "typed\n"], ended.stderr);
  },

  "run keeps the streams apart and passes the exit code on": async ({ say, image }) => {
    const ended = await say(["run", "--rm", ...isolated, image, "sh", "-c", "echo out; echo err >&2; exit 3"]);
    assert.deepEqual([ended.code, ended.stdout, ended.stderr], [3, "out\n", "err\n"]);
  },

  "run misses no word of twenty short containers": async ({ say, image }) => {
    for (let count = 0; count < 20; count++) {
      const { stdout } = await say(["run", "--rm", ...isolated, image, "echo", `word ${count}`]);
      assert.equal(stdout, `word ${count}\n`);
    }
  },

  "run of an image that is not there fails": async ({ say }) => {
    assert.equal((await say(["run", "--rm", "--pull", "never", "localhost/absent:1", "true"])).code, 125);
  },

  "a container in the background is seen, read, entered and removed": async ({ say, image }) => {
    const name = `client-${crypto.randomUUID()}`;
    const made = await say(["run", "-d", "--name", name, ...isolated, image, "sh", "-c", "echo hello; sleep 1000"]);
    assert.equal(made.code, 0, made.stderr);
    assert.match((await say(["ps", "--format", "{{.Names}} {{.Status}}"])).stdout, new RegExp(`^${name} Up`, "m"));
    assert.equal((await say(["inspect", "--format", "{{.State.Running}}", name])).stdout, "true\n");
    const inside = await say(["exec", name, "sh", "-c", "echo in; echo aside >&2; exit 7"]);
    assert.deepEqual([inside.code, inside.stdout, inside.stderr], [7, "in\n", "aside\n"]);
    assert.equal((await say(["exec", "-i", name, "cat"], "typed")).stdout, "typed");
    assert.equal((await say(["logs", name])).stdout, "hello\n");
    assert.equal((await say(["stop", "-t", "0", name])).code, 0);
    assert.equal((await say(["wait", name])).stdout, "137\n");
    assert.equal((await say(["rm", name])).code, 0);
    assert.doesNotMatch((await say(["ps", "-a", "--format", "{{.Names}}"])).stdout, new RegExp(name));
  },

  "tag, save, rmi and load work on an image": async ({ say, image }) => {
    const tag = `localhost/client-${crypto.randomUUID()}:1`;
    assert.equal((await say(["tag", image, tag])).code, 0);
    const directory = await Deno.makeTempDir({ prefix: "beluga-client-" });
    try {
      const archive = `${directory}/image.tar`;
      assert.equal((await say(["save", "-o", archive, tag])).code, 0);
      assert.match((await say(["rmi", tag])).stdout, /Untagged/);
      assert.match((await say(["load", "-i", archive])).stdout, /Loaded image/);
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  },

  "volumes and networks are made, listed and removed": async ({ say }) => {
    const name = `client-${crypto.randomUUID()}`;
    for (const noun of ["volume", "network"]) {
      assert.equal((await say([noun, "create", name])).code, 0);
      assert.match((await say([noun, "ls"])).stdout, new RegExp(name));
      assert.equal((await say([noun, "inspect", name])).code, 0);
      assert.equal((await say([noun, "rm", name])).code, 0);
    }
  },
};

for (const { program, argv } of clients) {
  for (const [sentence, expect] of Object.entries(expectations)) {
    Deno.test({
      name: `${program}: ${sentence}`,
      ignore: !installed(program),
      fn: async () => {
        await using service = await opened();
        const say = (args: readonly string[], input?: string) => run([...argv(service.url), ...args], input);
        await expect({ say, image: service.image });
      },
    });
  }
}

Deno.test({
  name: "docker: pull shows the image it pulled",
  ignore: !installed("docker") || Deno.env.has("BELUGA_API_URL"),
  fn: async () => {
    await using service = await opened();
    const ended = await run(["docker", "-H", service.url, "pull", "registry.example/a/b:1"]);
    assert.deepEqual([ended.code, ended.stdout.trim().split("\n").at(-1)], [0, "registry.example/a/b:1"]);
    const failed = await run(["docker", "-H", service.url, "pull", "registry.example/broken:1"]);
    assert.deepEqual([failed.code, /digest mismatch/.test(failed.stderr)], [1, true]);
  },
});

Deno.test({
  name: "podman: pull gives the id of the image, events what happened",
  ignore: !installed("podman") || Deno.env.has("BELUGA_API_URL"),
  fn: async () => {
    await using service = await opened();
    const podman = ["podman", "--remote", "--url", service.url];
    const ended = await run([...podman, "pull", "registry.example/a/b:1"]);
    assert.match(ended.stdout, /^[0-9a-f]{64}\n$/);
    await run([...podman, "create", service.image, "true"]);
    const events = await run([...podman, "events", "--stream=false", "--since", "1h"]);
    assert.match(events.stdout, /container create/);
  },
});
