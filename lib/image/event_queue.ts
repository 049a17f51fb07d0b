/**
 * Events out of callbacks, to one reader. What nobody has read yet is kept, so a source with many events has to merge
 * its own.
 */
export class EventQueue<T> {
  readonly #waiting: T[] = [];
  #wake: (() => void) | undefined;

  push(event: T): void {
    this.#waiting.push(event);
    this.#wake?.();
  }

  /**
   * Runs `work`, which pushes, and gives its events; ends or fails as `work` does. `leave` is called when the reader goes
   * before that: it has to make `work` stop, which is waited for.
   */
  async *read(leave: () => void, work: () => Promise<void>): AsyncGenerator<T> {
    let isOver = false;
    const finished = work().finally(() => {
      isOver = true;
      this.#wake?.();
    });
    finished.catch(() => {}); // awaited below, whatever the reader does
    try {
      while (!isOver || this.#waiting.length > 0) {
        yield* this.#waiting.splice(0);
        if (!isOver && this.#waiting.length === 0) await new Promise<void>((resolve) => this.#wake = resolve);
      }
      await finished;
    } finally {
      if (!isOver) leave();
      await Promise.allSettled([finished]);
    }
  }
}
