/**
 * The schema, one migration per version. A migration that landed is never edited: a change is a new entry.
 *
 *   images ─< image_names            containers ─< container_volumes >─ volumes
 *      └───< image_layers >─ layers       ├──< container_dependencies
 *   blobs ─ layers                        ├──< leases >─ networks
 *                                         └──< exec_sessions
 *   exits, events: what outlives a container
 *
 * Times are integers, nanoseconds since 1970, where they are sorted by. JSON columns hold the types of `lib/engine`.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE containers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    image_id TEXT,
    container TEXT NOT NULL,
    state TEXT NOT NULL,
    run TEXT NOT NULL
  ) STRICT;
  CREATE INDEX containers_by_image ON containers (image_id);
  CREATE TABLE container_volumes (
    container_id TEXT NOT NULL REFERENCES containers (id) ON DELETE CASCADE,
    volume TEXT NOT NULL,
    anonymous INTEGER NOT NULL,
    PRIMARY KEY (container_id, volume)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX container_volumes_by_volume ON container_volumes (volume);
  CREATE TABLE container_dependencies (
    container_id TEXT NOT NULL REFERENCES containers (id) ON DELETE CASCADE,
    needs TEXT NOT NULL,
    PRIMARY KEY (container_id, needs)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE images (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    manifest_type TEXT NOT NULL,
    manifest BLOB NOT NULL,
    config BLOB NOT NULL,
    created INTEGER NOT NULL,
    size INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE image_names (
    name TEXT PRIMARY KEY,
    image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX image_names_by_image ON image_names (image_id);
  CREATE TABLE image_digests (
    digest TEXT NOT NULL,
    image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    PRIMARY KEY (digest, image_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE image_layers (
    image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    diff_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    size INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    PRIMARY KEY (image_id, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX image_layers_by_diff ON image_layers (diff_id);
  CREATE TABLE blobs (digest TEXT PRIMARY KEY, diff_id TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE volumes (
    name TEXT PRIMARY KEY,
    created INTEGER NOT NULL,
    volume TEXT NOT NULL
  ) STRICT;
  CREATE TABLE networks (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    network TEXT NOT NULL
  ) STRICT;
  CREATE TABLE leases (
    network_id TEXT NOT NULL,
    address TEXT NOT NULL,
    container_id TEXT NOT NULL REFERENCES containers (id) ON DELETE CASCADE,
    PRIMARY KEY (network_id, address)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX leases_by_container ON leases (container_id);
  CREATE TABLE last_leases (
    network_id TEXT NOT NULL,
    family INTEGER NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (network_id, family)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE exec_sessions (
    id TEXT PRIMARY KEY,
    container_id TEXT NOT NULL REFERENCES containers (id) ON DELETE CASCADE,
    session TEXT NOT NULL
  ) STRICT;
  CREATE INDEX exec_sessions_by_container ON exec_sessions (container_id);
  CREATE TABLE exits (
    container_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    code INTEGER NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    event TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_by_time ON events (at);
  `,
];
