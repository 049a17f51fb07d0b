/** Failures on the wire: libpod's ErrorModel, which Docker's clients read as well. One table serves both directions. */

import { EngineError, type ErrorKindName, errorKinds, messageOf } from "../errors.ts";
import { WireError } from "./http/wire.ts";

export type ErrorModel = {
  readonly cause: string;
  readonly message: string;
  readonly response: number;
  /** Ours alone, as several kinds share a cause. */
  readonly kind?: string;
};

/** Any failure as it goes out. */
export function errorModel(error: unknown): ErrorModel {
  if (error instanceof EngineError) {
    const { wire, message, status, kind } = error;
    return { cause: wire, message, response: status, kind };
  }
  if (error instanceof WireError) {
    return { cause: errorKinds.invalidArgument.wire, message: error.message, response: error.status };
  }
  const { wire, status } = errorKinds.internal;
  return { cause: wire, message: messageOf(error), response: status };
}

/** The first kind of each text. */
const kindsByWire = new Map<string, ErrorKindName>(
  Object.entries(errorKinds).reverse().map(([kind, { wire }]) => [wire, kind as ErrorKindName]),
);

/** The failure that a service told of: its kind, else the one of the cause's text, else one of the status. */
export function fromErrorModel(model: Partial<ErrorModel> | null, status: number): EngineError {
  const kind = namedKind(model?.kind) ?? kindsByWire.get(model?.cause ?? "") ?? kindOfStatus(status);
  return new EngineError(kind, model?.message || model?.cause || `the service answered with status ${status}`);
}

function namedKind(name: string | undefined): ErrorKindName | undefined {
  return name !== undefined && Object.hasOwn(errorKinds, name) ? name as ErrorKindName : undefined;
}

function kindOfStatus(status: number): ErrorKindName {
  switch (status) {
    case 304:
      return "notModified";
    case 400:
      return "invalidArgument";
    case 401:
    case 403:
      return "permission";
    case 404:
      return "notFound";
    case 409:
      return "conflict";
    case 501:
      return "unsupported";
    default:
      return "internal";
  }
}
