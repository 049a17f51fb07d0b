/** Images, their names and layers, and which blob holds which layer. */

import { EngineError } from "../errors.ts";
import type { Database, Row } from "./database.ts";
import { bytes, text } from "./json.ts";

/** A layer as the manifest names it, and its identity in the store. */
export type ImageLayer = {
  readonly diffId: string;
  readonly digest: string;
  /** Bytes of the blob, as compressed. */
  readonly size: number;
  readonly mediaType: string;
};

export type ImageRecord = {
  /** 64 hexadecimal digits: sha256 of the configuration. */
  readonly id: string;
  /** Digest of the manifest, with its algorithm. */
  readonly digest: string;
  readonly manifestType: string;
  readonly manifest: Uint8Array;
  readonly config: Uint8Array;
  /** Milliseconds since 1970, from the configuration. */
  readonly created: number;
  /** Bytes of the layers, extracted. */
  readonly size: number;
  readonly names: readonly string[];
  /** Digests that the image answers to: of its manifest, and of indexes that led to it. */
  readonly digests: readonly string[];
  readonly layers: readonly ImageLayer[];
};

function layer(row: Row): ImageLayer {
  return {
    diffId: text(row, "diff_id"),
    digest: text(row, "digest"),
    size: Number(row.size),
    mediaType: text(row, "media_type"),
  };
}

export class Images {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Adds the image, or only the names if it is there. A name that another image has moves to this one. */
  commit(image: ImageRecord): void {
    this.#db.run(
      "INSERT INTO images VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
      image.id,
      image.digest,
      image.manifestType,
      image.manifest,
      image.config,
      image.created,
      image.size,
    );
    for (const [position, { diffId, digest, size, mediaType }] of image.layers.entries()) {
      this.#db.run(
        "INSERT OR IGNORE INTO image_layers VALUES (?, ?, ?, ?, ?, ?)",
        image.id,
        position,
        diffId,
        digest,
        size,
        mediaType,
      );
      if (digest !== "") this.#db.run("INSERT OR REPLACE INTO blobs VALUES (?, ?)", digest, diffId);
    }
    for (const digest of new Set([image.digest, ...image.digests])) {
      this.#db.run("INSERT OR IGNORE INTO image_digests VALUES (?, ?)", digest, image.id);
    }
    for (const name of image.names) this.setName(name, image.id);
  }

  setName(name: string, imageId: string): void {
    this.#db.run(
      "INSERT INTO image_names VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET image_id = excluded.image_id",
      name,
      imageId,
    );
  }

  removeName(name: string): boolean {
    return this.#db.run("DELETE FROM image_names WHERE name = ?", name) > 0;
  }

  remove(id: string): void {
    this.#db.run("DELETE FROM images WHERE id = ?", id);
    this.#db.run("DELETE FROM blobs WHERE diff_id NOT IN (SELECT diff_id FROM image_layers)");
  }

  byName(name: string): ImageRecord | null {
    return this.#record(
      this.#db.get("SELECT images.* FROM images JOIN image_names ON image_id = id WHERE name = ?", name),
    );
  }

  /** By a manifest digest; `repository` as in `docker.io/library/alpine` must be one of the image's when given. */
  byDigest(digest: string, repository: string): ImageRecord | null {
    const rows = this.#db.all(
      "SELECT images.* FROM images JOIN image_digests ON image_id = id WHERE image_digests.digest = ?",
      digest,
    );
    for (const row of rows) {
      const found = this.#record(row);
      if (found?.names.some((name) => repositoryOf(name) === repository)) return found;
    }
    return null;
  }

  /** By an id or an unambiguous beginning of one. */
  byId(id: string): ImageRecord | null {
    if (!/^[0-9a-f]{1,64}$/.test(id)) return null;
    const rows = this.#db.all("SELECT * FROM images WHERE id >= ? AND id < ? LIMIT 2", id, `${id}g`);
    if (rows.length > 1) {
      throw new EngineError("invalidArgument", `more than one image matches "${id}": the ID is ambiguous`);
    }
    return this.#record(rows[0] ?? null);
  }

  /** Newest first. */
  list(): readonly ImageRecord[] {
    return this.#db.all("SELECT * FROM images ORDER BY created DESC, id").flatMap((row) => this.#record(row) ?? []);
  }

  /** Names that end in `/NAME` or are `NAME`, for short names that are in the store already. */
  namesEndingIn(name: string): readonly string[] {
    const rows = this.#db.all(
      "SELECT name FROM image_names WHERE name = ? OR substr(name, -length(?)) = ? ORDER BY name",
      name,
      `/${name}`,
      `/${name}`,
    );
    return rows.map((row) => text(row, "name"));
  }

  diffIdOfBlob(digest: string): string | null {
    const row = this.#db.get("SELECT diff_id FROM blobs WHERE digest = ?", digest);
    return row ? text(row, "diff_id") : null;
  }

  /** Layers that some image has. */
  liveLayers(): ReadonlySet<string> {
    return new Set(this.#db.all("SELECT DISTINCT diff_id FROM image_layers").map((row) => text(row, "diff_id")));
  }

  #record(row: Row | null): ImageRecord | null {
    if (!row) return null;
    const id = text(row, "id");
    return {
      id,
      digest: text(row, "digest"),
      manifestType: text(row, "manifest_type"),
      manifest: bytes(row, "manifest"),
      config: bytes(row, "config"),
      created: Number(row.created),
      size: Number(row.size),
      names: this.#db.all("SELECT name FROM image_names WHERE image_id = ? ORDER BY name", id).map((name) =>
        text(name, "name")
      ),
      digests: this.#db.all("SELECT digest FROM image_digests WHERE image_id = ? ORDER BY digest", id).map((row) =>
        text(row, "digest")
      ),
      layers: this.#db.all("SELECT * FROM image_layers WHERE image_id = ? ORDER BY position", id).map(layer),
    };
  }
}

/** `docker.io/library/alpine` of `docker.io/library/alpine:3.20` or `…@sha256:…`. */
export function repositoryOf(name: string): string {
  const bare = name.split("@")[0] ?? name;
  const colon = bare.lastIndexOf(":");
  return colon > bare.lastIndexOf("/") ? bare.slice(0, colon) : bare;
}
