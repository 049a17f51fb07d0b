/** Mounts of the running kernel, in a mount namespace: needs root and unshare. */
import { deepEqual } from "node:assert/strict";
import { geteuid } from "./id.ts";
import { run } from "./process.ts";

Deno.test("both mount interfaces make a tmpfs, which can be moved, bound and taken away", {
  ignore: geteuid() !== 0,
}, async () => {
  const dir = Deno.makeTempDirSync({ prefix: "beluga-mount-" });
  const code = `import * as m from ${JSON.stringify(import.meta.resolve("./mount.ts"))};
    const dir = ${JSON.stringify(dir)};
    const at = () => m.readMountinfo().filter((x) => x.target === dir).map((x) => x.type + ":" + x.options[0]);
    m.mount({ source: "none", target: dir, type: "tmpfs", data: "size=64k", flags: m.MS.NOSUID });
    Deno.writeTextFileSync(dir + "/old", "");
    {
      using fs = m.fsopen("tmpfs");
      m.fsconfigString(fs, "size", { value: "64k" });
      try { m.fsconfigString(fs, "nonsense", { value: "x" }); } catch (error) { console.log(error.code, m.fsMessages(fs)); }
      m.fsconfigFlag(fs, "ro");
    }
    {
      using fs = m.fsopen("tmpfs");
      m.fsconfigCreate(fs);
      using tree = m.fsmount(fs, { attributes: m.MOUNT_ATTR.RDONLY });
      m.moveMount(tree, dir);
    }
    console.log(at().join());
    m.umount(dir);
    {
      using copy = m.openTree(dir, { flags: m.OPEN_TREE.CLONE });
      m.mountSetattr(copy, { set: m.MOUNT_ATTR.RDONLY, propagation: m.MS.PRIVATE });
      m.moveMount(copy, dir);
    }
    console.log(at().join());
    m.umount(dir, m.MNT.DETACH);
    m.umount(dir, m.MNT.DETACH);
    console.log(at().length);`;
  const { stdout } = await run(["unshare", "--mount", Deno.execPath(), "eval", code]);
  deepEqual(stdout.trimEnd().split("\n"), [
    "EINVAL tmpfs: Unknown parameter 'nonsense'",
    "tmpfs:rw,tmpfs:ro",
    "tmpfs:rw,tmpfs:ro",
    "0",
  ]);
  Deno.removeSync(dir);
});
