/** Images made without a network: a root file system around Debian's static busybox, written in the formats that engines read. */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { gzipSync } from "node:zlib";
import { execute } from "./execute.ts";
import type { Place } from "./place.ts";
import { type Entry, tar } from "./tar.ts";

/** The parts of an image's configuration that tests set; the names are those of the image specification. */
export type ImageConfig = {
  readonly Cmd?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly Volumes?: Readonly<Record<string, Record<string, never>>>;
  readonly ExposedPorts?: Readonly<Record<string, Record<string, never>>>;
  readonly StopSignal?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly Healthcheck?: Readonly<Record<string, unknown>>;
};

export type Image = {
  readonly name: string;
  readonly layers: readonly Uint8Array<ArrayBuffer>[];
  readonly config?: ImageConfig;
  readonly architecture?: string;
};

/** The busybox image that most tests run, by name. */
export const box = "localhost/box:latest";
const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export function sha256(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}

/** A root file system with busybox under all its names, users and groups, and the folders that programs expect. */
export function boxEntries(): readonly Entry[] {
  const folders = ["bin", "dev", "etc", "home", "home/ann", "proc", "root", "run", "sys", "usr", "usr/bin", "var"];
  const passwd =
    "root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000:Ann:/home/ann:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n";
  const group = "root:x:0:\nann:x:1000:\nbakers:x:2000:ann\nnogroup:x:65534:\n";
  return [
    ...folders.map((folder): Entry => ({ path: `${folder}/`, type: "directory" })),
    { path: "tmp/", type: "directory", mode: 0o1777 },
    { path: "bin/busybox", mode: 0o755, content: new Uint8Array(readFileSync("/bin/busybox")) },
    ...applets.map((name): Entry => ({ path: `bin/${name}`, type: "symlink", link: "busybox", mode: 0o777 })),
    { path: "etc/passwd", content: passwd },
    { path: "etc/group", content: group },
    { path: "etc/plain", content: "not a program\n" },
  ];
}

const applets =
  ("sh ls cat echo true false sleep env id hostname mount umount ps kill grep sed awk head tail wc sort dd " +
    "stat touch mkdir rm rmdir mv cp ln chmod chown mknod tty stty pwd printf test nc httpd wget ping ip ifconfig nslookup " +
    "df sync sysctl date ulimit seq cut tr tee xargs find getfattr free uname whoami readlink md5sum mkfifo timeout nproc " +
    "trap vi od hexdump ipcs unshare chroot renice nice").split(" ");

let boxLayer: Uint8Array<ArrayBuffer> | undefined;

export function boxImage(config: ImageConfig = {}, name = box): Image {
  boxLayer ??= tar(boxEntries());
  return { name, layers: [boxLayer], config: { Cmd: ["/bin/sh"], Env: [path], ...config } };
}

/** An image whose one layer holds `entries` and nothing else. */
export function entriesImage(name: string, ...layers: readonly (readonly Entry[])[]): Image {
  return { name, layers: layers.map(tar), config: { Cmd: ["/bin/sh"], Env: [path] } };
}

/** The image specification's configuration of `image`, as bytes; its hash is the image's ID. */
export function configOf(image: Image): string {
  return JSON.stringify({
    created: "2020-09-13T12:26:40Z",
    architecture: image.architecture ?? (Deno.build.arch === "aarch64" ? "arm64" : "amd64"),
    os: "linux",
    config: image.config ?? {},
    rootfs: { type: "layers", diff_ids: image.layers.map((layer) => `sha256:${sha256(layer)}`) },
    history: image.layers.map(() => ({ created: "2020-09-13T12:26:40Z", created_by: "test" })),
  });
}

export function imageId(image: Image): string {
  return sha256(configOf(image));
}

/** `docker save`'s format. */
export function dockerArchive(image: Image): Uint8Array<ArrayBuffer> {
  const config = configOf(image);
  const names = image.layers.map((layer) => `${sha256(layer)}.tar`);
  const manifest = [{ Config: `${sha256(config)}.json`, RepoTags: [image.name], Layers: names }];
  return tar([
    ...image.layers.map((content, index): Entry => ({ path: names[index] ?? "", content })),
    { path: `${sha256(config)}.json`, content: config },
    { path: "manifest.json", content: JSON.stringify(manifest) },
  ]);
}

/** The files of an OCI image layout, by path. */
export function ociFiles(image: Image, { tag = "latest" } = {}): ReadonlyMap<string, Uint8Array | string> {
  const files = new Map<string, Uint8Array | string>();
  const blob = (mediaType: string, data: Uint8Array | string) => {
    files.set(`blobs/sha256/${sha256(data)}`, data);
    return { mediaType, digest: `sha256:${sha256(data)}`, size: new Blob([data as string]).size };
  };
  const layers = image.layers.map((layer) =>
    blob("application/vnd.oci.image.layer.v1.tar+gzip", new Uint8Array(gzipSync(layer, { level: 1 })))
  );
  const config = blob("application/vnd.oci.image.config.v1+json", configOf(image));
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = blob(mediaType, JSON.stringify({ schemaVersion: 2, mediaType, config, layers }));
  const annotations = { "org.opencontainers.image.ref.name": tag };
  files.set("oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  files.set("index.json", JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }));
  return files;
}

/** The digest of the manifest that `ociFiles` writes. */
export function manifestDigest(files: ReadonlyMap<string, Uint8Array | string>): string {
  const index = files.get("index.json");
  if (typeof index !== "string") throw new Error("reading a layout: no index.json");
  return String(JSON.parse(index).manifests[0].digest);
}

/** The files of a `dir:` image, by name. */
export function dirFiles(image: Image): ReadonlyMap<string, Uint8Array | string> {
  const files = ociFiles(image);
  const out = new Map<string, Uint8Array | string>([["version", "Directory Transport Version: 1.1\n"]]);
  const digest = manifestDigest(files);
  for (const [name, data] of files) {
    const hex = name.replace("blobs/sha256/", "");
    if (`sha256:${hex}` === digest) out.set("manifest.json", data);
    else if (hex !== name) out.set(hex, data);
  }
  return out;
}

export function writeFiles(folder: string, files: ReadonlyMap<string, Uint8Array | string>): string {
  for (const [name, data] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), data);
  }
  return folder;
}

export function ociArchive(image: Image): Uint8Array<ArrayBuffer> {
  return tar([...ociFiles(image)].map(([name, content]): Entry => ({ path: name, content })));
}

/** Writes `archive` into the place and gives its path. */
export function writeArchive(place: Place, archive: Uint8Array, { name = "image.tar" } = {}): string {
  const file = place.path(name);
  writeFileSync(file, archive);
  return file;
}

/** Loads `image` into the place's store. */
export async function loadImage(place: Place, image: Image): Promise<void> {
  const name = `${sha256(image.name).slice(0, 12)}.tar`;
  await place.must(["load", "-q", "-i", writeArchive(place, dockerArchive(image), { name })]);
  await execute(["rm", place.path(name)]);
}

/** Loads the busybox image: what most suites find done. */
export function loadBox(place: Place): Promise<void> {
  return loadImage(place, boxImage());
}
