import { deepEqual, equal } from "node:assert/strict";
import { start } from "../sys/process.ts";
import { findNamespaces, forgetMember, membersDir, registerMember } from "./members.ts";

function temporary(): { readonly path: string } & Disposable {
  const path = Deno.makeTempDirSync({ prefix: "beluga-members-" });
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

function noted(runDir: string): string[] {
  return [...Deno.readDirSync(membersDir(runDir))].map((entry) => entry.name).sort();
}

/** The thread that waits for descriptors is woken in the end, and may come back after the test. */
function test(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false });
}

test("findNamespaces() finds none among the dead, and removes their notes", async () => {
  using root = temporary();
  const child = start(["cat"], { stdin: "piped" });
  registerMember(root.path, child.pid);
  deepEqual(noted(root.path), [String(child.pid)]);
  await child.stdin.close();
  await child.wait();
  Deno.writeTextFileSync(`${membersDir(root.path)}/${Deno.pid}`, "1\n");
  Deno.symlinkSync("/etc/passwd", `${membersDir(root.path)}/1`);
  equal(await findNamespaces(root.path), undefined);
  deepEqual(noted(root.path), []);
});

test("registerMember() passes over a process that has ended", async () => {
  using root = temporary();
  const child = start(["true"]);
  await child.wait();
  registerMember(root.path, child.pid);
  deepEqual(noted(root.path), []);
});

test("forgetMember() takes the note back", () => {
  using root = temporary();
  registerMember(root.path, Deno.pid);
  forgetMember(root.path, Deno.pid);
  forgetMember(root.path, Deno.pid);
  deepEqual(noted(root.path), []);
});

test("the folder of the members is for its user alone", () => {
  using root = temporary();
  equal((Deno.statSync(membersDir(`${root.path}/new`)).mode ?? 0) & 0o777, 0o700);
});
