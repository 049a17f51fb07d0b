import { deepEqual, equal, rejects, throws } from "node:assert/strict";
import { isSysError, SysError } from "./errno.ts";
import { dup, memfd, O, open, pipe, readAll, writeAll } from "./fd.ts";
import { findProgram, isAlive, ProcessError, quoteArgv, run, runBytes, start, startTime } from "./process.ts";

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The thread that waits for descriptors is woken in the end, and may come back after the test. */
function test(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false });
}

test("run() gives what the program wrote", async () => {
  const output = await run(["sh", "-c", "cat; echo problem >&2"], { input: "words" });
  deepEqual(output, { stdout: "words", stderr: "problem\n" });
});

test("run() throws with the command line, the exit code and the tail of stderr", async () => {
  await rejects(run(["sh", "-c", "echo first >&2; echo is bad >&2; exit 3", "a b"]), (error: unknown) => {
    if (!(error instanceof ProcessError)) return false;
    deepEqual(error.ended, { code: 3 });
    equal(error.stderr, "first\nis bad\n");
    equal(error.command.endsWith("'a b'"), true);
    return error.message.endsWith(": is bad");
  });
});

test("run() tells a signal and a timeout from an exit code", async () => {
  const ended = async (promise: Promise<unknown>) => {
    const error = await promise.then(() => undefined, (reason) => reason);
    return error instanceof ProcessError ? error.ended : error;
  };
  deepEqual(await ended(run(["sh", "-c", "kill -9 $$"])), { signal: 9 });
  deepEqual(await ended(run(["sleep", "60"], { timeoutMs: 1 })), { timedOut: true });
});

test("run() ends the program when aborted, and throws the reason", async () => {
  const abort = new AbortController();
  const running = run(["sleep", "60"], { signal: abort.signal });
  abort.abort(new Error("enough"));
  await rejects(running, /enough/);
  await rejects(run(["true"], { signal: abort.signal }), /enough/);
});

test("run() does not wait for what the program left behind", async () => {
  const { stdout } = await run(["sh", "-c", "sleep 60 & echo $!"]);
  equal(isAlive({ pid: Number(stdout), startTime: startTime(Number(stdout)) ?? -1 }), true);
  Deno.kill(Number(stdout), "SIGKILL");
});

test("run() carries much data both ways at once", async () => {
  const input = new Uint8Array(3_000_000).map((_, index) => index % 251);
  const { stdout } = await runBytes(["cat"], { input });
  equal(stdout.length, input.length);
  equal(stdout.every((byte, index) => byte === index % 251), true);
});

test("run() is content with a program that does not read its input", async () => {
  equal((await run(["true"], { input: "x".repeat(1_000_000) })).stdout, "");
});

test("a program gets the whole environment and directory that it is given, and no more", async () => {
  const { stdout } = await run(["/usr/bin/env"], { env: { A: "1 2", B: "=" } });
  equal(stdout, "A=1 2\nB==\n");
  equal((await run(["pwd"], { cwd: "/usr" })).stdout, "/usr\n");
});

test("a program gets exactly the descriptors that it is given", async () => {
  using kept = memfd("kept");
  writeAll(kept, new TextEncoder().encode("text"));
  using lent = open("/dev/null", O.RDWR);
  const ends = pipe();
  using readEnd = ends.read;
  {
    using writeEnd = ends.write;
    const script = "echo from >&7; test -e /proc/self/fd/" + kept.value + " && readlink /proc/self/fd/8";
    const fds = new Map([[7, writeEnd], [8, lent]]);
    equal((await run(["sh", "-c", script], { fds, inheritFds: [kept] })).stdout, "/dev/null\n");
    await rejects(run(["test", "-e", `/proc/self/fd/${kept.value}`]), ProcessError);
  }
  equal(decode(readAll(readEnd)), "from\n");
});

test("a program gets no descriptor that merely happens to be inheritable", async () => {
  using stray = memfd("stray", { cloexec: false });
  using wanted = dup(stray, { minimum: stray.value + 10 });
  const { stdout } = await run(["ls", "/proc/self/fd"], { inheritFds: [wanted] });
  deepEqual(stdout.trim().split("\n").map(Number).sort((a, b) => a - b), [0, 1, 2, 3, wanted.value]);
});

test("descriptors that would overwrite one another are swapped", async () => {
  using low = open("/dev/null", O.RDONLY);
  using high = open("/dev/zero", O.RDONLY);
  const fds = new Map([[low.value, high], [high.value, low]]);
  const script = `readlink /proc/self/fd/${low.value} /proc/self/fd/${high.value}`;
  equal((await run(["sh", "-c", script], { fds })).stdout, "/dev/zero\n/dev/null\n");
});

test("a program does not inherit that we ignore SIGPIPE", async () => {
  const { stdout } = await run(["grep", "SigIgn", "/proc/self/status"]);
  equal(BigInt(`0x${stdout.split(/\s+/)[1]}`) & (1n << 12n), 0n);
});

test("a missing program is ENOENT with its name, one that is no program says so", () => {
  const check = (argv: string[], code: string) =>
    throws(() => start(argv), (error: unknown) => isSysError(error, code) && error instanceof SysError);
  check(["no-such-program"], "ENOENT");
  check(["/no/such/program"], "ENOENT");
  check(["/etc/passwd"], "EACCES");
  check([""], "ENOENT");
});

test("arguments with a NUL are refused", () => {
  throws(() => start(["echo", "a\0b"]), (error: unknown) => isSysError(error, "EINVAL"));
});

test("start() gives streams to talk through", async () => {
  await using child = start(["cat"], { stdin: "piped", stdout: "piped" });
  const writer = child.stdin.getWriter();
  const reader = child.stdout.getReader();
  for (const word of ["one", "two"]) {
    await writer.write(new TextEncoder().encode(word));
    const { value } = await reader.read();
    equal(decode(value ?? new Uint8Array()), word);
  }
  await writer.close();
  equal((await reader.read()).done, true);
  deepEqual(await child.wait(), { code: 0 });
  equal(child.kill(), false);
});

test("a session of its own has the program as leader", async () => {
  const child = start(["cat"], { stdin: "piped", newSession: true });
  const fields = (await Deno.readTextFile(`/proc/${child.pid}/stat`)).split(" ");
  equal(fields[5], String(child.pid));
  await child.stdin.close();
  await child.wait();
});

test("findProgram() looks in the given directories, in order, for executable files", () => {
  equal(findProgram("sh", ["/nowhere", "/bin"]), "/bin/sh");
  equal(findProgram("passwd", ["/etc"]), undefined);
  equal(findProgram("/bin/sh"), "/bin/sh");
  equal(findProgram("/bin"), undefined);
});

test("isAlive() tells a process from a later one with its number", async () => {
  const time = startTime(Deno.pid);
  equal(time !== undefined && isAlive({ pid: Deno.pid, startTime: time }), true);
  equal(isAlive({ pid: Deno.pid, startTime: (time ?? 0) + 1 }), false);
  const child = start(["true"]);
  await child.wait();
  equal(startTime(child.pid), undefined);
});

test("quoteArgv() is read back by a shell as it was", async () => {
  const words = ["printf", "%s|", "plain", "", "two words", "it's", "$HOME", "a\nb", '"', "\\"];
  const { stdout } = await run(["sh", "-c", quoteArgv(words)]);
  equal(stdout, words.slice(2).map((word) => `${word}|`).join(""));
});

test("execve() replaces the process: same pid, inherited descriptors, working SIGPIPE", async () => {
  const code = `import { execve } from ${JSON.stringify(import.meta.resolve("./process.ts"))};
    console.log(Deno.pid);
    execve("/bin/sh", ["sh", "-c", "echo $$ $X; grep SigIgn /proc/self/status"], { env: { X: "y" } });`;
  const { stdout } = await run([Deno.execPath(), "eval", code]);
  const [before, after, ignored] = stdout.trimEnd().split("\n");
  equal(after, `${before} y`);
  equal(BigInt(`0x${ignored?.split(/\s+/)[1]}`) & (1n << 12n), 0n);
});
