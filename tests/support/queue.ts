/** Values handed from those who have them to those who wait for them. */

/** Endless memory; each value goes to one reader. Iterating ends after `end()`. */
export class Queue<T> implements AsyncIterable<T> {
  readonly #values: T[] = [];
  #waiting: (() => void)[] = [];
  #ended = false;

  push(value: T): void {
    if (this.#ended) return;
    this.#values.push(value);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    waiting.forEach((resolve) => resolve());
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (;;) {
      while (this.#values.length > 0) yield this.#values.shift() as T;
      if (this.#ended) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push(resolve);
      await promise;
    }
  }
}
