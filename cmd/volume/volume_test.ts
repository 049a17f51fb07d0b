import assert from "node:assert/strict";
import { EngineError } from "../../lib/errors.ts";
import type { VolumeConfigResponse } from "../../lib/engine/mod.ts";
import { runCommandLine } from "../_run_command.ts";

const data: VolumeConfigResponse = {
  Name: "data",
  Driver: "local",
  Mountpoint: "/v/data/_data",
  CreatedAt: "2026-11-22T21:28:46.211273087Z",
  Labels: { app: "web" },
  Scope: "local",
  Options: {},
  MountCount: 0,
  LockNumber: 0,
};

const list = () => Promise.resolve([data, { ...data, Name: "other" }]);

Deno.test("volume create hands labels and options over and prints the name", async () => {
  const create = () => Promise.resolve(data);
  const line = ["volume", "create", "--label", "a=b=c", "-o", "type=tmpfs", "--ignore", "data"];
  const { calls, stdout } = await runCommandLine(line, { volumes: { create } });
  const { options } = calls[0]?.[1] as { options: Record<string, unknown> };
  assert.equal(stdout, "data\n");
  assert.deepEqual([options.Name, options.Driver, options.IgnoreIfExists], ["data", "local", true]);
  assert.deepEqual({ ...(options.Labels as object) }, { a: "b=c" });
  assert.deepEqual({ ...(options.Options as object) }, { type: "tmpfs" });
});

Deno.test("volume ls prints a table, names, JSON or by a template", async () => {
  const print = async (...argv: readonly string[]) =>
    (await runCommandLine(["volume", "ls", ...argv], { volumes: { list } })).stdout;
  assert.equal(await print(), "DRIVER      VOLUME NAME\nlocal       data\nlocal       other\n");
  assert.equal(await print("-q"), "data\nother\n");
  assert.equal(
    await print("--format", "{{.Name}} {{.Labels}} {{.CreatedAt.Year}}"),
    "data map[app:web] 2026\nother map[app:web] 2026\n",
  );
  assert.equal(
    await print("--format", "table {{.Name}}\\t{{.Mountpoint}}").then((text) => text.split("\n")[0]),
    "VOLUME NAME  MOUNTPOINT",
  );
  assert.equal(JSON.parse(await print("--format", "json")).length, 2);
});

Deno.test("volume rm --all removes each, and exits 2 for one in use", async () => {
  const remove = ({ name }: { readonly name: string }) =>
    name === "other" ? Promise.reject(new EngineError("volumeInUse", "volume other is being used")) : Promise.resolve();
  const outcome = await runCommandLine(["volume", "rm", "--all"], { volumes: { list, remove } });
  assert.deepEqual([outcome.code, outcome.stdout, outcome.stderr], [
    2,
    "data\n",
    "Error: volume other is being used\n",
  ]);
});

Deno.test("volume exists answers by its exit code alone", async () => {
  const exists = () => Promise.resolve(false);
  const outcome = await runCommandLine(["volume", "exists", "x"], { volumes: { exists } });
  assert.deepEqual([outcome.code, outcome.stdout + outcome.stderr], [1, ""]);
});
