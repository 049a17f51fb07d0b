/** Failures on the wire: libpod's ErrorModel, which Docker's clients read as well. One table serves both directions. */

import { EngineError, type ErrorKindName, errorKinds, messageOf } from "../errors.ts";
import { WireError } from "./http/wire.ts";

export type ErrorModel = { readonly cause: string; readonly message: string; readonly response: number };

/** Any failure as it goes out. */
export function errorModel(error: unknown): ErrorModel {
  if (error instanceof EngineError) return { cause: error.wire, message: error.message, response: error.status };
  if (error instanceof WireError) {
    return { cause: errorKinds.invalidArgument.wire, message: error.message, response: error.status };
  }
  const { wire, status } = errorKinds.internal;
  return { cause: wire, message: messageOf(error), response: status };
}

const kindsByWire = new Map<string, ErrorKindName>(
  Object.entries(errorKinds).map(([kind, { wire }]) => [wire, kind as ErrorKindName]),
);

/** The failure that a service told of: kind by the cause's text, else by status. */
export function fromErrorModel(model: Partial<ErrorModel> | null, status: number): EngineError {
  const kind = kindsByWire.get(model?.cause ?? "") ?? kindOfStatus(status);
  return new EngineError(kind, model?.message || model?.cause || `the service answered with status ${status}`);
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
