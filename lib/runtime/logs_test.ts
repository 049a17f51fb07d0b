import assert from "node:assert/strict";
import { readLogs } from "./logs.ts";
import type { LogEntry, ReadLogsInput } from "./types.ts";

const line = (second: number, text: string, tag = "F") =>
  `2026-01-01T00:00:${String(second).padStart(2, "0")}.123456789+00:00 stdout ${tag} ${text}\n`;

async function withLog(content: string, use: (path: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "beluga-logs-" });
  try {
    await Deno.writeTextFile(`${directory}/ctr.log`, content);
    await use(`${directory}/ctr.log`);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

const textOf = (entry: LogEntry) => new TextDecoder().decode(entry.data);

async function texts(input: ReadLogsInput): Promise<string[]> {
  return (await Array.fromAsync(readLogs(input))).map(textOf);
}

Deno.test("readLogs() gives stream, time and bytes, and passes over what conmon did not write", async () => {
  const garbage =
    "garbage\n\n2026 stdout F bad time\n2026-01-01T00:00:00Z stdin F x\n2026-01-01T00:00:00Z stdout Q x\n";
  await withLog(`${line(1, "one")}${garbage}${line(2, "")}${line(3, "no newline").trimEnd()}`, async (path) => {
    const [first, second, ...rest] = await Array.fromAsync(readLogs({ path }));
    assert.deepEqual(first, {
      stream: "stdout",
      time: "2026-01-01T00:00:01.123456789+00:00",
      data: new TextEncoder().encode("one"),
      partial: false,
    });
    assert.equal(second?.data.length, 0);
    assert.deepEqual(rest, []);
  });
});

Deno.test("readLogs() of a missing file is empty", async () => {
  assert.deepEqual(await texts({ path: "/nonexistent/ctr.log" }), []);
});

Deno.test("readLogs() limits by time", async () => {
  await withLog([1, 2, 3, 4].map((second) => line(second, String(second))).join(""), async (path) => {
    const since = Date.parse("2026-01-01T00:00:02Z");
    const until = Date.parse("2026-01-01T00:00:04Z");
    assert.deepEqual(await texts({ path, since, until }), ["2", "3"]);
  });
});

Deno.test("readLogs() reads the tail backwards, pieces of a line counting once", async () => {
  const content = line(1, "a") + line(2, "b1", "P") + line(2, "b2", "P") + line(2, "b3") + line(3, "c");
  await withLog(content, async (path) => {
    const tails = await Promise.all([0, 1, 2, 3, 9].map((tail) => texts({ path, tail })));
    assert.deepEqual(tails, [[], ["c"], ["b1", "b2", "b3", "c"], ["a", "b1", "b2", "b3", "c"], [
      "a",
      "b1",
      "b2",
      "b3",
      "c",
    ]]);
  });
});

Deno.test("readLogs() finds the tail across blocks", async () => {
  const lines = Array.from({ length: 5000 }, (_, index) => line(1, `${index} ${"x".repeat(index % 97)}`));
  await withLog(lines.join(""), async (path) => {
    const tail = await texts({ path, tail: 3000 });
    assert.equal(tail.length, 3000);
    assert.match(tail[0] ?? "", /^2000 /);
  });
});

Deno.test("readLogs() follows across rotation until the container has ended", async () => {
  await withLog(line(1, "before"), async (path) => {
    const exit = Promise.withResolvers<void>();
    const entries = readLogs({ path, followUntil: exit.promise });
    assert.equal(textOf((await entries.next()).value ?? assert.fail()), "before");
    const second = entries.next();
    await Deno.writeTextFile(path, line(2, "during"), { append: true });
    assert.equal(textOf((await second).value ?? assert.fail()), "during");
    const third = entries.next();
    await Deno.writeTextFile(`${path}.new`, line(3, "rotated"));
    await Deno.rename(`${path}.new`, path);
    assert.equal(textOf((await third).value ?? assert.fail()), "rotated");
    await Deno.writeTextFile(path, line(4, "last"), { append: true });
    exit.resolve();
    assert.deepEqual((await Array.fromAsync(entries)).map(textOf), ["last"]);
  });
});

// The thread that waits for descriptors is woken, and may come back after the test.
Deno.test("readLogs() ends when aborted", { sanitizeOps: false }, async () => {
  await withLog("", async (path) => {
    const abort = new AbortController();
    const next = readLogs({ path, followUntil: new Promise(() => {}) }, abort.signal).next();
    abort.abort(new Error("enough"));
    await assert.rejects(next, /enough/);
  });
});
