/** What people get wrong: one line that names the thing and the reason, Podman's exit code, nothing changed. */

import assert from "node:assert/strict";
import { footprint } from "../support/footprint.ts";
import { box, loadBox } from "../support/images.ts";
import { rootRunc } from "../support/place.ts";
import { assertFails, suite } from "../support/suite.ts";

const test = suite("bad input", {
  wheres: [rootRunc],
  prepare: async (place) => {
    await loadBox(place);
    await place.must(["create", "--name", "taken", "-v", "/data", box, "true"]);
    await place.must(["run", "-d", "--name", "running", "--network", "none", box, "sleep", "1000"]);
  },
  keep: true,
});

type Row = readonly [words: string, code: number, error: RegExp];

const run = "run --rm --network none";
const rows: readonly Row[] = [
  ["ps --nonesuch", 125, /unknown flag: --nonesuch/],
  ["ps -Z", 125, /unknown shorthand flag: 'Z' in -Z/],
  ["ps extra", 125, /ps.* (takes no arguments|accepts? .*argument)/],
  ["run", 125, /requires at least 1 arg\(s\), only received 0/],
  ["rm", 125, /you must provide at least one name or id|please provide|requires at least/i],
  ["stop", 125, /you must provide at least one name or id|requires at least/i],
  ["exec running", 255, /must provide a non-empty command to start an exec session: invalid argument/],
  ["inspect nonesuch", 125, /no such object: "?nonesuch"?/],
  ["logs nonesuch", 125, /no container with name or ID "?nonesuch"? found: no such container/],
  ["stop nonesuch", 125, /no container with name or ID "?nonesuch"? found: no such container/],
  ["start nonesuch", 125, /no container with name or ID "?nonesuch"? found: no such container/],
  ["wait nonesuch", 125, /no container with name or ID "?nonesuch"? found: no such container/],
  ["attach taken", 125, /you can only attach to running containers/],
  ["tag nonesuch x", 125, /nonesuch: image not known/],
  ["save nonesuch", 125, /nonesuch: image not known/],
  ["volume inspect nonesuch", 125, /no such volume/],
  ["volume rm nonesuch", 1, /no volume with name "?nonesuch"? found: no such volume/],
  ["volume create taken-volume taken-volume", 125, /accepts at most 1 arg|volume create/],
  [
    "network inspect nonesuch",
    125,
    /network nonesuch: unable to find network with name or ID "?nonesuch"?: network not found|network not found/,
  ],
  [`create --name taken ${box} true`, 125, /the container name "taken" is already in use by/],
  [`${run} -v relative/path:/x ${box} true`, 125, /volume|names must match|relative/i],
  [
    `${run} -v /a:relative ${box} true`,
    125,
    /container path "relative" must be absolute|invalid container path "?relative"?, must be an absolute path/i,
  ],
  [`${run} -v /tmp:/x:nonesuch ${box} true`, 125, /nonesuch/],
  [`${run} -v /tmp:/x:ro,rw ${box} true`, 125, /invalid options "ro, rw", can only specify 1 'rw' or 'ro' option/],
  [`${run} -v /tmp:/x -v /var:/x ${box} true`, 125, /\/x: duplicate mount destination/],
  [`${run} --mount type=nonesuch,target=/x ${box} true`, 125, /invalid filesystem type "nonesuch"/],
  [`${run} --mount type=bind,source=/tmp ${box} true`, 125, /must set volume destination/],
  [`${run} --mount type=bind,src=/tmp,target=/x,what=1 ${box} true`, 125, /what: invalid mount option/],
  [`${run} --tmpfs relative ${box} true`, 125, /relative/],
  [`${run} -p 1:2:3:4:5 ${box} true`, 125, /port|argument/i],
  [`${run} -p nonesuch ${box} true`, 125, /nonesuch/],
  [`${run} -p 99999:80 ${box} true`, 125, /99999/],
  [`${run} --memory nonesuch ${box} true`, 125, /memory.*nonesuch|nonesuch.*memory|invalid size: 'nonesuch'/],
  [`${run} --memory 100m --memory-swap 50m ${box} true`, 125, /memory/i],
  [`${run} --cpus nonesuch ${box} true`, 125, /invalid argument "nonesuch" for "--cpus"/],
  [`${run} --pids-limit nonesuch ${box} true`, 125, /invalid argument "nonesuch" for "--pids-limit"/],
  [`${run} --ulimit nonesuch=1 ${box} true`, 125, /invalid ulimit (type|argument)|nonesuch/],
  [`${run} --ulimit nofile=5:2 ${box} true`, 125, /ulimit soft limit must be less than or equal to hard limit|nofile/],
  [`${run} --cap-add nonesuch ${box} true`, 125, /CAP_NONESUCH/],
  [`${run} --security-opt nonesuch ${box} true`, 125, /--security-opt.*nonesuch|nonesuch/],
  [`${run} --security-opt seccomp=/nonesuch ${box} true`, 125, /\/nonesuch.*no such file or directory/],
  [`${run} --device /dev/nonesuch ${box} true`, 125, /\/dev\/nonesuch.*no such file or directory/],
  [`create --restart nonesuch ${box} true`, 125, /nonesuch/],
  [`run --rm --restart always ${box} true`, 125, /the --rm option conflicts with --restart|--rm.*--restart/],
  [`${run} --pull nonesuch ${box} true`, 125, /nonesuch/],
  [`${run} --env-file /nonesuch ${box} true`, 125, /\/nonesuch: no such file or directory/],
  [`${run} --userns nonesuch ${box} true`, 125, /nonesuch/],
  [`${run} --pid container:nonesuch ${box} true`, 125, /nonesuch.*no such container/],
  [`${run} --network container:nonesuch ${box} true`, 125, /network|nonesuch/],
  [
    `run --rm --network nonesuch ${box} true`,
    125,
    /unable to find network with name or ID "?nonesuch"?: network not found/,
  ],
  [`${run} --log-driver nonesuch ${box} true`, 125, /invalid log driver/],
  [`${run} --umask 9 ${box} true`, 125, /umask/i],
  [`${run} --add-host nonesuch ${box} true`, 125, /bad format for add-host: "nonesuch"|nonesuch/],
  [`${run} --sysctl nonesuch ${box} true`, 125, /sysctl.*nonesuch|nonesuch/],
  [`${run} localhost/Upper ${box} true`, 125, /repository name must be lowercase/],
  [`${run} --pull never --platform linux/nonesuch localhost/missing true`, 125, /missing/],
  ["pull nonesuch:", 125, /invalid reference format/],
  ["kill -s NONESUCH running", 125, /invalid signal: (SIG)?NONESUCH/],
  ["stop -t nonesuch running", 125, /invalid argument "nonesuch" for "-t, --time"/],
  ["ps --filter nonesuch=1", 125, /nonesuch.*invalid filter/],
  ["images --filter nonesuch=1", 125, /unsupported image filter "nonesuch"|invalid image filter|nonesuch/],
  ["ps --format {{.Nonesuch}}", 125, /can't evaluate field Nonesuch/],
  ["ps --format {{", 125, /template/],
];

for (const [words, code, error] of rows) {
  test(words, async (place) => {
    const before = [footprint(place), await place.must(["ps", "-aq"]), await place.must(["volume", "ls", "-q"])];
    assertFails(await place.run(words.split(" ")), { code, error });
    assert.deepEqual(
      [footprint(place), await place.must(["ps", "-aq"]), await place.must(["volume", "ls", "-q"])],
      before,
    );
  });
}
