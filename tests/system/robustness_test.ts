/** Many at once, killed at any moment, on a full disk, with helpers missing: nothing stays, the next command works. */

import assert from "node:assert/strict";
import { execute, start, until } from "../support/execute.ts";
import { footprint, settled } from "../support/footprint.ts";
import { hide } from "../support/hide.ts";
import { box, boxImage, dockerArchive, entriesImage, loadBox, writeArchive } from "../support/images.ts";
import { type Place, rootCrun, rootlessCrun, rootRunc } from "../support/place.ts";
import { assertResult, lines, suite } from "../support/suite.ts";

const many = suite("many", {
  wheres: [{ ...rootRunc, ownNetwork: true }, rootlessCrun],
  prepare: async (place) => {
    await loadBox(place);
    await place.must(["run", "--rm", "-v", "/anonymous", box, "true"]);
  },
});
const killed = suite("killed", { wheres: [rootCrun, rootlessCrun], prepare: loadBox });
const hidden = suite("helpers", { wheres: [{ ...rootRunc, ownNetwork: true }], prepare: loadBox });
const full = suite("full disk", { wheres: [{ ...rootRunc, ownNetwork: true }] });

many("two hundred run --rm in batches leave nothing behind (sixty-four of an ordinary user's)", async (place) => {
  await settled(place);
  const before = footprint(place);
  for (let batch = 0; batch < (place.rootless ? 8 : 25); batch++) {
    const flags = ["run", "--rm", ...(place.rootless ? ["--network", "none"] : []), "-v", "/anonymous"];
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, index) => place.run([...flags, box, "echo", `${batch}.${index}`])),
    );
    for (const [index, result] of results.entries()) assertResult(result, { stdout: `${batch}.${index}\n` });
  }
  assert.equal(await place.must(["ps", "-aq"]), "");
  assert.equal(await place.must(["volume", "ls", "-q"]), "");
  await settled(place);
  assert.deepEqual(footprint(place), before);
});

/** Moments at which a client is killed, in milliseconds; spread over the life of each command. */
const moments = [40, 90, 130, 170, 220, 300, 450];

async function killAt(place: Place, words: readonly string[], { moment }: { readonly moment: number }): Promise<void> {
  await using running = start(place.argv(words), { env: place.environment });
  await new Promise((resolve) => setTimeout(resolve, moment));
  running.kill("SIGKILL");
  await running.result;
}

/** The next commands work, and everything can be removed. */
async function assertUsable(place: Place): Promise<void> {
  assertResult(await place.run(["run", "--rm", "--network", "none", box, "echo", "works"]), { stdout: "works\n" });
  await until("every container to be removable", async () => {
    return (await place.run(["rm", "-f", "-a", "-t", "0"])).code === 0 && await place.must(["ps", "-aq"]) === "";
  });
}

killed("run --rm, at any moment", async (place) => {
  for (const moment of moments) {
    await killAt(place, ["run", "--rm", "--network", "none", box, "sleep", "0.1"], { moment });
  }
  await assertUsable(place);
}, { onlyBeluga: "Podman 4.3 leaves containers that it can't remove" });

killed("run -d with a name, which is free again after rm -f", async (place) => {
  for (const moment of moments) {
    await killAt(place, ["run", "-d", "--name", "same", "--network", "none", box, "sleep", "100"], { moment });
    await place.run(["rm", "-f", "-t", "0", "same"]);
  }
  await assertUsable(place);
}, { onlyBeluga: "Podman 4.3 leaves containers that it can't remove" });

killed("rm -f, at any moment", async (place) => {
  for (const moment of moments.slice(0, 6)) {
    await place.must(["run", "-d", "--name", "same", "--network", "none", box, "sleep", "100"]);
    await killAt(place, ["rm", "-f", "-t", "0", "same"], { moment });
    await place.run(["rm", "-f", "-t", "0", "same"]);
    assert.equal((await place.run(["container", "exists", "same"])).code, 1);
  }
  await assertUsable(place);
}, { onlyBeluga: "Podman 4.3 leaves containers that it can't remove" });

killed("load, at any moment", async (place) => {
  const large = entriesImage("localhost/large:latest", [{ path: "large", content: "x".repeat(40_000_000) }], [{
    path: "b",
    content: "b",
  }]);
  const file = writeArchive(place, dockerArchive(large));
  for (const moment of moments) await killAt(place, ["load", "-q", "-i", file], { moment });
  assertResult(await place.run(["load", "-q", "-i", file]), { stdout: "Loaded image: localhost/large:latest\n" });
  const saved = place.path("large-saved.tar");
  await place.must(["save", "-q", "-o", saved, "large"]);
  await place.must(["rmi", "large"]);
  await assertUsable(place);
}, { onlyBeluga: "Podman 4.3 may leave half a layer" });

const helpers: readonly (readonly [string, readonly string[]])[] = [
  ["conmon", ["run", "--rm", "--network", "none", box, "true"]],
  ["netavark", ["run", "--rm", box, "true"]],
];

for (const [helper, words] of helpers) {
  hidden(`a missing ${helper} is named, with how to install it`, async (place) => {
    await hide(place, [helper]);
    const result = await place.run(words);
    assert.ok([125, 126, 127].includes(result.code), `exit code ${result.code}`);
    assert.match(result.stderr, new RegExp(helper));
    assert.equal(lines(result.stderr).length, 1, result.stderr);
    assert.equal(await place.must(["ps", "-aq"]), "");
    assertResult(await place.run(["images", "-q"]), { code: 0 });
  }, { onlyBeluga: "Podman's message names no package, and it keeps the container" });
}

full("load on a full disk is one line, and the store is as before", async (place) => {
  const store = place.folder("small");
  const mounted = await place.host(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", store]);
  assert.equal(mounted.code, 0, mounted.stderr);
  const roots = ["--root", `${store}/root`, "--runroot", place.path("small-run"), "--runtime", "runc"];
  const small = entriesImage("localhost/small:latest", [{ path: "a", content: "a" }]);
  await place.must([...roots, "load", "-q", "-i", writeArchive(place, dockerArchive(small), { name: "small.tar" })], {
    bare: true,
  });
  const large = entriesImage("localhost/large:latest", [{
    path: "large",
    content: crypto.getRandomValues(new Uint8Array(65_536)),
  }, { path: "zeros", content: new Uint8Array(20_000_000).fill(7) }]);
  const file = writeArchive(place, dockerArchive(large), { name: "large.tar" });
  const files = async () => (await place.host(["sh", "-c", `cd ${store}/root && find . -type d | sort`])).stdout;
  const before = await files();
  const result = await place.run([...roots, "load", "-q", "-i", file], { bare: true });
  assert.equal(result.code, 125, result.stderr);
  assert.match(result.stderr, /no space left on device/i);
  assert.equal(lines(result.stderr).length, 1, result.stderr);
  assert.equal(await files(), before);
  assert.equal(lines(await place.must([...roots, "images", "-q"], { bare: true })).length, 1);
  await place.host(["umount", "-l", store]);
}, { onlyBeluga: "Podman 4.3 writes its copy to /var/tmp, and its store differs" });

full("what was hidden is back", async () => {
  const { code } = await execute(["sh", "-c", "command -v conmon"]);
  assert.equal(code, 0, "nothing outside of the place's namespaces was touched");
  assert.equal(boxImage().name, box);
});
