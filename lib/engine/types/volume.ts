// size: table
/** Volumes as libpod reports them. Field names and shapes are those of libpod 5.8 on the wire. Times are RFC 3339 strings, durations nanoseconds. */

export type VolumeConfigResponse = {
  readonly Name: string;
  readonly Driver: string;
  readonly Mountpoint: string;
  readonly CreatedAt: string;
  readonly Status?: Readonly<Record<string, unknown>>;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Scope: string;
  readonly Options: Readonly<Record<string, string>>;
  readonly UID?: number;
  readonly GID?: number;
  readonly Anonymous?: boolean;
  readonly MountCount: number;
  readonly NeedsCopyUp?: boolean;
  readonly NeedsChown?: boolean;
  readonly Timeout?: number;
  readonly StorageID?: string;
  readonly LockNumber: number;
};

export type VolumeCreateOptions = {
  readonly Name?: string;
  readonly Driver?: string;
  readonly Label?: Readonly<Record<string, string>>;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly Options?: Readonly<Record<string, string>>;
  readonly IgnoreIfExists?: boolean;
  readonly UID?: number;
  readonly GID?: number;
};
