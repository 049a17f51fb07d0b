import { equal, throws } from "node:assert/strict";
import { isSysError } from "./errno.ts";
import { start } from "./process.ts";
import { kill, parseSignal, pidfdKill, pidfdOpen, signalName, signalNames, tryKill, waitForExit } from "./signal.ts";

const rows: readonly (readonly [string, number | undefined])[] = [
  ["SIGTERM", 15],
  ["term", 15],
  ["15", 15],
  ["SIGKILL", 9],
  ["Hup", 1],
  ["SIGRTMIN", 34],
  ["RTMIN+3", 37],
  ["SIGRTMAX-1", 63],
  ["64", 64],
  ["65", undefined],
  ["0", undefined],
  ["", undefined],
  ["SIG", undefined],
  ["RTMIN-1", undefined],
  ["RTMAX+1", undefined],
  ["SIGNONE", undefined],
  ["constructor", undefined],
  ["CLD", 17],
];

for (const [text, number] of rows) {
  Deno.test(`parseSignal() reads ${JSON.stringify(text)} as ${number}`, () => equal(parseSignal(text), number));
}

/** The thread that waits for descriptors is woken in the end, and may come back after the test. */
function test(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false });
}

test("every signal's name leads back to it", () => {
  for (let number = 1; number <= 64; number++) {
    if (number !== 32 && number !== 33) equal(parseSignal(signalName(number)), number);
  }
  equal(signalNames().length, 31);
  equal(signalName(37), "SIGRTMIN+3");
});

test("waitForExit() resolves when the process ends", async () => {
  const child = start(["sleep", "60"]);
  using pidfd = pidfdOpen(child.pid);
  const exited = waitForExit(pidfd);
  pidfdKill(pidfd, 15);
  await exited;
  equal(JSON.stringify(await child.wait()), '{"signal":15}');
});

test("kill() of a process that is gone says ESRCH", async () => {
  const child = start(["true"]);
  await child.wait();
  throws(() => kill(child.pid, 0), (error: unknown) => isSysError(error, "ESRCH"));
  equal(tryKill(child.pid, 0), false);
});
