import assert from "node:assert/strict";
import { findProgram } from "../sys/program.ts";
import { run } from "../sys/run.ts";

const script = new URL("./_rootless_case.ts", import.meta.url).pathname;

type Seen = Readonly<Record<"links" | "page" | "clash", string>> & {
  readonly left: readonly string[];
  readonly helperLives: boolean;
  readonly nameservers: readonly string[];
};

function canUnshare(): boolean {
  if (["unshare", "busybox", "nsenter", "ip"].some((name) => findProgram(name) === undefined)) return false;
  try {
    using _tun = Deno.openSync("/dev/net/tun", { read: true, write: true });
    return new Deno.Command("unshare", { args: ["-Urm", "true"], stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

const unshares = canUnshare();

async function see(tag: string): Promise<Seen> {
  const runRoot = await Deno.makeTempDir({ prefix: "beluga-net-" });
  try {
    const argv = ["unshare", "-Urm", Deno.execPath(), "run", "-A", "--quiet", script, tag, runRoot];
    return JSON.parse((await run(argv, { timeoutMs: 60_000 })).stdout);
  } finally {
    await Deno.remove(runRoot, { recursive: true });
  }
}

for (const tag of ["slirp4netns", "pasta"]) {
  const ignore = !unshares || findProgram(tag) === undefined;
  Deno.test(
    { name: `${tag} connects a container of a user, forwards its port once, and is gone after it`, ignore },
    async () => {
      const seen = await see(tag);
      assert.match(seen.links, /lo +inet 127\.0\.0\.1.*\n.*inet /);
      assert.equal(seen.page, "served");
      assert.equal(seen.clash, "portInUse");
      assert.deepEqual(seen.left, []);
      assert.equal(seen.helperLives, false);
      assert.equal(seen.nameservers.length, 1);
    },
  );
}
