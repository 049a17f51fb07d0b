import { EngineError, messageOf } from "../../errors.ts";
import { ConnectionFailure } from "../http/diagnose.ts";
import { RegistryRefusal } from "./registry_error.ts";

export type RetryPolicy = {
  /** Tries after the first. */
  readonly retries: number;
  /** Milliseconds between tries; absent: 1 s, 2 s, 4 s, … up to a minute. */
  readonly delay?: number;
  readonly wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Told before each wait, in Podman's words. */
  readonly onRetry?: (text: string) => void;
};

const longestDelay = 60_000;

/** A policy with the real clock. */
export function retryPolicy(
  options: { readonly retries?: number; readonly delay?: number; readonly onRetry?: (text: string) => void } = {},
): RetryPolicy {
  return { retries: options.retries ?? 3, delay: options.delay, onRetry: options.onRetry, wait: waitFor };
}

/** Repeats `work` while its failures are such that time may mend them. */
export async function withRetries<T>(
  policy: RetryPolicy,
  work: () => Promise<T>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await work();
    } catch (error) {
      options.signal?.throwIfAborted();
      if (attempt > policy.retries || !isPassing(error)) throw error;
      await pause(policy, { attempt, error, signal: options.signal });
    }
  }
}

/** Says that there will be another try, and waits for it. */
export async function pause(
  policy: RetryPolicy,
  failed: { readonly attempt: number; readonly error: unknown; readonly signal?: AbortSignal },
): Promise<void> {
  const delay = Math.min(longestDelay, delayOf(policy, failed));
  const count = `${failed.attempt}/${policy.retries}`;
  policy.onRetry?.(`Failed, retrying in ${delay / 1000}s ... (${count}). Error: ${messageOf(failed.error)}`);
  await policy.wait(delay, failed.signal);
}

/** True for failures of the network and of overloaded servers, not for refusals, bad names or bad content. */
export function isPassing(error: unknown): boolean {
  const cause = error instanceof EngineError ? error.cause : undefined;
  if (cause instanceof ConnectionFailure || cause instanceof RegistryRefusal) return cause.retry;
  return error instanceof EngineError && (error.kind === "timeout" || error.kind === "unreachable");
}

function delayOf(policy: RetryPolicy, failed: { readonly attempt: number; readonly error: unknown }): number {
  const cause = failed.error instanceof EngineError ? failed.error.cause : undefined;
  const asked = cause instanceof RegistryRefusal ? cause.retryAfter : undefined;
  return asked ?? policy.delay ?? 1000 * 2 ** (failed.attempt - 1);
}

function waitFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
