/** Asks for a secret at the terminal without showing it. */

import { EngineError } from "../lib/errors.ts";
import type { Io } from "./io.ts";

const enter = /[\r\n]/;
const interrupt = "\x03";
const endOfInput = "\x04";
const erase = /^[\x7f\b]$/;

/** What was typed up to Enter; Ctrl-C cancels. Without a terminal, the first line of input. */
export async function readSecret(io: Io, prompt: string): Promise<string> {
  using undo = new DisposableStack();
  if (io.stdin.isTerminal()) {
    io.stderr.write(prompt);
    undo.defer(() => io.stderr.write("\n"));
    undo.use(await io.stdin.rawMode());
  }
  const stop = new AbortController();
  undo.defer(() => stop.abort());
  const typed: string[] = [];
  const decoder = new TextDecoder();
  for await (const chunk of io.stdin.chunks(stop.signal)) {
    if (type(typed, decoder.decode(chunk, { stream: true })) === "done") break;
  }
  return typed.join("");
}

/** Adds to `typed`; done at the end of the line. */
function type(typed: string[], text: string): "done" | "more" {
  for (const letter of text) {
    if (enter.test(letter) || letter === endOfInput) return "done";
    if (letter === interrupt) throw new EngineError("cancelled", "cancelled by user");
    if (erase.test(letter)) typed.pop();
    else typed.push(letter);
  }
  return "more";
}
