import { EngineError } from "../errors.ts";
import type { RunHelper } from "./credentials.ts";

const timeoutMs = 60_000;

/**
 * Runs `docker-credential-<helper> get`; the registry's name goes over standard input, the secret comes over standard
 * output, neither is ever in argv. What a helper says in failing may be secret as well, and is not passed on.
 */
export const runCredentialHelper: RunHelper = async (helper, { input, signal }) => {
  const { findProgram, ProcessError, run } = await import("../sys/process.ts");
  const program = `docker-credential-${helper}`;
  const path = findProgram(program);
  if (path === undefined) {
    throw new EngineError("helperMissing", `credential helper ${JSON.stringify(program)}: not found in PATH`);
  }
  try {
    const { stdout } = await run([path, "get"], { input, timeoutMs, signal });
    return { code: 0, stdout: new TextEncoder().encode(stdout) };
  } catch (error) {
    if (!(error instanceof ProcessError) || !("code" in error.ended)) throw failed(program, signal);
    return { code: error.ended.code, stdout: new TextEncoder().encode(error.stdout) };
  }
};

function failed(program: string, signal?: AbortSignal): EngineError {
  signal?.throwIfAborted();
  return new EngineError("unauthorized", `credential helper ${JSON.stringify(program)}: did not finish`);
}
