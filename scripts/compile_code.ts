/**
 * Run inside the base program while building: writes the code that V8 makes of scripts. Arguments: `eager` or `lazy`, then
 * the scripts' files. `eager` is for a base started with V8's `--no-lazy`. `lazy` comes after it, under the flags of the
 * final program: it gives eager code those flags and makes sure that V8 takes it.
 */
import { Script } from "node:vm";
import { withFlagsOf } from "./code.ts";

const [mode, ...paths] = Deno.args;

/** Any script's: all code that this process makes carries the same flags. */
const native = new Script("0").createCachedData();

for (const path of paths) {
  const text = Deno.readTextFileSync(path);
  const output = path.replace(/txt$/, "code");
  const options = { filename: path.replace(/txt$/, "js") };
  const eager = mode === "lazy" ? readIfThere(output) : undefined;
  const code = eager === undefined
    ? new Script(text, options).createCachedData()
    : accepted({ text, code: withFlagsOf(native, eager) });
  Deno.writeFileSync(output, code);
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function accepted({ text, code }: { readonly text: string; readonly code: Uint8Array }): Uint8Array {
  if (new Script(text, { cachedData: code }).cachedDataRejected === false) return code;
  throw new Error("checking compiled code: V8 does not take it");
}
