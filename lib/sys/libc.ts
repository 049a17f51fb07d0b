/**
 * The C library, and the program's only use of `Deno.dlopen`.
 *
 * Deno compiles a trampoline per function that it opens, about 0.25 ms each, which makes a call cost 0.1 µs. A call
 * through a bare address costs 5 µs and no preparation. A command makes most of its forty kinds of calls a few times and
 * an extraction makes a few kinds a million times, so a symbol begins as an address and gets its trampoline when it has
 * been called often.
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

type Definitions = Deno.ForeignLibraryInterface;

/** Opens the first shared library of `names` that is there, for a file of this folder that wraps it; throws without. */
export function openLibrary<T extends Definitions>(
  definitions: T,
  names: readonly string[] = libraryNames,
): Deno.DynamicLibrary<T> {
  let failure: unknown;
  for (const library of names) {
    try {
      return Deno.dlopen(library, definitions);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

/** The C library stays in the process without us, so what was found in it outlives the handle. */
function symbolsOf<T extends Definitions>(definitions: T): Deno.StaticForeignLibraryInterface<T> {
  const library = openLibrary(definitions);
  library.close();
  return library.symbols;
}

type Call = (...args: unknown[]) => unknown;
type Address = Deno.PointerObject<Deno.ForeignFunction>;

/** Asked for as data, a symbol is its address, and cheap (20 µs). */
function addressOf(name: string, definition: Deno.ForeignFunction): Address | null {
  const symbol = { name: definition.name ?? name, type: "pointer", optional: true } as const;
  return symbolsOf({ [name]: symbol })[name] as unknown as Address | null;
}

/** Old C libraries lack some functions. */
export function hasSymbol(name: keyof Libc): boolean {
  return addressOf(name, symbols[name]) !== null;
}

function bindFast(name: string, definition: Deno.ForeignFunction): Call {
  return symbolsOf({ [name]: definition })[name] as unknown as Call;
}

/** From this call on a symbol is worth its trampoline. */
const fastFrom = 64;

/** A symbol as it is before its first use: `replace` puts what comes after in its place. */
function lazyCall(name: string, definition: Deno.ForeignFunction, replace: (call: Call) => void): Call {
  const address = addressOf(name, definition);
  if (address === null) throw new Error(`the C library has no ${name}()`);
  const pointer = new Deno.UnsafeFnPointer(address, definition) as unknown as { readonly call: Call };
  if (definition.nonblocking) return (...args) => pointer.call(...args);
  let calls = 0;
  return (...args) => {
    if (++calls < fastFrom) return pointer.call(...args);
    const fast = bindFast(name, definition);
    replace(fast);
    return fast(...args);
  };
}

function lazySymbols(): Libc {
  const table: Record<string, Call> = {};
  for (const [name, definition] of Object.entries<Deno.ForeignFunction>(symbols)) {
    const replace = (value: Call) =>
      Object.defineProperty(table, name, { value, configurable: true, enumerable: true });
    const get = (): Call => {
      // The cell must be known before the call whose errno it is to tell: finding it would overwrite errno.
      if (name !== "__errno_location") cell();
      const call = lazyCall(name, definition, replace);
      replace(call);
      return call;
    };
    Object.defineProperty(table, name, { get, configurable: true, enumerable: true });
  }
  return table as unknown as Libc;
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
