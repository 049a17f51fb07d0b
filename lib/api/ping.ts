/** `_ping`: the first thing every client asks, with the versions in its headers. */

import type { Exchange } from "./exchange.ts";
import type { Header } from "./http/serve.ts";
import type { Method } from "./row.ts";

const headers: readonly Header[] = [
  ["Builder-Version", ""],
  ["Buildkit-Version", ""],
  ["Cache-Control", "no-cache, no-store, must-revalidate"],
  ["Docker-Experimental", "false"],
  ["OSType", "linux"],
  ["Pragma", "no-cache"],
  ["Content-Type", "text/plain; charset=utf-8"],
];

const body = new TextEncoder().encode("OK");

export const pingExchanges: readonly Exchange[] = (["GET", "HEAD"] satisfies Method[]).flatMap((method) =>
  ["/_ping", "/libpod/_ping"].map((path): Exchange => ({
    method,
    path,
    needs: "nothing",
    answer: async (engine, _from, signal) => {
      await engine.system.ping({}, signal);
      return { tag: "whole", status: 200, headers, body };
    },
  }))
);
