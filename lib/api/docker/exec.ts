/** Docker's rows for exec sessions. */

import type { Engine } from "../../engine/mod.ts";
import { compat, type Exchange } from "../exchange.ts";
import * as at from "../fields.ts";
import type { Incoming } from "../row.ts";
import { execCreateConfig } from "../shapes/exec.ts";
import { windowSize } from "./containers.ts";

const id = ({ params }: Incoming): string => params.get("id") ?? "";

export const dockerExec: readonly Exchange[] = [
  compat({
    method: "POST",
    path: "/containers/{name}/exec",
    needs: "json",
    kind: "json",
    status: 201,
    operation: (engine: Engine) => engine.containers.execCreate,
    input: (from) => ({ name: from.params.get("name") ?? "", config: at.body(execCreateConfig).decode(from) }),
  }),
  compat({
    method: "POST",
    path: "/exec/{id}/start",
    needs: "json",
    fixed: { Detach: false },
    kind: "duplex",
    operation: (engine: Engine) => engine.containers.execStart,
    input: (from) => ({ id: id(from), size: consoleSize(from) }),
  }),
  compat({
    method: "POST",
    path: "/exec/{id}/start",
    needs: "json",
    fixed: { Detach: true },
    kind: "empty",
    status: 200,
    operation: (engine: Engine) => engine.containers.execStartDetached,
    input: (from) => ({ id: id(from) }),
  }),
  compat({
    method: "POST",
    path: "/exec/{id}/resize",
    kind: "empty",
    status: 201,
    operation: (engine: Engine) => engine.containers.execResize,
    input: (from) => ({ name: id(from), ...windowSize(from) }),
  }),
  compat({
    method: "GET",
    path: "/exec/{id}/json",
    kind: "json",
    operation: (engine: Engine) => engine.containers.execInspect,
    input: (from) => ({ id: id(from) }),
  }),
];

/** `ConsoleSize` is height and width, in this order. */
function consoleSize(from: Incoming): { readonly width: number; readonly height: number } | undefined {
  const given = at.member(from.json, "ConsoleSize");
  const [height, width]: readonly unknown[] = Array.isArray(given) ? given : [];
  const valid = (cells: unknown): cells is number =>
    Number.isInteger(cells) && Number(cells) > 0 && Number(cells) < 65536;
  return valid(width) && valid(height) ? { width, height } : undefined;
}
