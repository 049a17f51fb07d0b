import { EngineError } from "../errors.ts";
import { join } from "node:path/posix";

/** Where things lie below the storage's root. Names are checked here: nothing that is not an id gets into a path. */
export class StoragePaths {
  /** Directory of the volumes; elsewhere than below the root if so configured. */
  readonly volumes: string;

  constructor(readonly root: string, readonly runRoot: string, options: { readonly volumes?: string } = {}) {
    this.volumes = options.volumes ?? join(root, "volumes");
  }

  /** True for volumes below the root, where nothing but ours can be. */
  get ownsVolumes(): boolean {
    return this.volumes === join(this.root, "volumes");
  }

  /** Where volumes are made and go to be removed: on their own file system. */
  get volumeStaging(): string {
    return this.ownsVolumes ? this.staging : join(this.volumes, ".beluga-staging");
  }

  get layers(): string {
    return join(this.root, "layers");
  }

  get staging(): string {
    return join(this.root, "staging");
  }

  get containers(): string {
    return join(this.root, "containers");
  }

  /** Held shared by who uses layers that no image names yet, exclusively by the garbage collection. */
  get lock(): string {
    return join(this.root, "storage.lock");
  }

  layer(diffId: string): string {
    return join(this.layers, layerName(diffId));
  }

  container(id: string): string {
    if (!/^[0-9a-f]{64}$/.test(id)) throw new EngineError("invalidArgument", `storage of container "${id}": no id`);
    return join(this.containers, id);
  }

  volume(name: string): string {
    if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name)) {
      throw new EngineError(
        "invalidArgument",
        `volume name "${name}": names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument`,
      );
    }
    return join(this.volumes, name);
  }
}

/** The directory of a layer: the hex digits of its diffID. */
export function layerName(diffId: string): string {
  const match = /^sha256:([0-9a-f]{64})$/.exec(diffId);
  if (match?.[1] !== undefined) return match[1];
  throw new EngineError("invalidArgument", `layer "${diffId}": the diffID is no sha256 digest`);
}
