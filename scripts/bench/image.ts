/** Images for the measurements, written as docker-archives: a busybox, a hundred of them, a large one of real files. */
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path/posix";
import { run } from "./measure.ts";

export const busyboxImage = "localhost/bench-busybox:latest";
export const largeImage = "bench-large:latest";

type Image = { readonly name: string; readonly layers: readonly string[]; readonly label: string };

/** A tar of the static busybox with a few of its applets. */
async function busyboxLayer(folder: string): Promise<string> {
  const layer = join(folder, "busybox.tar");
  if (existsSync(layer)) return layer;
  const root = join(folder, "busybox");
  mkdirSync(join(root, "bin"), { recursive: true });
  copyFileSync("/bin/busybox", join(root, "bin", "busybox"));
  chmodSync(join(root, "bin", "busybox"), 0o755);
  for (const applet of ["true", "sh", "sleep", "echo"]) symlinkSync("busybox", join(root, "bin", applet));
  await run({ argv: ["tar", "-cf", layer, "--sort=name", "--owner=0", "--group=0", "-C", root, "bin"] });
  return layer;
}

/** A docker-archive with one busybox image. */
export async function busyboxArchive(folder: string): Promise<string> {
  return await archive(folder, [{ name: busyboxImage, layers: [await busyboxLayer(folder)], label: "0" }]);
}

/** A docker-archive with `count` images that share a layer. */
export async function manyArchive(folder: string, count: number): Promise<string> {
  const layers = [await busyboxLayer(folder)];
  const names = Array.from({ length: count }, (_, index) => `localhost/bench-${index}:latest`);
  return await archive(folder, names.map((name) => ({ name, layers, label: name })));
}

/** A docker-archive with an image of `count` layers of `size` bytes each, filled with this host's own files. */
export async function largeArchive(folder: string, { count, size }: LargeShape): Promise<string> {
  const slices = fileSlices("/usr", { count, size });
  const layers: string[] = [];
  for (const [index, files] of slices.entries()) {
    const list = join(folder, `files-${index}`);
    const layer = join(folder, `layer-${index}.tar`);
    writeFileSync(list, files.join("\0"));
    await run({ argv: ["tar", "-cf", layer, "--null", "--no-recursion", "-C", "/", "-T", list] });
    layers.push(layer);
  }
  return await archive(folder, [{ name: largeImage, layers, label: "large" }]);
}

export type LargeShape = { readonly count: number; readonly size: number };

/** The first regular files below `top`, in groups of about `size` bytes. */
function fileSlices(top: string, { count, size }: LargeShape): readonly (readonly string[])[] {
  const slices: string[][] = [[]];
  let filled = 0;
  for (const path of walk(top)) {
    filled += statSync(path).size;
    slices.at(-1)?.push(path.slice(1));
    if (filled < size) continue;
    if (slices.length === count) return slices;
    slices.push([]);
    filled = 0;
  }
  return slices;
}

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile()) yield path;
  }
}

async function archive(folder: string, images: readonly Image[]): Promise<string> {
  const place = Deno.makeTempDirSync({ dir: folder });
  const manifest: unknown[] = [];
  for (const image of images) manifest.push(await addImage(place, image));
  writeFileSync(join(place, "manifest.json"), JSON.stringify(manifest));
  const file = `${place}.tar`;
  await run({ argv: ["tar", "-cf", file, "-h", "-C", place, "."] });
  await Deno.remove(place, { recursive: true });
  return file;
}

async function addImage(place: string, { name, layers, label }: Image): Promise<unknown> {
  const hashes: string[] = [];
  for (const layer of layers) {
    const hash = (await run({ argv: ["sha256sum", layer] })).slice(0, 64);
    const shared = join(place, `${hash}.tar`);
    if (!existsSync(shared)) symlinkSync(layer, shared);
    hashes.push(hash);
  }
  const config = JSON.stringify({
    created: "2026-01-01T00:00:00Z",
    architecture: Deno.build.arch === "x86_64" ? "amd64" : "arm64",
    os: "linux",
    config: { Cmd: ["true"], Env: ["PATH=/bin"], Labels: { bench: label } },
    rootfs: { type: "layers", diff_ids: hashes.map((hash) => `sha256:${hash}`) },
  });
  const file = `${createHash("sha256").update(config).digest("hex")}.json`;
  writeFileSync(join(place, file), config);
  return { Config: file, RepoTags: [name], Layers: hashes.map((hash) => `${hash}.tar`) };
}
