/**
 * The only door to the kernel and to other programs: every foreign call and every process starts here.
 *
 * May import `lib/errors.ts` and `node:*`. What must stay true:
 * - `libc.ts` alone opens the C library, on first use; importing any file here only declares.
 * - Descriptors are `OwnedFd`, closed by `using`, close-on-exec unless handed on knowingly.
 * - A wrapper reads errno at once and throws `SysError`; the driver that knows the meaning translates it.
 * - Callers that want tests without a kernel take `Pick<Sys, …>` (`sys.ts`); tests pass `fake.ts`'s recorder.
 *
 * On a hot path import the file you need instead of this one.
 */
export * from "./errno.ts";
export * from "./fd.ts";
export * from "./file.ts";
export * from "./id.ts";
export * from "./lock.ts";
export * from "./mount.ts";
export * from "./process.ts";
export * from "./reactor.ts";
export * from "./signal.ts";
export * from "./socket.ts";
export * from "./stream.ts";
export * from "./tty.ts";
