import type { ImageData, OciImageConfig } from "../../engine/types/image.ts";
import { type ContainerDefaults, parseImageConfig } from "../../oci/image_config.ts";
import type { ImageRecord } from "../../state/mod.ts";
import type { Local } from "../context.ts";
import { getImage } from "./find.ts";
import { repoDigests } from "./names.ts";

/** `image inspect`. */
export function inspectImage(local: Local, name: string): ImageData {
  const { image } = getImage(local, name);
  const { config, ...about } = parseImageConfig(image.config);
  const { Healthcheck, ...defaults } = config;
  return {
    Id: image.id,
    Digest: image.digest,
    RepoTags: image.names.filter((tag) => !tag.includes("@")),
    RepoDigests: repoDigests(image),
    Parent: "",
    Comment: about.comment ?? "",
    Created: about.created ?? "0001-01-01T00:00:00Z",
    Config: readConfig(defaults),
    Version: about.dockerVersion ?? "",
    Author: about.author ?? "",
    Architecture: about.architecture,
    Os: about.os,
    Size: image.size,
    VirtualSize: image.size,
    GraphDriver: graphDriver(local, image),
    RootFS: { Type: "layers", Layers: image.layers.map(({ diffId }) => diffId) },
    Labels: config.Labels ?? {},
    Annotations: annotations(image),
    ManifestType: image.manifestType,
    User: config.User ?? "",
    History: about.history.map((entry) => ({ ...entry })),
    NamesHistory: image.names,
    ...(Healthcheck ? { Healthcheck } : {}),
  };
}

/** Both types say what Podman prints; the format's own leaves out what is not there. */
function readConfig(defaults: ContainerDefaults): OciImageConfig {
  return defaults as OciImageConfig;
}

function graphDriver(local: Local, { layers }: ImageRecord): ImageData["GraphDriver"] {
  const place = (diffId: string) => `${local.config.paths.root}/layers/${diffId.replace("sha256:", "")}/diff`;
  const [top, ...lower] = layers.map(({ diffId }) => place(diffId)).toReversed();
  const data = { ...(lower.length > 0 ? { LowerDir: lower.join(":") } : {}), UpperDir: top ?? "" };
  return { Name: local.config.storage.driver || "overlay", Data: data };
}

function annotations({ manifest }: ImageRecord): Readonly<Record<string, string>> {
  const { annotations: found }: { annotations?: Record<string, string> | null } = JSON.parse(
    new TextDecoder().decode(manifest),
  );
  return found ?? {};
}
