/**
 * The engine over HTTP: a service that carries requests to any engine, and an engine that carries operations to a
 * service. Both are made from the same rows (`routes/`), so they cannot disagree; Docker's paths are rows for the
 * service alone.
 *
 * May import the contract, errors and the pure folders (`lib/spec`, `lib/config`), never a driver, `cmd` or `lib/local`.
 * What must stay true: there is no other way from HTTP to the engine than a row, and every failure crosses as
 * libpod's ErrorModel.
 */

export { parseServiceUrl, serviceUrl } from "./address.ts";
export type { Address } from "./http/client.ts";
export { remoteEngine, type RemoteOptions } from "./remote.ts";
export { serve, type ServeOptions, type Service } from "./server.ts";
