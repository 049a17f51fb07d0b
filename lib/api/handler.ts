/** From a request to an answer: version, route, body, exchange; and every failure as libpod's ErrorModel. */

import type { Engine } from "../engine/mod.ts";
import { EngineError } from "../errors.ts";
import { dockerContainers } from "./docker/containers.ts";
import { dockerExec } from "./docker/exec.ts";
import { dockerImages } from "./docker/images.ts";
import { dockerNetworks } from "./docker/networks.ts";
import { dockerSystem } from "./docker/system.ts";
import { dockerVolumes } from "./docker/volumes.ts";
import { type Exchange, failureAnswer, fromRow } from "./exchange.ts";
import { member } from "./fields.ts";
import { collect } from "./http/body.ts";
import type { Answer, Handler, Header, Request } from "./http/serve.ts";
import { libpodAliases } from "./libpod_aliases.ts";
import { pingExchanges } from "./ping.ts";
import { decodePart, parseQuery } from "./query.ts";
import { dockerApiVersion, libpodApiVersion } from "./reports.ts";
import { Router } from "./router.ts";
import { anyRow, type ApiVersion, type Incoming } from "./row.ts";
import { knownEndpoints } from "./routes/known.ts";
import { routes } from "./routes/mod.ts";
import { parseJson } from "./shape.ts";

/** Longest JSON body; archives are streamed and have no limit. */
const jsonLimit = 8 * 1024 * 1024;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** What every answer but a hijack says about us. */
export const productHeaders: readonly Header[] = [
  ["Api-Version", dockerApiVersion],
  ["Libpod-Api-Version", libpodApiVersion],
  ["Server", `Libpod/${libpodApiVersion} (linux)`],
];

/** Exchanges of one place: several where the body tells them apart. */
type Routes = Router<readonly Exchange[]>;

/** A handler that carries requests to `engine`. */
export function engineHandler(engine: Engine): Handler {
  const table = routeTable();
  return async (request) => {
    try {
      return withHeaders(await dispatch(request, { engine, table }));
    } catch (error) {
      return withHeaders(failureAnswer(error));
    }
  };
}

/** All routes: the contract's rows, libpod's aliases, Docker's rows, and what is known but not supported yet. */
export function routeTable(): Routes {
  const table: Routes = new Router();
  const exchanges = [
    ...contractExchanges(),
    ...pingExchanges,
    ...libpodAliases,
    ...dockerContainers,
    ...dockerExec,
    ...dockerImages,
    ...dockerNetworks,
    ...dockerVolumes,
    ...dockerSystem,
  ];
  for (const one of exchanges) table.add(one, [one], { merge: (before) => [...before, one] });
  for (const [method, path] of knownEndpoints) table.add({ method, path }, [], { merge: (before) => before });
  return table;
}

function contractExchanges(): readonly Exchange[] {
  return Object.entries(routes).flatMap(([noun, rows]) =>
    Object.entries(rows).flatMap(([verb, entry]) => {
      const row = anyRow(entry);
      return row === undefined || row.path === "/libpod/_ping"
        ? []
        : [fromRow(row, (engine) => operationOf(engine, { noun, verb }))];
    })
  );
}

type Operation = (input: unknown, signal?: AbortSignal) => unknown;

type OperationName = { readonly noun: string; readonly verb: string };

function operationOf(engine: Engine, { noun, verb }: OperationName): Operation {
  const nouns = engine as unknown as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  const operation = nouns[noun]?.[verb];
  if (operation === undefined) throw new EngineError("unsupported", `${noun} ${verb}: not supported yet`);
  return operation;
}

type Context = { readonly engine: Engine; readonly table: Routes };

async function dispatch(request: Request, { engine, table }: Context): Promise<Answer> {
  const { segments, api } = splitPath(request.path);
  const match = table.find(request.method, segments);
  if (match.tag === "unknown") return plainAnswer(404, "Not Found\n");
  if (match.tag === "wrongMethod") return plainAnswer(405, "Method Not Allowed\n");
  const [first] = match.value;
  if (first === undefined) {
    throw new EngineError("unsupported", `${request.method} ${request.path}: not supported yet`);
  }
  const json = first.needs === "json" ? await readJson(request) : undefined;
  const from: Incoming = {
    params: match.params,
    query: parseQuery(request.query),
    headers: request.headers,
    json,
    body: request.body,
    api,
  };
  return await choose(match.value, json).answer(engine, from, request.signal);
}

function choose(exchanges: readonly Exchange[], json: unknown): Exchange {
  const chosen = exchanges.find(({ fixed }) =>
    fixed === undefined ||
    Object.entries(fixed).every(([name, wanted]) => (member(json, name) ?? false) === wanted)
  );
  if (chosen === undefined) throw new EngineError("invalidArgument", "request body: Detach is neither true nor false");
  return chosen;
}

/** `/v4.3.1/libpod/info` → segments `libpod`, `info`, major 4. */
function splitPath(path: string): { readonly segments: readonly string[]; readonly api: ApiVersion } {
  const raw = (path.startsWith("/") ? path.slice(1) : path).split("/");
  const version = /^v(\d{1,4})(?:\.(\d{1,4}))?/.exec(raw[0] ?? "");
  const segments = (version === null ? raw : raw.slice(1)).map((segment) => decodePart(segment, "path"));
  return {
    segments,
    api: {
      dialect: segments[0] === "libpod" ? "libpod" : "docker",
      major: Number(version?.[1] ?? 0),
      minor: Number(version?.[2] ?? 0),
    },
  };
}

async function readJson(request: Request): Promise<unknown> {
  const bytes = await collect(request.body, jsonLimit);
  if (bytes.length === 0) return undefined;
  try {
    return parseJson(decoder.decode(bytes), "request body");
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw new EngineError("invalidArgument", "decoding request body: not UTF-8", { cause: error });
  }
}

function plainAnswer(status: number, text: string): Answer {
  return {
    tag: "whole",
    status,
    headers: [["Content-Type", "text/plain; charset=utf-8"]],
    body: encoder.encode(text),
  };
}

function withHeaders(answer: Answer): Answer {
  return answer.tag === "hijack" ? answer : { ...answer, headers: [...productHeaders, ...answer.headers] };
}
