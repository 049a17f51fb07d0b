import assert from "node:assert/strict";
import { installCommand, parseOsRelease } from "./distribution.ts";
import { formatUptime, parseCpuUse, parseMeminfo } from "./host.ts";

Deno.test("installCommand() names this distribution's installer and package", () => {
  const debian = parseOsRelease('ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n');
  assert.equal(debian.codename, "bookworm");
  assert.equal(installCommand("newuidmap", debian), "apt-get install uidmap");
  assert.equal(installCommand("conmon", debian), "apt-get install conmon");
  assert.equal(installCommand("pasta", parseOsRelease("ID=mint\nID_LIKE='ubuntu debian'")), "apt-get install passt");
  assert.equal(installCommand("crun", parseOsRelease("ID=fedora")), "dnf install crun");
  assert.match(installCommand("crun", parseOsRelease("")), /package of this distribution that has crun/);
});

Deno.test("host facts are read as the kernel writes them", () => {
  assert.deepEqual(
    parseMeminfo("MemTotal:  100 kB\nMemFree:  50 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n").memFree,
    51200,
  );
  assert.deepEqual(parseCpuUse("cpu  10 0 20 70 0 0 0\ncpu0 1 1 1 1\n"), {
    userPercent: 10,
    systemPercent: 20,
    idlePercent: 70,
  });
  assert.equal(formatUptime(3723.5), "1h 2m 3.50s");
});
