/**
 * Every failure of the engine: one class, one table.
 *
 * Server and client use the same table, so a failure looks alike near and far: the server sends `wire` as the cause and
 * `status` as the HTTP status; the client turns them back into the kind. `exit` is the process's exit code unless a
 * command's own entry says otherwise.
 */

type ErrorKind = {
  /** The sentinel text that clients compare with (`cause` of libpod's ErrorModel). */
  readonly wire: string;
  readonly status: number;
  readonly exit: number;
};

/** Kinds of failure. Wire texts are those that Podman's clients look for. */
export const errorKinds = {
  internal: { wire: "internal libpod error", status: 500, exit: 125 },
  invalidArgument: { wire: "invalid argument", status: 400, exit: 125 },
  usage: { wire: "usage", status: 400, exit: 125 },
  unsupported: { wire: "not supported yet", status: 501, exit: 125 },
  noSuchContainer: { wire: "no such container", status: 404, exit: 125 },
  noSuchImage: { wire: "image not known", status: 404, exit: 125 },
  noSuchVolume: { wire: "no such volume", status: 404, exit: 125 },
  noSuchNetwork: { wire: "network not found", status: 404, exit: 125 },
  noSuchExecSession: { wire: "no such exec session", status: 404, exit: 125 },
  notFound: { wire: "no such object", status: 404, exit: 125 },
  containerExists: { wire: "container already exists", status: 409, exit: 125 },
  volumeExists: { wire: "volume already exists", status: 409, exit: 125 },
  networkExists: { wire: "network already exists", status: 409, exit: 125 },
  imageInUse: { wire: "image is in use by a container", status: 409, exit: 2 },
  volumeInUse: { wire: "volume is being used", status: 409, exit: 2 },
  networkInUse: { wire: "network is being used", status: 409, exit: 2 },
  containerState: { wire: "container state improper", status: 409, exit: 125 },
  containerRunning: { wire: "container state improper", status: 409, exit: 2 },
  notModified: { wire: "not modified", status: 304, exit: 0 },
  conflict: { wire: "conflict", status: 409, exit: 125 },
  commandNotFound: { wire: "command not found", status: 500, exit: 127 },
  commandNotInvokable: { wire: "command cannot be invoked", status: 500, exit: 126 },
  runtime: { wire: "OCI runtime error", status: 500, exit: 125 },
  helperMissing: { wire: "helper program not found", status: 500, exit: 125 },
  permission: { wire: "permission denied", status: 403, exit: 125 },
  unauthorized: { wire: "unauthorized: authentication required", status: 500, exit: 125 },
  registry: { wire: "registry failure", status: 500, exit: 125 },
  unreachable: { wire: "unreachable", status: 500, exit: 125 },
  corrupt: { wire: "damaged content", status: 500, exit: 125 },
  noSpace: { wire: "no space left on device", status: 500, exit: 125 },
  portInUse: { wire: "address already in use", status: 500, exit: 125 },
  timeout: { wire: "timed out", status: 500, exit: 125 },
  cancelled: { wire: "cancelled", status: 499, exit: 125 },
} as const satisfies Record<string, ErrorKind>;

export type ErrorKindName = keyof typeof errorKinds;

/** The one error that crosses floors. Drivers translate `SysError` and `ProcessError` into it and keep them as `cause`. */
export class EngineError extends Error {
  override readonly name = "EngineError";

  constructor(readonly kind: ErrorKindName, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
  }

  get exitCode(): number {
    return errorKinds[this.kind].exit;
  }

  get status(): number {
    return errorKinds[this.kind].status;
  }

  get wire(): string {
    return errorKinds[this.kind].wire;
  }
}

/** True if `error` is an `EngineError` of one of `kinds`. */
export function isKind(error: unknown, ...kinds: readonly ErrorKindName[]): error is EngineError {
  return error instanceof EngineError && kinds.includes(error.kind);
}

/** The message of anything thrown, on one line's worth of text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
