import { deepEqual, equal, throws } from "node:assert/strict";
import { isSysError, SysError } from "./errno.ts";
import {
  AT_FDCWD,
  copyFileRange,
  dup,
  fallocate,
  ftruncate,
  isCloexec,
  isOpen,
  lseek,
  memfd,
  O,
  open,
  openat,
  openat2,
  OwnedFd,
  pipe,
  pread,
  pwrite,
  read,
  readAll,
  readSmallFile,
  RESOLVE,
  SEEK,
  setNonblock,
  tryRead,
  writeAll,
} from "./fd.ts";
import { fstat, symlinkAt } from "./file.ts";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value);

function temporary(): { readonly path: string } & Disposable {
  const path = Deno.makeTempDirSync({ prefix: "beluga-sys-" });
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

Deno.test("open() says which call failed on what, and why", () => {
  throws(() => open("/nowhere/at all", O.RDONLY), (error: unknown) => {
    return error instanceof SysError && error.code === "ENOENT" && error.errno === 2 &&
      error.message === 'open "/nowhere/at all": no such file or directory' && error.path === "/nowhere/at all";
  });
});

Deno.test("errno is right on the first calls and on those after a symbol got its trampoline", () => {
  for (let count = 0; count < 200; count++) {
    throws(() => open("/nowhere", O.RDONLY), (error: unknown) => isSysError(error, "ENOENT"));
    throws(() => open("/proc/self/status/x", O.RDONLY), (error: unknown) => isSysError(error, "ENOTDIR"));
  }
});

Deno.test("open() refuses a path with an inner NUL and one that is too long", () => {
  throws(() => open("/etc/passwd\0.txt", O.RDONLY), (error: unknown) => isSysError(error, "EINVAL"));
  throws(() => open("/" + "x".repeat(5000), O.RDONLY), (error: unknown) => isSysError(error, "ENAMETOOLONG"));
});

Deno.test("open() takes a name of bytes that are not UTF-8", () => {
  using root = temporary();
  using dir = open(root.path, O.RDONLY);
  const name = new Uint8Array([0xff, 0xfe, 0x61]);
  openat(dir, name, { flags: O.WRONLY | O.CREAT })[Symbol.dispose]();
  using again = openat(dir, name, { flags: O.RDONLY });
  equal(fstat(again).type, "file");
});

Deno.test("openat2() keeps a hostile link inside its root", () => {
  using root = temporary();
  using dir = open(root.path, O.RDONLY | O.DIRECTORY);
  symlinkAt(dir, "up", { target: "../../../../../../etc/passwd" });
  symlinkAt(dir, "absolute", { target: "/etc/passwd" });
  for (const name of ["up", "absolute", "/etc/passwd", "../../etc/passwd"]) {
    throws(
      () => openat2(dir, name, { flags: O.RDONLY, resolve: RESOLVE.IN_ROOT }),
      (error: unknown) => isSysError(error, "ENOENT"),
    );
  }
  throws(
    () => openat2(dir, "../x", { flags: O.RDONLY, resolve: RESOLVE.BENEATH }),
    (error: unknown) => isSysError(error, "EXDEV"),
  );
});

Deno.test("openat2() makes a file with the mode asked for", () => {
  using root = temporary();
  using dir = open(root.path, O.RDONLY | O.DIRECTORY);
  using file = openat2(dir, "new", { flags: O.WRONLY | O.CREAT | O.EXCL, mode: 0o600, resolve: RESOLVE.IN_ROOT });
  equal(fstat(file).mode, 0o600);
});

Deno.test("read, write and seek keep their positions, beyond 4 GiB too", () => {
  using file = memfd("test");
  writeAll(file, bytes("hello world"));
  equal(lseek(file, -5, { whence: SEEK.CUR }), 6);
  equal(text(readAll(file)), "world");
  pwrite(file, bytes("!"), { offset: 5_000_000_000 });
  const one = new Uint8Array(1);
  equal(pread(file, one, { offset: 5_000_000_000 }), 1);
  equal(text(one), "!");
  equal(lseek(file, 4096, { whence: SEEK.DATA }) > 4096, true);
  ftruncate(file, 3);
  equal(fstat(file).size, 3);
});

Deno.test("SEEK.DATA past the last data says ENXIO", () => {
  using file = memfd("test");
  ftruncate(file, 8192);
  throws(() => lseek(file, 0, { whence: SEEK.DATA }), (error: unknown) => isSysError(error, "ENXIO"));
  fallocate(file, { offset: 0, length: 4096 });
  equal(fstat(file).size, 8192);
});

Deno.test("copyFileRange() copies inside the kernel", () => {
  using root = temporary();
  using from = open(`${root.path}/from`, O.RDWR | O.CREAT);
  using to = open(`${root.path}/to`, O.RDWR | O.CREAT);
  writeAll(from, bytes("content"));
  lseek(from, 0);
  equal(copyFileRange(from, to, { length: 100 }), 7);
  equal(readSmallFile(`${root.path}/to`), "content");
});

Deno.test("descriptors are close-on-exec unless asked otherwise", () => {
  using file = open("/dev/null", O.RDWR);
  equal(isCloexec(file), true);
  const ends = pipe({ cloexec: false });
  using readEnd = ends.read;
  using writeEnd = ends.write;
  equal(isCloexec(readEnd), false);
  equal(isCloexec(writeEnd), false);
});

Deno.test("tryRead() tells an empty pipe from its end", () => {
  const ends = pipe();
  using readEnd = ends.read;
  setNonblock(readEnd, true);
  const buffer = new Uint8Array(8);
  equal(tryRead(readEnd, buffer), undefined);
  writeAll(ends.write, bytes("x"));
  ends.write[Symbol.dispose]();
  equal(tryRead(readEnd, buffer), 1);
  equal(tryRead(readEnd, buffer), 0);
});

Deno.test("OwnedFd closes once, and gives nothing away afterwards", () => {
  const file = open("/dev/null", O.RDONLY);
  const number = file.value;
  file[Symbol.dispose]();
  file[Symbol.dispose]();
  equal(isOpen(number), false);
  throws(() => file.value, (error: unknown) => isSysError(error, "EBADF"));
});

Deno.test("OwnedFd.release() leaves the descriptor open", () => {
  const file = open("/dev/null", O.RDONLY);
  const number = file.release();
  file[Symbol.dispose]();
  equal(isOpen(number), true);
  new OwnedFd(number)[Symbol.dispose]();
});

Deno.test("dup() gives a number of at least the minimum", () => {
  using file = open("/dev/null", O.RDONLY);
  using copy = dup(file, { minimum: 100 });
  equal(copy.value >= 100, true);
});

Deno.test("read() takes what is there", () => {
  using file = openat(AT_FDCWD, "/dev/zero", { flags: O.RDONLY });
  const buffer = new Uint8Array(3).fill(7);
  equal(read(file, buffer), 3);
  deepEqual([...buffer], [0, 0, 0]);
});
