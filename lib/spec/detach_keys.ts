/** The keys that leave an attached process running: their spelling and a scanner for what is typed. Pure. */

import { EngineError } from "../errors.ts";

/** What Podman and Docker use where nothing else is said. */
export const defaultDetachKeys = "ctrl-p,ctrl-q";

/** What becomes of a piece of input. */
export type Scanned = {
  /** What goes on to the process; keys that may be the beginning of the sequence are held back. */
  readonly pass: Uint8Array;
  /** The sequence was typed; the rest of the piece is lost, as what follows is not meant for the process. */
  readonly detached: boolean;
};

/**
 * Bytes of a sequence such as `ctrl-p,ctrl-q` or `ctrl-@,x`: single characters, or `ctrl-` with a letter or one of
 * `@ [ \ ] ^ _`. An empty text means no sequence at all. Throws `invalidArgument`.
 */
export function parseDetachKeys(keys: string): Uint8Array {
  if (keys === "") return new Uint8Array(0);
  return Uint8Array.from(keys.split(",").map((key) => keyCode(key, keys)));
}

function keyCode(key: string, keys: string): number {
  if (key.length === 1 && key.charCodeAt(0) < 128) return key.charCodeAt(0);
  const [, control] = /^ctrl-([a-z@[\\\]^_])$/.exec(key) ?? [];
  if (control !== undefined) return control.toUpperCase().charCodeAt(0) - 64;
  throw new EngineError("invalidArgument", `parsing detach keys "${keys}": unknown key "${key}"`);
}

/** Looks for a sequence in input that comes in pieces. */
export class DetachScanner {
  readonly #keys: Uint8Array;
  #matched = 0;

  /** `keys` as from `parseDetachKeys`; none: everything passes. */
  constructor(keys: Uint8Array) {
    this.#keys = keys;
  }

  scan(piece: Uint8Array): Scanned {
    if (this.#keys.length === 0 || (this.#matched === 0 && !piece.includes(this.#keys[0] ?? 0))) {
      return { pass: piece, detached: false };
    }
    const pass: number[] = [];
    for (const byte of piece) {
      this.#step(byte, pass);
      if (this.#matched === this.#keys.length) return { pass: Uint8Array.from(pass), detached: true };
    }
    return { pass: Uint8Array.from(pass), detached: false };
  }

  /** What is held back, for the process to get when its input ends. */
  rest(): Uint8Array {
    const held = this.#keys.slice(0, this.#matched);
    this.#matched = 0;
    return held;
  }

  /** Holds `byte` back as far as it continues the sequence; else lets go of what can no longer begin one. */
  #step(byte: number, pass: number[]): void {
    const held = [...this.#keys.subarray(0, this.#matched), byte];
    let dropped = 0;
    while (!this.#begins(held.slice(dropped))) dropped++;
    pass.push(...held.slice(0, dropped));
    this.#matched = held.length - dropped;
  }

  #begins(held: readonly number[]): boolean {
    return held.length <= this.#keys.length && held.every((byte, index) => byte === this.#keys[index]);
  }
}
