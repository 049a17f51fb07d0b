import { check, type Fd, fdNumber } from "./fd.ts";
import { libc } from "./libc.ts";

const TCGETS = 0x5401;
const TCSETS = 0x5402;
const TCSETSW = 0x5403;
const TIOCGWINSZ = 0x5413;
const TIOCSWINSZ = 0x5414;

/** Columns and rows of a terminal. */
export type WindowSize = { readonly columns: number; readonly rows: number };

/** struct termios of the kernel: four 32-bit flag words, a line discipline and 19 control characters. */
const termiosSize = 64;

export function isatty(fd: Fd): boolean {
  return libc.ioctl(fdNumber(fd), TCGETS, new Uint8Array(termiosSize)) === 0;
}

/** A terminal's size; ENOTTY when it is none. */
export function getWindowSize(fd: Fd): WindowSize {
  // struct winsize { unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel; }
  const size = new Uint16Array(4);
  check(libc.ioctl(fdNumber(fd), TIOCGWINSZ, new Uint8Array(size.buffer)), "ioctl");
  return { rows: size[0] ?? 0, columns: size[1] ?? 0 };
}

export function setWindowSize(fd: Fd, size: WindowSize): void {
  const words = new Uint16Array([size.rows, size.columns, 0, 0]);
  check(libc.ioctl(fdNumber(fd), TIOCSWINSZ, new Uint8Array(words.buffer)), "ioctl");
}

/** A terminal in raw mode, put back when disposed. */
export class RawMode implements Disposable {
  readonly #fd: Fd;
  readonly #before: Uint8Array<ArrayBuffer>;
  #restored = false;

  constructor(fd: Fd, before: Uint8Array<ArrayBuffer>) {
    this.#fd = fd;
    this.#before = before;
  }

  /** A terminal that has gone meanwhile is no error. */
  [Symbol.dispose](): void {
    if (this.#restored) return;
    this.#restored = true;
    libc.ioctl(fdNumber(this.#fd), TCSETSW, this.#before);
  }
}

/** Every byte goes through as typed, as cfmakeraw(3) does it. `output` keeps the translation of newlines. */
export function setRaw(fd: Fd, options: { readonly output?: boolean } = {}): RawMode {
  const before = new Uint8Array(termiosSize);
  check(libc.ioctl(fdNumber(fd), TCGETS, before), "ioctl");
  const raw = before.slice();
  makeRaw(new DataView(raw.buffer), options.output ?? false);
  check(libc.ioctl(fdNumber(fd), TCSETS, raw), "ioctl");
  return new RawMode(fd, before);
}

// Offsets in struct termios and flags of asm-generic/termbits.h.
const inputFlags = 0;
const outputFlags = 4;
const controlFlags = 8;
const localFlags = 12;
const controlCharacters = 17;
const IGNBRK_BRKINT_PARMRK_ISTRIP_INLCR_IGNCR_ICRNL_IXON = 0x1 | 0x2 | 0x8 | 0x20 | 0x40 | 0x80 | 0x100 | 0x400;
const OPOST = 0x1;
const ECHO_ECHONL_ICANON_ISIG_IEXTEN = 0x8 | 0x40 | 0x2 | 0x1 | 0x8000;
const CSIZE_PARENB = 0x30 | 0x100;
const CS8 = 0x30;
const VTIME = 5;
const VMIN = 6;

function makeRaw(termios: DataView, keepOutput: boolean): void {
  const clear = (offset: number, flags: number) =>
    termios.setUint32(offset, termios.getUint32(offset, true) & ~flags, true);
  clear(inputFlags, IGNBRK_BRKINT_PARMRK_ISTRIP_INLCR_IGNCR_ICRNL_IXON);
  if (!keepOutput) clear(outputFlags, OPOST);
  clear(localFlags, ECHO_ECHONL_ICANON_ISIG_IEXTEN);
  clear(controlFlags, CSIZE_PARENB);
  termios.setUint32(controlFlags, termios.getUint32(controlFlags, true) | CS8, true);
  termios.setUint8(controlCharacters + VMIN, 1);
  termios.setUint8(controlCharacters + VTIME, 0);
}
