/** `system service`: serves the REST API. */

import { EngineError } from "../../lib/errors.ts";
import type { Command, CommandContext } from "../command.ts";

export const command: Command = {
  path: "system service",
  summary: "Serve the REST API on a socket",
  description:
    "Serves Podman's and Docker's API. Without an address it listens at this user's own socket, beluga.sock in the run directory.",
  examples: [
    "system service -t 0",
    "system service unix:///tmp/beluga.sock",
    "system service -t 0 tcp://127.0.0.1:8888",
  ],
  args: { text: "[options] [URI]", min: 0, max: 1 },
  flags: [
    {
      name: "time",
      type: "uint",
      short: "t",
      default: 5,
      text: "Seconds without a request after which it ends; 0: never",
    },
  ],
  unsupported: "cors:string pprof-address:string!hidden tls-cert:string tls-client-ca:string tls-key:string",
  remote: false,
  access: "writes",
  endsInOrder: true,
  run: serveApi,
};

async function serveApi({ args, config, flags, serve, signal }: CommandContext): Promise<void> {
  const uri = args[0] ?? `unix://${config.paths.socket}`;
  if (!/^(unix:\/\/.|tcp:\/\/.)/.test(uri)) {
    throw new EngineError("usage", `serve the API at "${uri}": the address must begin with unix:// or tcp://`);
  }
  await serve({ uri, idleSeconds: flags.number("time") }, signal);
}
