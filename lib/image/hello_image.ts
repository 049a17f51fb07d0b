/**
 * The image inside the program: `beluga run hello` needs no network, no registry and no store that holds anything.
 *
 * It is a real OCI image of one layer with one file, `/hello`; every byte of it follows from the executables that
 * `scripts/make_hello.ts` made, so its digests are the same on every host.
 */
import { digestOf } from "../oci/hash.ts";
import { mediaTypes } from "../oci/media_type.ts";
import { helloPrograms } from "./_hello_program.ts";

/** The short name that stands for the built-in image when the store has none of that name. */
export const helloName = "hello";
/** The name under which it is stored. */
export const helloReference = "localhost/hello:latest";

export type HelloArchitecture = keyof typeof helloPrograms;

/** The three blobs of an image of one layer; the layer is a plain tar, so its digest is its diffID. */
export type HelloImage = { readonly layer: Uint8Array; readonly config: Uint8Array; readonly manifest: Uint8Array };

/** The built-in image for `architecture`, in OCI's formats. */
export function helloImage(architecture: HelloArchitecture): HelloImage {
  const layer = layerOf(Uint8Array.fromBase64(helloPrograms[architecture]));
  const config = encodeJson(configOf(architecture, digestOf(layer)));
  const manifest = encodeJson({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: { mediaType: mediaTypes.ociConfig, digest: digestOf(config), size: config.length },
    layers: [{ mediaType: mediaTypes.ociLayer, digest: digestOf(layer), size: layer.length }],
  });
  return { layer, config, manifest };
}

const created = "2026-11-22T00:00:00Z";

function configOf(architecture: HelloArchitecture, diffId: string): unknown {
  return {
    created,
    architecture,
    os: "linux",
    config: {
      Env: ["PATH=/"],
      Cmd: ["/hello"],
      WorkingDir: "/",
      Labels: {
        "org.opencontainers.image.title": "hello",
        "org.opencontainers.image.description": "Says hello and what to try next",
        "org.opencontainers.image.licenses": "Apache-2.0",
      },
    },
    rootfs: { type: "layers", diff_ids: [diffId] },
    history: [{ created, created_by: "beluga", comment: "built into the program" }],
  };
}

function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

const blockSize = 512;

/** A POSIX tar with the one file: header, content padded to a block, two empty blocks. */
function layerOf(program: Uint8Array): Uint8Array {
  const blocks = Math.ceil(program.length / blockSize);
  const tar = new Uint8Array((1 + blocks + 2) * blockSize);
  tar.set(tarHeader(program.length));
  tar.set(program, blockSize);
  return tar;
}

/** Fields of a ustar header (POSIX.1-1988): place, and text with the NUL that ends it. */
function tarHeader(size: number): Uint8Array {
  const header = new Uint8Array(blockSize);
  const put = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
  put(0, "hello");
  put(100, "0000755\0");
  put(108, "0000000\0");
  put(116, "0000000\0");
  put(124, `${size.toString(8).padStart(11, "0")}\0`);
  put(136, `${(Date.parse(created) / 1000).toString(8).padStart(11, "0")}\0`);
  put(148, "        "); // the checksum counts as spaces in its own sum
  put(156, "0");
  put(257, "ustar\x0000");
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return header;
}
