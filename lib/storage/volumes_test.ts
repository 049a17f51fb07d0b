import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { openStorage, type Storage } from "./storage.ts";

const owner = { uid: Deno.uid() ?? 0, gid: Deno.gid() ?? 0 };
const nothingLives = { liveLayers: () => new Set<string>(), liveContainers: () => new Set<string>() };

async function inRoot(body: (storage: Storage, path: string) => void | Promise<void>): Promise<void> {
  const path = mkdtempSync("/tmp/beluga-volumes-");
  try {
    await body(openStorage({ root: `${path}/root`, runRoot: `${path}/run`, driver: "" }), path);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

function imageWith(path: string, ...names: readonly string[]): string {
  const rootfs = `${path}/rootfs`;
  mkdirSync(`${rootfs}/data`, { recursive: true });
  for (const name of names) writeFileSync(`${rootfs}/data/${name}`, name);
  return rootfs;
}

Deno.test("fillVolume() begins anew where a crash ended it, and is done only once", () =>
  inRoot((storage, path) => {
    const volume = storage.createVolume("half", owner);
    const rootfs = imageWith(path, "one", "two");
    writeFileSync(`${volume}.filling`, "");
    writeFileSync(`${volume}/partial`, "");
    assert.equal(storage.fillVolume({ rootfs, path: "/data", volume }), true);
    assert.deepEqual(readdirSync(volume).toSorted(), ["one", "two"]);
    assert.equal(existsSync(`${volume}.filling`), false);
    assert.equal(storage.fillVolume({ rootfs, path: "/data", volume }), false);
  }));

Deno.test("gc() removes unknown volumes that are empty or were being removed, and no other", () =>
  inRoot(async (storage) => {
    for (const name of ["known", "empty", "removed", "full"]) {
      const volume = storage.createVolume(name, owner);
      if (name !== "empty") writeFileSync(`${volume}/file`, "");
    }
    storage.markVolumeRemoved("removed");
    const collected = await storage.gc({ ...nothingLives, liveVolumes: () => new Set(["known"]) });
    assert.deepEqual(collected.volumes.toSorted(), ["empty", "removed"]);
    assert.ok(existsSync(storage.volumePath("known")) && existsSync(storage.volumePath("full")));
  }));

Deno.test("createVolume() takes the place of what a crash left, never of content", () =>
  inRoot((storage) => {
    storage.createVolume("left", owner);
    const volume = storage.createVolume("left", owner);
    writeFileSync(`${volume}/file`, "");
    assert.throws(() => storage.createVolume("left", owner), { kind: "volumeExists" });
    storage.markVolumeRemoved("left");
    assert.deepEqual(readdirSync(storage.createVolume("left", owner)), []);
  }));

Deno.test("volumes in a directory of the user's choice are made and removed there, and never collected", async () => {
  const path = mkdtempSync("/tmp/beluga-volumes-");
  try {
    const volumes = `${path}/elsewhere`;
    const storage = openStorage({ root: `${path}/root`, runRoot: `${path}/run`, volumes, driver: "" });
    mkdirSync(`${volumes}/mine/_data`, { recursive: true });
    assert.equal(storage.createVolume("own", owner), `${volumes}/own/_data`);
    assert.deepEqual((await storage.gc({ ...nothingLives, liveVolumes: () => new Set() })).volumes, []);
    storage.removeVolume("own");
    assert.deepEqual(readdirSync(volumes).filter((name) => !name.startsWith(".")), ["mine"]);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
});
