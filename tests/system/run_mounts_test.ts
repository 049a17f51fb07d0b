/** Volumes, binds and temporary file systems of containers. */

import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { assertFails, assertResult, suite } from "../support/suite.ts";
import { type Place, twoPlaces } from "../support/place.ts";
import { box, boxEntries, loadBox, loadImage } from "../support/images.ts";
import { tar } from "../support/tar.ts";

const filled = "localhost/filled:latest";

const test = suite("mounts", {
  wheres: twoPlaces,
  prepare: async (place) => {
    await loadBox(place);
    const layer = tar([
      ...boxEntries(),
      { path: "data/", type: "directory", mode: 0o750, uid: 1000, gid: 1000 },
      { path: "data/seed", content: "from the image\n", uid: 1000, gid: 1000 },
    ]);
    await loadImage(place, {
      name: filled,
      layers: [layer],
      config: { Cmd: ["sh"], Env: ["PATH=/bin"], Volumes: { "/data": {} } },
    });
  },
});
const quiet = ["run", "--rm", "--network", "none"];

function shared(place: Place, name: string): string {
  const folder = place.folder(name);
  chmodSync(folder, 0o755);
  writeFileSync(`${folder}/file`, "from outside\n");
  return folder;
}

test("-v binds a folder, both ways", async (place) => {
  const folder = place.folder("bound");
  writeFileSync(`${folder}/in`, "in\n");
  assert.equal(
    await place.must([...quiet, "-v", `${folder}:/data`, box, "sh", "-c", "cat /data/in; echo out >/data/out"]),
    "in",
  );
  assert.equal(readFileSync(`${folder}/out`, "utf8"), "out\n");
  assert.equal(statSync(`${folder}/out`).uid, place.person.uid, "root inside is the user outside");
});

test("-v …:ro can't be written", async (place) => {
  const folder = shared(place, "readonly");
  const result = await place.run([...quiet, "-v", `${folder}:/data:ro`, box, "touch", "/data/new"]);
  assert.equal(result.code, 1);
  assert.match(result.stderr, /Read-only file system/);
  assert.equal(existsSync(`${folder}/new`), false);
});

test("-v binds a single file", async (place) => {
  const folder = shared(place, "single");
  assertResult(await place.run([...quiet, "-v", `${folder}/file:/etc/one`, box, "cat", "/etc/one"]), {
    stdout: "from outside\n",
  });
});

test("-v with a folder that is not there is refused and makes none", async (place) => {
  const result = await place.run([...quiet, "-v", `${place.path("nonesuch")}:/data`, box, "true"]);
  assertFails(result, { code: 125, error: /statfs .*nonesuch: no such file or directory/ });
  assert.equal(existsSync(place.path("nonesuch")), false);
});

test("-v with too many parts is refused", async (place) => {
  const result = await place.run([...quiet, "-v", "/a:/b:ro:c", box, "true"]);
  assertFails(result, { code: 125, error: /incorrect volume format, should be \[host-dir:\]ctr-dir\[:option\]/ });
});

test("--mount type=bind does the same", async (place) => {
  const folder = shared(place, "mount-bind");
  const bound = `type=bind,source=${folder},target=/data,readonly`;
  assertResult(await place.run([...quiet, "--mount", bound, box, "cat", "/data/file"]), { stdout: "from outside\n" });
  const written = await place.run([...quiet, "--mount", bound, box, "touch", "/data/new"]);
  assert.equal(written.code, 1);
});

test("a named volume is made, kept and shared", async (place) => {
  await place.must([...quiet, "-v", "kept:/data", box, "sh", "-c", "echo stays >/data/file"]);
  assert.equal(await place.must(["volume", "ls", "-q"]), "kept");
  assert.equal(
    await place.must([...quiet, "--mount", "type=volume,source=kept,target=/other", box, "cat", "/other/file"]),
    "stays",
  );
  const path = await place.must(["volume", "inspect", "-f", "{{.Mountpoint}}", "kept"]);
  assert.equal(readFileSync(`${path}/file`, "utf8"), "stays\n");
  await place.must(["volume", "rm", "kept"]);
  assert.equal(existsSync(path), false);
});

test("a named volume is filled from the image, with owner and mode, once", async (place) => {
  const look = ["sh", "-c", "stat -c '%u:%g %a' /data; cat /data/seed"];
  assert.equal(await place.must([...quiet, "-v", "seeds:/data", filled, ...look]), "1000:1000 750\nfrom the image");
  await place.must([...quiet, "-v", "seeds:/data", filled, "rm", "/data/seed"]);
  assert.equal(await place.must([...quiet, "-v", "seeds:/data", filled, "ls", "/data"]), "");
  await place.must(["volume", "rm", "seeds"]);
});

test("the image's VOLUME is an anonymous volume, filled; rm -v removes it", async (place) => {
  const id = await place.must(["run", "-d", "--network", "none", filled, "cat", "/data/seed"]);
  await place.must(["wait", id]);
  assert.equal(await place.must(["logs", id]), "from the image");
  const names = await place.must(["volume", "ls", "-q"]);
  assert.match(names, /^[0-9a-f]{64}$/);
  await place.must(["rm", "-v", id]);
  assert.equal(await place.must(["volume", "ls", "-q"]), "");
});

test("rm without -v leaves the anonymous volume", async (place) => {
  const id = await place.must(["create", "-v", "/anonymous", box, "true"]);
  await place.must(["rm", id]);
  const left = await place.must(["volume", "ls", "-q"]);
  assert.match(left, /^[0-9a-f]{64}$/);
  await place.must(["volume", "rm", left]);
});

test("a volume in use can't be removed", async (place) => {
  await place.must(["create", "--name", "holder", "-v", "held:/data", box, "true"]);
  const result = await place.run(["volume", "rm", "held"]);
  assertFails(result, {
    code: 2,
    error: /volume held is being used by the following container\(s\): [0-9a-f]{64}: volume is being used/,
  });
  await place.must(["rm", "-v", "holder"]);
  await place.must(["volume", "rm", "held"]);
});

test("--tmpfs mounts memory with size and mode", async (place) => {
  const look = [
    "sh",
    "-c",
    "grep ' /t ' /proc/mounts | cut -d' ' -f3; stat -c %a /t; df -k /t | tail -1 | awk '{print $2}'",
  ];
  assert.equal(await place.must([...quiet, "--tmpfs", "/t:size=1m,mode=0700", box, ...look]), "tmpfs\n700\n1024");
});

test("--mount type=tmpfs does the same", async (place) => {
  const look = ["sh", "-c", "grep ' /t ' /proc/mounts | cut -d' ' -f3; df -k /t | tail -1 | awk '{print $2}'"];
  const flags = ["--mount", "type=tmpfs,destination=/t,tmpfs-size=2097152"];
  assert.equal(await place.must([...quiet, ...flags, box, ...look]), "tmpfs\n2048");
});

test("--read-only leaves only /tmp, /run, /dev and the like writable", async (place) => {
  const script = "touch /new 2>/dev/null && echo root; for d in /tmp /run /dev/shm; do touch $d/new && echo $d; done";
  assert.equal(await place.must([...quiet, "--read-only", box, "sh", "-c", script]), "/tmp\n/run\n/dev/shm");
});

test("--shm-size sets the size of /dev/shm", async (place) => {
  const look = ["sh", "-c", "df -k /dev/shm | tail -1 | awk '{print $2}'"];
  assert.equal(await place.must([...quiet, "--shm-size", "5m", box, ...look]), "5120");
  assert.equal(
    await place.must([...quiet, box, ...look]),
    "64000",
  );
});

test("what a container writes goes with it", async (place) => {
  await place.must([...quiet, box, "touch", "/written"]);
  assertResult(await place.run([...quiet, box, "ls", "/written"]), { code: 1 });
});

test("links of the image can't lead a mount outside", async (place) => {
  const victim = place.folder("victim");
  const layer = tar([...boxEntries(), { path: "trap", type: "symlink", link: victim }]);
  await loadImage(place, {
    name: "localhost/trap:latest",
    layers: [layer],
    config: { Cmd: ["sh"], Env: ["PATH=/bin"] },
  });
  await place.run([...quiet, "-v", "fresh:/trap/sub", "-w", "/trap/work", "localhost/trap", "true"]);
  mkdirSync(`${victim}/probe`);
  assert.equal(existsSync(`${victim}/sub`) || existsSync(`${victim}/work`), false);
  await place.run(["volume", "rm", "-f", "fresh"]);
});
