import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { digestOf, parseImageConfig, parseManifest } from "../oci/mod.ts";
import { type HelloArchitecture, helloImage } from "./hello_image.ts";

const architectures: readonly HelloArchitecture[] = ["amd64", "arm64"];

for (const architecture of architectures) {
  Deno.test(`helloImage() for ${architecture} agrees with its own digests`, () => {
    const { layer, config, manifest } = helloImage(architecture);
    const parsed = parseManifest(manifest);
    if (!("layers" in parsed)) throw new Error("a manifest of an image was expected");
    deepStrictEqual(
      [parsed.config.digest, parsed.config.size, parsed.layers[0]?.digest, parsed.layers[0]?.size],
      [digestOf(config), config.length, digestOf(layer), layer.length],
    );
    const image = parseImageConfig(config);
    strictEqual(image.architecture, architecture);
    deepStrictEqual(image.diffIds, [digestOf(layer)]);
  });
}

Deno.test("helloImage() is the same each time", () => {
  deepStrictEqual(helloImage("amd64"), helloImage("amd64"));
});

Deno.test("helloImage() has a layer that tar reads", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeFile(`${folder}/layer.tar`, helloImage("arm64").layer);
  const { stdout } = await new Deno.Command("tar", { args: ["-tvf", `${folder}/layer.tar`, "--utc"] }).output();
  await Deno.remove(folder, { recursive: true });
  match(new TextDecoder().decode(stdout), /^-rwxr-xr-x 0\/0 +\d+ 2026-11-22 00:00 hello\n$/);
});
