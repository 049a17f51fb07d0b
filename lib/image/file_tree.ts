/** A part of a file of the host. */
export type FileRange = { readonly path: string; readonly offset: number; readonly size: number };

/** The files of an image on disk: of a directory, or inside an archive. Names are relative, with slashes. */
export type FileTree = Disposable & {
  /** For messages. */
  readonly path: string;
  /** Throws `notFound` or `corrupt` if it is not there or larger than `limit` bytes. */
  readonly read: (name: string, options: { readonly limit: number }) => Uint8Array;
  readonly locate: (name: string) => FileRange | undefined;
};
