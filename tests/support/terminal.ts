/** A terminal for the program under test, by `script` of util-linux, and words about its size. */

import { mustExecute, type Running, start } from "./execute.ts";
import type { Place } from "./place.ts";

export type Terminal = AsyncDisposable & {
  readonly type: (text: string) => Promise<void>;
  /** Types key by key: Podman knows its keys to detach only when each comes in a read of its own. */
  readonly press: (keys: readonly string[]) => Promise<void>;
  readonly saw: (pattern: RegExp) => Promise<void>;
  readonly seen: () => string;
  /** The program's exit code, once it has ended. */
  readonly ended: Promise<number>;
  /** Gives the terminal another size, which its foreground processes are told. */
  readonly resize: (rows: number, columns: number) => Promise<void>;
  /** The terminal's settings, as `stty -a` tells them. */
  readonly settings: () => Promise<string>;
};

/** Runs the program with `args` on a terminal of 24 rows and 80 columns. */
export async function onTerminal(place: Place, args: readonly string[]): Promise<Terminal> {
  const quoted = place.argv(args).map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const command = `stty rows 24 cols 80; echo "terminal $(tty)"; ${quoted}; code=$?; stty -a | head -n 3; exit $code`;
  const running: Running = start(["script", "-qefc", command, "/dev/null"], {
    env: { ...place.environment, SHELL: "/bin/sh", TERM: "xterm" },
    keepInput: true,
  });
  await running.saw(/terminal \/dev\/pts\/\d+\r\n/);
  const device = /terminal (\/dev\/pts\/\d+)/.exec(running.seen())?.[1] ?? "";
  return {
    type: running.write,
    press: async (keys) => {
      for (const key of keys) {
        await running.write(key);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
    saw: running.saw,
    seen: running.seen,
    ended: running.result.then(({ code }) => code),
    resize: async (rows, columns) => {
      await mustExecute(["stty", "-F", device, "rows", String(rows), "cols", String(columns)]);
    },
    settings: () => mustExecute(["stty", "-F", device, "-a"]),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}
