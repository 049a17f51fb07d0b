/** Images as Docker's clients read them: pure functions of libpod's reports. */

import type { ImageData, ImageSummary } from "../../engine/mod.ts";
import { withAlgorithm } from "./container_reports.ts";

/** A line of `docker images`. */
export function imageSummaryJson(image: ImageSummary): unknown {
  return {
    Id: withAlgorithm(image.Id),
    ParentId: image.ParentId === "" ? "" : withAlgorithm(image.ParentId),
    RepoTags: image.RepoTags ?? [],
    RepoDigests: image.RepoDigests ?? [],
    Created: image.Created,
    Size: image.Size,
    SharedSize: image.SharedSize,
    VirtualSize: image.VirtualSize ?? image.Size,
    Labels: image.Labels ?? {},
    Containers: image.Containers,
  };
}

/** `docker image inspect`. */
export function imageInspectJson(image: ImageData): unknown {
  return {
    Id: withAlgorithm(image.Id),
    RepoTags: image.RepoTags ?? [],
    RepoDigests: image.RepoDigests ?? [],
    Parent: image.Parent === "" ? "" : withAlgorithm(image.Parent),
    Comment: image.Comment,
    Created: image.Created,
    Container: "",
    DockerVersion: "",
    Author: image.Author,
    Config: { ...image.Config, ...(image.Healthcheck === undefined ? {} : { Healthcheck: image.Healthcheck }) },
    Architecture: image.Architecture,
    Os: image.Os,
    Size: image.Size,
    VirtualSize: image.VirtualSize,
    GraphDriver: image.GraphDriver,
    RootFS: image.RootFS,
    Metadata: { LastTagTime: "0001-01-01T00:00:00Z" },
  };
}
