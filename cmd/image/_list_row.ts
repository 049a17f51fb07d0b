/** What `images` shows of one name of an image. */

import type { ImageSummary } from "../../lib/engine/mod.ts";
import { humanSince, spacedSize } from "../format/human.ts";
import { GoTime } from "../format/go_time.ts";
import type { TemplateValue } from "../format/template_value.ts";

export type ImageLine = { readonly image: ImageSummary; readonly repository: string; readonly tag: string };

/** A line for each name, one with `<none>` for an image without. */
export function imageLines(image: ImageSummary): readonly ImageLine[] {
  const names = image.Names ?? image.RepoTags ?? [];
  if (names.length === 0) return [{ image, repository: "<none>", tag: "<none>" }];
  return names.map((name) => ({ image, ...splitName(name) }));
}

function splitName(name: string): { readonly repository: string; readonly tag: string } {
  const at = name.indexOf("@");
  if (at >= 0) return { repository: name.slice(0, at), tag: "<none>" };
  const colon = name.lastIndexOf(":");
  if (colon <= name.lastIndexOf("/")) return { repository: name, tag: "<none>" };
  return { repository: name.slice(0, colon), tag: name.slice(colon + 1) };
}

export type ImageRow = { readonly [field in keyof ReturnType<typeof imageRow>]: TemplateValue };

/** The fields that the templates of `images` know. */
export function imageRow(
  { image, repository, tag }: ImageLine,
  { full, now }: { readonly full: boolean; readonly now: number },
) {
  const since = humanSince(image.Created * 1000, now);
  const created = new GoTime(new Date(image.Created * 1000).toISOString());
  return {
    Arch: image.Arch ?? "",
    Containers: image.Containers,
    Created: since,
    CreatedAt: created,
    CreatedSince: since,
    CreatedTime: created,
    Dangling: image.Dangling === true,
    Digest: image.Digest ?? "",
    History: (image.History ?? []).join(", "),
    ID: full ? `sha256:${image.Id}` : image.Id.slice(0, 12),
    Id: image.Id,
    IsDangling: image.Dangling === true,
    IsManifestList: image.IsManifestList === true,
    IsReadOnly: image.ReadOnly === true,
    Labels: new Map(Object.entries(image.Labels ?? {})),
    Names: image.Names ?? image.RepoTags ?? [],
    Os: image.Os ?? "",
    ParentId: image.ParentId,
    ReadOnly: image.ReadOnly === true,
    RepoDigests: image.RepoDigests,
    RepoTags: image.RepoTags,
    Repository: repository,
    SharedSize: image.SharedSize,
    Size: spacedSize(image.Size),
    Tag: tag,
    VirtualSize: image.VirtualSize ?? image.Size,
  };
}

export const imageHeaders: Readonly<Record<string, string>> = {
  "Created": "CREATED",
  "CreatedAt": "<no value>",
  "CreatedSince": "<no value>",
  "CreatedTime": "<no value>",
  "History": "HISTORY",
  "ID": "IMAGE ID",
  "Id": "<no value>",
  "IsDangling": "<no value>",
  "IsReadOnly": "<no value>",
  "Size": "SIZE",
  "Repository": "REPOSITORY",
  "Tag": "TAG",
  "ParentId": "PARENT ID",
  "RepoTags": "REPO TAGS",
  "RepoDigests": "REPO DIGESTS",
  "SharedSize": "SHARED SIZE",
  "VirtualSize": "VIRTUAL SIZE",
  "Labels": "LABELS",
  "Containers": "CONTAINERS",
  "ReadOnly": "R/O",
  "Dangling": "DANGLING",
  "Arch": "ARCH",
  "Digest": "DIGEST",
  "IsManifestList": "IS MANIFEST LIST",
  "Names": "NAMES",
  "Os": "OS",
};
