import { EngineError } from "../errors.ts";
import { hostPlatform } from "../oci/mod.ts";
import { digestOf } from "../oci/hash.ts";
import { parseManifest } from "../oci/manifest.ts";
import { copyImage } from "./copy.ts";
import { type HelloArchitecture, helloImage, helloReference } from "./hello_image.ts";
import type { ImageStore } from "./store.ts";

/** Puts the image inside the program into the store as `localhost/hello:latest`; its id. */
export async function storeHello(store: ImageStore, options: { readonly signal?: AbortSignal } = {}): Promise<string> {
  const { layer, config, manifest } = helloImage(helloArchitecture());
  const parsed = parseManifest(manifest);
  if (parsed.kind !== "manifest") throw new EngineError("internal", "built-in image: not a manifest");
  const open = () => Promise.resolve(new Blob([new Uint8Array(layer)]).stream());
  return await copyImage({
    manifest: { bytes: manifest, mediaType: parsed.mediaType, digest: digestOf(manifest) },
    config,
    configDigest: parsed.config.digest,
    layers: parsed.layers.map((blob) => ({ diffId: blob.digest, blob, open })),
  }, { store, names: [helloReference], signal: options.signal });
}

function helloArchitecture(): HelloArchitecture {
  const { architecture } = hostPlatform();
  if (architecture === "amd64" || architecture === "arm64") return architecture;
  throw new EngineError("unsupported", `built-in image: none for architecture ${JSON.stringify(architecture)}`);
}
