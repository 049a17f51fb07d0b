import { equal, throws } from "node:assert/strict";
import { isSysError } from "./errno.ts";
import { availableProcessors, getrlimit, getuid, hasCapability, setrlimit, sysinfo, umask, uname } from "./id.ts";

Deno.test("identity agrees with Deno's own", () => {
  equal(getuid(), Deno.uid());
  equal(uname().hostname, Deno.hostname());
  equal(uname().release, Deno.osRelease());
  equal(sysinfo().totalMemory > 0, true);
  equal(availableProcessors().length, navigator.hardwareConcurrency);
});

Deno.test("a soft limit can be lowered and raised up to the hard one", () => {
  const before = getrlimit("nofile");
  setrlimit("nofile", { soft: before.soft - 1, hard: before.hard });
  equal(getrlimit("nofile").soft, before.soft - 1);
  setrlimit("nofile", before);
  throws(() => setrlimit("nofile", { soft: 2, hard: 1 }), (error: unknown) => isSysError(error, "EINVAL"));
});

Deno.test("umask() returns the mask before", () => {
  const before = umask(0o077);
  equal(umask(before), 0o077);
});

Deno.test("hasCapability() reads the effective set", () => {
  const status = "Name:\tx\nCapEff:\t0000000000200001\n";
  equal(hasCapability(status, 0), true);
  equal(hasCapability(status, 21), true);
  equal(hasCapability(status, 1), false);
});
