/** A service in front of an engine, on a socket of its own. */

import { join } from "node:path/posix";
import { remoteEngine, serve, serviceUrl } from "../../lib/api/mod.ts";
import type { Engine } from "../../lib/engine/mod.ts";

export type TestService = AsyncDisposable & {
  readonly url: string;
  readonly socket: string;
  readonly remote: Engine;
};

/** Serves `engine` on a unix socket in a directory that goes away with the service. */
export async function unixService(engine: Engine): Promise<TestService> {
  const directory = await Deno.makeTempDir({ prefix: "beluga-service-" });
  const socket = join(directory, "api.sock");
  const service = await serve(engine, { address: { tag: "unix", path: socket }, idleSeconds: 0 });
  const url = serviceUrl(service.address);
  return {
    url,
    socket,
    remote: remoteEngine(url),
    [Symbol.asyncDispose]: async () => {
      await service.stop(0);
      await Deno.remove(directory, { recursive: true });
    },
  };
}

/** Serves `engine` on a free port of the loopback interface. */
export async function tcpService(engine: Engine): Promise<TestService> {
  const address = { tag: "tcp", hostname: "127.0.0.1", port: 0 } as const;
  const service = await serve(engine, { address, idleSeconds: 0 });
  const url = serviceUrl(service.address);
  return { url, socket: "", remote: remoteEngine(url), [Symbol.asyncDispose]: () => service.stop(0) };
}
