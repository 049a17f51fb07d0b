/**
 * The C library, the program's only use of `Deno.dlopen`.
 *
 * Each symbol is bound on its first use: Deno compiles a trampoline per symbol (about 0.25 ms each), so a program that
 * makes five different calls must not pay for eighty. After the first use a symbol is a plain property, as fast as if
 * the library had been opened whole.
 *
 * Calls are synchronous, because `errno` belongs to the thread: `errno()` is only true right after a synchronous call.
 * The `*Async` symbols run on Deno's pool of (at most 32) blocking threads: only `reactor.ts` and `lock.ts` use them.
 */
import { type Symbols, symbols } from "./_symbols.ts";

/** Deno takes a number for a 64-bit parameter, and without the cost of a BigInt; its type does not say so. */
type NumberToo<F> = F extends (...args: infer Args) => infer Result
  ? (...args: { [I in keyof Args]: bigint extends Args[I] ? Args[I] | number : Args[I] }) => Result
  : never;

type Bound = Deno.DynamicLibrary<Symbols>["symbols"];

export type Libc = { readonly [Name in keyof Bound]: NumberToo<Bound[Name]> };

const libraryNames = ["libc.so.6", "libc.so"];

function bind(name: string, definition: Deno.ForeignFunction): unknown {
  // The cell must be known before the call whose errno it is to tell: finding it would overwrite errno.
  if (name !== "__errno_location") cell();
  let failure: unknown;
  for (const library of libraryNames) {
    try {
      return Deno.dlopen(library, { [name]: definition }).symbols[name];
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

function lazySymbols(): Libc {
  const table: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(symbols)) {
    const get = (): unknown => {
      const value = bind(name, definition);
      Object.defineProperty(table, name, { value, enumerable: true });
      return value;
    };
    Object.defineProperty(table, name, { get, configurable: true, enumerable: true });
  }
  return table as Libc;
}

/** The symbols of `_symbols.ts`, each bound when first read. */
export const libc: Libc = lazySymbols();

let errnoCell: Int32Array | undefined;

/** The calling thread's errno. Call it right after the failed synchronous call, before anything else. */
export function errno(): number {
  return cell()[0] ?? 0;
}

/** Sets errno to 0, for calls whose return value does not tell failure. */
export function clearErrno(): void {
  cell()[0] = 0;
}

function cell(): Int32Array {
  if (errnoCell !== undefined) return errnoCell;
  const pointer = libc.__errno_location();
  if (pointer === null) throw new Error("the C library has no errno");
  errnoCell = new Int32Array(Deno.UnsafePointerView.getArrayBuffer(pointer, 4));
  return errnoCell;
}

/** System call numbers below 424 differ between the two architectures. */
export function isArm64(): boolean {
  return Deno.build.arch === "aarch64";
}
