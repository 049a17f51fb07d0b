import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { builtInProfile } from "./built_in.ts";
import { loadSeccompProfile } from "./load.ts";
import { parseProfile, type ProfileRule, runtimeSeccomp } from "./profile.ts";

const host = "/usr/share/containers/seccomp.json";
const facts = { capabilities: ["CAP_SYS_CHROOT"], architecture: "amd64", kernel: "6.1.0-18-amd64" };

/** Rules as lines, so that order and grouping do not matter. */
function lines(rules: readonly ProfileRule[]): readonly string[] {
  return rules.flatMap(({ names = [], action, errnoRet, args, includes, excludes }) =>
    names.map((name) =>
      JSON.stringify([
        name,
        action,
        errnoRet,
        (args ?? []).map(({ index, value, op }) => [index, value, op]),
        includes?.caps ?? [],
        includes?.arches ?? [],
        excludes?.caps ?? [],
      ])
    )
  ).toSorted();
}

Deno.test({
  name: "builtInProfile() decides like the profile that containers-common ships",
  ignore: !existsSync(host),
  fn() {
    const shipped = parseProfile(Deno.readTextFileSync(host), host);
    const own = builtInProfile();
    assert.deepEqual(lines(own.syscalls ?? []), lines(shipped.syscalls ?? []));
    assert.deepEqual(own.archMap, shipped.archMap);
    assert.deepEqual([own.defaultAction, own.defaultErrnoRet], [shipped.defaultAction, shipped.defaultErrnoRet]);
  },
});

Deno.test("runtimeSeccomp() keeps the rules that fit capabilities, architecture and kernel", () => {
  const rule = (names: readonly string[], rest: Partial<ProfileRule>): ProfileRule => ({
    names,
    action: "SCMP_ACT_ALLOW",
    ...rest,
  });
  const made = runtimeSeccomp({
    defaultAction: "SCMP_ACT_ERRNO",
    defaultErrno: "EPERM",
    archMap: [{ architecture: "SCMP_ARCH_X86_64", subArchitectures: ["SCMP_ARCH_X86"] }],
    syscalls: [
      rule(["always"], { args: [] }),
      rule(["has"], { includes: { caps: ["CAP_SYS_CHROOT"] } }),
      rule(["lacks"], { includes: { caps: ["CAP_SYS_ADMIN"] } }),
      rule(["refused"], { excludes: { caps: ["CAP_SYS_CHROOT"] } }),
      rule(["denied"], { excludes: { caps: ["CAP_SYS_ADMIN"] }, action: "SCMP_ACT_ERRNO", errnoRet: 1 }),
      rule(["arm"], { includes: { arches: ["arm64"] } }),
      rule(["new"], { includes: { minKernel: "6.2" } }),
      rule(["old"], { includes: { minKernel: "4.8" } }),
      { name: "single", action: "SCMP_ACT_ALLOW" },
    ],
  }, facts);
  assert.deepEqual(made, {
    defaultAction: "SCMP_ACT_ERRNO",
    defaultErrnoRet: 1,
    architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
    syscalls: [
      { names: ["always"], action: "SCMP_ACT_ALLOW" },
      { names: ["has"], action: "SCMP_ACT_ALLOW" },
      { names: ["denied"], action: "SCMP_ACT_ERRNO", errnoRet: 1 },
      { names: ["old"], action: "SCMP_ACT_ALLOW" },
      { names: ["single"], action: "SCMP_ACT_ALLOW" },
    ],
  });
});

Deno.test("parseProfile() names the file that is broken", () => {
  const broken = ["", "{", "[]", "{}", '{"defaultAction":1}', '{"defaultAction":"A","syscalls":[{}]}'];
  for (const text of broken) {
    assert.throws(() => parseProfile(text, "/p.json"), { message: /seccomp profile \(\/p\.json\)/ });
  }
});

Deno.test("loadSeccompProfile() finds what a setting means", async () => {
  const files = new Map([["/etc/containers/seccomp.json", '{"defaultAction":"ETC"}'], [
    "/own",
    '{"defaultAction":"OWN"}',
  ]]);
  const read = (path: string) => files.get(path) ?? null;
  const action = async (setting: string) => (await loadSeccompProfile(setting, read))?.defaultAction;
  assert.equal(await action("unconfined"), undefined);
  assert.equal(await action("default"), "ETC");
  assert.equal(await action("/own"), "OWN");
  assert.equal(await action('{"defaultAction":"INLINE"}'), "INLINE");
  await assert.rejects(action("/none"), { message: /open \/none: no such file or directory/ });
  assert.equal((await loadSeccompProfile("default", () => null))?.defaultAction, "SCMP_ACT_ERRNO");
});
