import { availableProcessors } from "../../sys/id.ts";

/**
 * Workers that extract layers: at most one per processor (and two at least, as one often waits for the network). One that
 * has finished goes straight to whoever waits; without a waiter it ends, so that nothing keeps the program alive.
 */
export class Workers {
  readonly #waiting: ((worker: Worker | undefined) => void)[] = [];
  readonly #limit: number;
  #running = 0;

  constructor(limit = Math.min(8, Math.max(2, availableProcessors().length))) {
    this.#limit = limit;
  }

  /** Runs `work` with a worker of its own. A failed worker is not used again. */
  async use<T>(work: (worker: Worker) => Promise<T>): Promise<T> {
    const worker = await this.#take();
    let reusable = false;
    try {
      const result = await work(worker);
      reusable = true;
      return result;
    } finally {
      this.#give(worker, reusable);
    }
  }

  async #take(): Promise<Worker> {
    if (this.#running < this.#limit) {
      this.#running++;
      return startWorker();
    }
    const { promise, resolve } = Promise.withResolvers<Worker | undefined>();
    this.#waiting.push(resolve);
    return await promise ?? startWorker();
  }

  #give(worker: Worker, reusable: boolean): void {
    const next = this.#waiting.shift();
    if (!reusable || next === undefined) worker.terminate();
    if (next === undefined) this.#running--;
    else next(reusable ? worker : undefined);
  }
}

function startWorker(): Worker {
  return new Worker(new URL("./extract_worker.ts", import.meta.url).href, { type: "module" });
}
