/** The big one: Debian with python3, made by debootstrap, through a real registry, into a container. */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path/posix";
import { execute, mustExecute } from "../support/execute.ts";
import { type ImageConfig, writeFiles } from "../support/images.ts";
import { allPlaces, rootlessCrun, rootRunc } from "../support/place.ts";
import { openRegistry, type Registry } from "../support/registry.ts";
import { assertResult, suite } from "../support/suite.ts";
import { createHash } from "node:crypto";

const cache = join(import.meta.dirname ?? ".", "../../.cache/tests");
let registry: Registry | undefined;
const name = () => `${registry?.host}/debian/python:bookworm`;

Deno.test.beforeAll(async () => {
  registry = await openRegistry();
  await pushDebian(await debianArchive(), name());
});
Deno.test.afterAll(async () => await registry?.[Symbol.asyncDispose]());

/** Both users with both runtimes; one pull for each place. */
const wheres = Deno.env.get("BELUGA_TEST_SHORT") === undefined ? allPlaces : [rootRunc, rootlessCrun];
const test = suite("Debian", { wheres });

/** The root file system as a tar file; made once, which takes a minute or two. */
async function debianArchive(): Promise<string> {
  const archive = join(cache, "debian-python.tar");
  if (existsSync(archive)) return archive;
  mkdirSync(cache, { recursive: true });
  const work = Deno.makeTempDirSync({ prefix: "beluga-debian-" });
  const root = join(work, "root");
  const flags = ["--variant=minbase", "--include=python3-minimal", "bookworm", root, await mirror()];
  await mustExecute(["debootstrap", ...flags], { seconds: 900 });
  await mustExecute(["chroot", root, "apt-get", "clean"]);
  await mustExecute([
    "sh",
    "-c",
    `rm -rf ${root}/var/lib/apt/lists/* ${root}/usr/share/doc ${root}/usr/share/locale ${root}/usr/share/man`,
  ]);
  await mustExecute([
    "tar",
    "-C",
    root,
    "--one-file-system",
    "--numeric-owner",
    "--xattrs",
    "-cf",
    `${archive}.${Deno.pid}`,
    ".",
  ], { seconds: 300 });
  renameSync(`${archive}.${Deno.pid}`, archive);
  rmSync(work, { recursive: true, force: true });
  return archive;
}

/** The mirror that this machine's own packages come from. */
async function mirror(): Promise<string> {
  const { stdout } = await execute([
    "apt-get",
    "indextargets",
    "--format",
    "$(SITE)",
    "Created-By: Packages",
    "Codename: bookworm",
  ]);
  return stdout.split("\n")[0] || "http://deb.debian.org/debian";
}

/** Puts the archive into a `dir:` image, by links and programs, as it is too large to hold. */
async function pushDebian(archive: string, target: string): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "beluga-debian-" });
  await mustExecute(["sh", "-c", `gzip -1 -c ${archive} >${folder}/layer`], { seconds: 300 });
  const hash = async (path: string) => (await mustExecute(["sha256sum", path])).split(" ")[0] ?? "";
  const layer = await hash(`${folder}/layer`);
  await Deno.rename(`${folder}/layer`, `${folder}/${layer}`);
  const config: ImageConfig = {
    Cmd: ["bash"],
    Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
  };
  const architecture = Deno.build.arch === "aarch64" ? "arm64" : "amd64";
  const rootfs = { type: "layers", diff_ids: [`sha256:${await hash(archive)}`] };
  const text = JSON.stringify({ architecture, os: "linux", config, rootfs });
  const configHash = createHash("sha256").update(text).digest("hex");
  const blob = (mediaType: string, hex: string, size: number) => ({ mediaType, digest: `sha256:${hex}`, size });
  const manifest = {
    schemaVersion: 2,
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    config: blob("application/vnd.docker.container.image.v1+json", configHash, text.length),
    layers: [
      blob("application/vnd.docker.image.rootfs.diff.tar.gzip", layer, Deno.statSync(`${folder}/${layer}`).size),
    ],
  };
  writeFiles(
    folder,
    new Map([[configHash, text], ["manifest.json", JSON.stringify(manifest)], [
      "version",
      "Directory Transport Version: 1.1\n",
    ]]),
  );
  await mustExecute(["skopeo", "copy", "-q", "--dest-tls-verify=false", `dir:${folder}`, `docker://${target}`], {
    seconds: 300,
  });
  rmSync(folder, { recursive: true });
}

test("python3 is pulled and computes", async (place) => {
  await place.must(["pull", "-q", "--tls-verify=false", name()], { seconds: 180 });
  const result = await place.run(["run", "--rm", "--network", "none", name(), "python3", "-c", "print(6*7)"]);
  assertResult(result, { code: 0, stdout: "42\n" });
  const users = await place.must(["run", "--rm", "--network", "none", "-u", "www-data", name(), "id", "-un"]);
  assert.equal(users, "www-data");
  await place.must(["rmi", name()]);
});
