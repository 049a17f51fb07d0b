/**
 * What lies on the disk: layers of images, root file systems of containers, volumes. Knows ids (diffIDs, container ids,
 * volume names), no images and no database.
 *
 *   ROOT/layers/<hex>/{diff,record,layer.json}    a layer, extracted without its parents   (layer/layer.ts)
 *   ROOT/containers/<id>/{upper,work,merged}      what a container changed, and its mount  (container_roots.ts)
 *   ROOT/volumes/<name>/_data
 *   ROOT/staging/<random>                         what is being made or removed            (staging.ts)
 *
 * - `tar/` reads and writes archives; `extract/` puts entries on the disk, below one directory whatever they say.
 * - `layer/` keeps what is needed to give a layer's tar back byte for byte; `ingest/` brings layers in, in workers.
 * - `mount/` stacks layers with overlay (kernel, fuse-overlayfs) or copies them; `copy/` copies trees.
 *
 * May import lib/errors.ts, lib/oci, lib/sys and types of lib/engine, besides `node:*` and `fzstd` (zstd for hosts without
 * libzstd; 60 KB, no dependencies). What must stay true: nothing becomes visible before it is verified and renamed to its
 * place; content of images is never followed out of its directory (openat2, no links); a crash leaves garbage in
 * `staging/` or unreferenced layers, which `gc` removes.
 */
export type { Compression } from "./ingest/inflate.ts";
export type { ContainerPaths, ContainerRootInput, ContainerSizes } from "./container_roots.ts";
export type { Collected, Live } from "./gc.ts";
export type { IdMappings } from "./mount/id_map.ts";
export type { Expected, IngestedLayer, IngestInput, LayerSource } from "./ingest/ingest.ts";
export type { Driver } from "./mount/driver.ts";
export { openStorage, Storage, type StorageInput } from "./storage.ts";
export type { FillVolumeInput } from "./volumes.ts";
