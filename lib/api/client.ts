/** One request to a service: connecting, sending, and every failure as an `EngineError`. */

import { EngineError, messageOf } from "../errors.ts";
import { serviceUrl } from "./address.ts";
import { type ErrorModel, fromErrorModel } from "./error_model.ts";
import { collect } from "./http/body.ts";
import { type Address, connect, type OutgoingRequest, type Response, send } from "./http/client.ts";
import type { Connection } from "./http/wire.ts";

/** Longest JSON answer. */
const answerLimit = 256 * 1024 * 1024;
const decoder = new TextDecoder();

/** Sends `request`; resolves with an answer of success, its body unread, or rejects with the failure it tells of. */
export async function request(
  address: Address,
  { request, signal }: { readonly request: OutgoingRequest; readonly signal?: AbortSignal },
): Promise<Response> {
  const connection = await connected(address);
  try {
    const response = await send(connection, { request, signal });
    if (response.status === 101 || (response.status >= 200 && response.status < 300)) return response;
    throw await failure(response);
  } catch (error) {
    throw translated(address, { error, signal });
  }
}

async function connected(address: Address): Promise<Connection> {
  try {
    return await connect(address);
  } catch (error) {
    const kind = error instanceof Deno.errors.PermissionDenied ? "permission" : "unreachable";
    const message = `Cannot connect to Beluga. Is \`beluga system service\` running? ` +
      `connecting to "${serviceUrl(address)}": ${connectReason(error)}`;
    throw new EngineError(kind, message, { cause: error });
  }
}

function connectReason(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file or directory";
  if (error instanceof Deno.errors.ConnectionRefused) return "connection refused";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  return messageOf(error);
}

function translated(
  address: Address,
  { error, signal }: { readonly error: unknown; readonly signal: AbortSignal | undefined },
): unknown {
  if (error instanceof EngineError) return error;
  if (signal?.aborted === true) return cancelled(signal);
  return new EngineError("unreachable", `talking to "${serviceUrl(address)}": ${messageOf(error)}`, { cause: error });
}

/** The reason of a signal as the contract's error. */
export function cancelled(signal: AbortSignal): EngineError {
  return signal.reason instanceof EngineError
    ? signal.reason
    : new EngineError("cancelled", "the operation was cancelled", { cause: signal.reason });
}

async function failure(response: Response): Promise<EngineError> {
  const bytes = await collect(response.body, answerLimit);
  response.close();
  return fromErrorModel(parseModel(decoder.decode(bytes)), response.status);
}

function parseModel(text: string): Partial<ErrorModel> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value as Partial<ErrorModel> | null : null;
  } catch {
    return text.trim() === "" ? null : { message: text.trim() };
  }
}

/** The answer's body as JSON. */
export async function jsonOf(response: Response): Promise<unknown> {
  return JSON.parse(decoder.decode(await collect(response.body, answerLimit)));
}

/** The answer's body as one JSON value per line, as they come. */
export async function* linesOf(response: Response): AsyncGenerator<unknown, void> {
  let held = "";
  const text = new TextDecoder();
  try {
    for await (const part of response.body) {
      const lines = (held + text.decode(part, { stream: true })).split("\n");
      held = lines.pop() ?? "";
      yield* lines.filter((line) => line.trim() !== "").map((line): unknown => JSON.parse(line));
    }
    if (held.trim() !== "") yield JSON.parse(held);
  } finally {
    response.close();
  }
}
