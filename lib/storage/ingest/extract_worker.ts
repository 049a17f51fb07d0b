/** The worker that extracts layers, one after the other; see messages.ts for what it is told. */
import { EngineError, messageOf } from "../../errors.ts";
import { O, open } from "../../sys/fd.ts";
import { failureOf } from "../failure.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { LayerPipeline } from "./pipeline.ts";

/** The part of a dedicated worker's global scope that is used here. */
type Scope = {
  onmessage: ((event: { readonly data: ToWorker }) => void) | null;
  readonly postMessage: (message: FromWorker) => void;
};

function readScope(): Scope {
  return globalThis as unknown as Scope;
}

const state: { pipeline: LayerPipeline | undefined; queue: Promise<void> } = {
  pipeline: undefined,
  queue: Promise.resolve(),
};

function close(): void {
  state.pipeline?.[Symbol.dispose]();
  state.pipeline = undefined;
}

async function handle(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case "start":
      close();
      state.pipeline = new LayerPipeline(open(message.directory, O.RDONLY | O.DIRECTORY), message.options);
      return;
    case "chunk": {
      // After a failure the rest that was under way is dropped.
      const size = message.bytes.length;
      await state.pipeline?.push(message.bytes);
      if (state.pipeline !== undefined) readScope().postMessage({ kind: "taken", size });
      return;
    }
    case "end": {
      const result = await state.pipeline?.end();
      close();
      if (result !== undefined) readScope().postMessage({ kind: "done", result });
      return;
    }
    case "abort":
      if (state.pipeline !== undefined) throw new EngineError("cancelled", "extracting layer: cancelled");
      return;
    default:
      return message satisfies never;
  }
}

async function handleSafely(message: ToWorker): Promise<void> {
  try {
    await handle(message);
  } catch (thrown) {
    close();
    const error = failureOf(thrown, { action: "storing layer" });
    const kind = error instanceof EngineError ? error.kind : "internal";
    readScope().postMessage({ kind: "failed", error: { kind, message: messageOf(error) } });
  }
}

readScope().onmessage = ({ data }) => {
  state.queue = state.queue.then(() => handleSafely(data));
};
