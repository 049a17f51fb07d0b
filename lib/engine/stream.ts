/** Streams that cross the contract: what a container says, and the line to its terminal. */

/** A piece of output. In a terminal all of it is `stdout`. */
export type Frame = { readonly stream: "stdout" | "stderr"; readonly data: Uint8Array };

/**
 * A line to a process: its output, and a way to write to its input. Owned by the receiver, who ends it with `close()`.
 */
export type Duplex = {
  /** Ends when the process has said all, when the keys to detach were typed, or after `close()`. */
  readonly output: AsyncIterable<Frame>;
  /** Settles with `output`: `detached` where the process goes on. */
  readonly ended: Promise<"finished" | "detached">;
  /** Resolves when the bytes were handed over; rejects after the process's input closed. */
  readonly write: (data: Uint8Array) => Promise<void>;
  /** Ends the process's input, keeping its output open. */
  readonly closeInput: () => Promise<void>;
  readonly close: () => void;
};

/** Size of a terminal in character cells. */
export type WindowSize = { readonly width: number; readonly height: number };
