import { deepEqual, equal, rejects } from "node:assert/strict";
import { LockedError, lockFile, lockHolder, tryLockFile } from "./lock.ts";
import { run } from "./process.ts";

function temporary(): { readonly lock: string } & Disposable {
  const path = Deno.makeTempDirSync({ prefix: "beluga-lock-" });
  return { lock: `${path}/lock`, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

/** The thread that waits for descriptors is woken in the end, and may come back after the test. */
function test(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false });
}

test("lockFile() excludes others until released, and names its holder", async () => {
  using root = temporary();
  using lock = await lockFile(root.lock, { command: "container\nrm" });
  deepEqual(lockHolder(root.lock), { pid: Deno.pid, command: "container rm" });
  await rejects(lockFile(root.lock, { wait: false }), (error: unknown) => {
    return error instanceof LockedError && error.message.endsWith(`held by process ${Deno.pid} (container rm)`);
  });
  equal(tryLockFile(root.lock), undefined);
  lock[Symbol.dispose]();
  using again = tryLockFile(root.lock);
  equal(again?.path, root.lock);
});

test("lockFile() lets readers share and writers wait for them", async () => {
  using root = temporary();
  using first = await lockFile(root.lock, { exclusive: false });
  using second = await lockFile(root.lock, { exclusive: false, wait: false });
  equal(tryLockFile(root.lock), undefined);
  first[Symbol.dispose]();
  second[Symbol.dispose]();
  using writer = await lockFile(root.lock);
  equal(writer.path, root.lock);
});

test("lockFile() gives the lock to all who wait, one at a time, more than there are threads", async () => {
  using root = temporary();
  let inside = 0;
  let most = 0;
  const first = await lockFile(root.lock);
  const others = Array.from({ length: 50 }, async () => {
    using _lock = await lockFile(root.lock);
    most = Math.max(most, ++inside);
    await Deno.stat(root.lock);
    inside--;
  });
  first[Symbol.dispose]();
  await Promise.all(others);
  equal(most, 1);
});

test("lockFile() can be called off, and what it waited for is not kept from others", async () => {
  using root = temporary();
  const holder = await lockFile(root.lock);
  const abort = new AbortController();
  const waiting = lockFile(root.lock, { signal: abort.signal });
  abort.abort(new Error("enough"));
  await rejects(waiting, /enough/);
  holder[Symbol.dispose]();
  using next = await lockFile(root.lock);
  equal(next.path, root.lock);
});

test("lockFile() notices that the file was replaced while it waited", async () => {
  using root = temporary();
  const holder = await lockFile(root.lock);
  const waiting = lockFile(root.lock);
  await Deno.remove(root.lock);
  holder[Symbol.dispose]();
  using lock = await waiting;
  equal(lock.path, root.lock);
  equal(tryLockFile(root.lock), undefined);
});

test("a lock dies with the process that holds it", async () => {
  using root = temporary();
  const code = `import { lockFile } from ${JSON.stringify(import.meta.resolve("./lock.ts"))};
    await lockFile(${JSON.stringify(root.lock)}); Deno.kill(Deno.pid, "SIGKILL");`;
  await rejects(run([Deno.execPath(), "eval", code]));
  equal(lockHolder(root.lock)?.command, "beluga");
  using lock = tryLockFile(root.lock);
  equal(lock?.path, root.lock);
});
