import { deepEqual, equal, throws } from "node:assert/strict";
import { isSysError } from "./errno.ts";
import { check, O, open, OwnedFd } from "./fd.ts";
import { libc } from "./libc.ts";
import { getWindowSize, isatty, setRaw, setWindowSize } from "./tty.ts";

/** A pseudo-terminal: the side of the terminal program and the side of the shell. */
function pseudoTerminal(): { readonly outer: OwnedFd; readonly inner: OwnedFd } {
  const TIOCSPTLCK = 0x40045431;
  const TIOCGPTPEER = 0x5441;
  const outer = open("/dev/ptmx", O.RDWR | O.NOCTTY);
  check(libc.ioctl(outer.value, TIOCSPTLCK, new Uint8Array(4)), "ioctl");
  // TIOCGPTPEER takes its flags in place of the pointer: none means O_RDONLY, enough for terminal settings.
  const inner = new OwnedFd(check(libc.ioctl(outer.value, TIOCGPTPEER, null), "ioctl"));
  return { outer, inner };
}

Deno.test("isatty() tells a terminal from a file", () => {
  const terminal = pseudoTerminal();
  using _outer = terminal.outer;
  using inner = terminal.inner;
  using file = open("/dev/null", O.RDONLY);
  deepEqual([isatty(inner), isatty(file)], [true, false]);
});

Deno.test("a window's size is set and read back", () => {
  const terminal = pseudoTerminal();
  using outer = terminal.outer;
  using inner = terminal.inner;
  setWindowSize(outer, { columns: 132, rows: 43 });
  deepEqual(getWindowSize(inner), { columns: 132, rows: 43 });
  using file = open("/dev/null", O.RDONLY);
  throws(() => getWindowSize(file), (error: unknown) => isSysError(error, "ENOTTY"));
});

Deno.test("setRaw() switches echo and lines off until disposed", () => {
  const terminal = pseudoTerminal();
  using _outer = terminal.outer;
  using inner = terminal.inner;
  const localFlags = (): number => {
    const termios = new DataView(new ArrayBuffer(64));
    check(libc.ioctl(inner.value, 0x5401, new Uint8Array(termios.buffer)), "ioctl");
    return termios.getUint32(12, true);
  };
  const ECHO_ICANON_ISIG = 0x8 | 0x2 | 0x1;
  const before = localFlags();
  {
    using _raw = setRaw(inner);
    equal(localFlags() & ECHO_ICANON_ISIG, 0);
  }
  equal(localFlags(), before);
  equal(before & ECHO_ICANON_ISIG, ECHO_ICANON_ISIG);
});
