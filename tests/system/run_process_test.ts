/** What the command of a container finds: arguments, environment, user, folder, names, streams. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { assertFails, assertResult, lines, suite } from "../support/suite.ts";
import { twoPlaces } from "../support/place.ts";
import { box, boxImage, loadBox, loadImage } from "../support/images.ts";

const configured = "localhost/configured:latest";
const asAnn = "localhost/ann:latest";

const test = suite("run", {
  wheres: twoPlaces,
  prepare: async (place) => {
    await loadBox(place);
    const config = { Entrypoint: ["echo", "entry"], Cmd: ["cmd"], Env: ["FROM=image"], WorkingDir: "/home" };
    await loadImage(place, boxImage(config, configured));
    await loadImage(place, boxImage({ User: "ann:bakers", WorkingDir: "/made/new", Env: ["PATH=/bin"] }, asAnn));
  },
});
const quiet = ["run", "--rm", "--network", "none"];

type Row = readonly [what: string, flags: readonly string[], command: readonly string[], output: string];

const rows: readonly Row[] = [
  ["-e sets a variable", ["-e", "A=b c"], ["sh", "-c", "echo $A"], "b c\n"],
  ["-e NAME takes the value of the caller's environment", ["-e", "OUTSIDE"], ["sh", "-c", "echo $OUTSIDE"], "seen\n"],
  ["-e PREFIX* takes all that begin so", ["-e", "OUT*"], ["sh", "-c", "echo $OUTSIDE"], "seen\n"],
  ["container=podman is set", [], ["sh", "-c", "echo $container"], "podman\n"],
  ["HOME comes from the image's users", ["-u", "ann"], ["sh", "-c", "echo $HOME"], "/home/ann\n"],
  ["HOSTNAME is the container's", ["--hostname", "pike"], ["sh", "-c", "echo $HOSTNAME; hostname"], "pike\npike\n"],
  ["-u with a name takes its groups", ["-u", "ann"], ["sh", "-c", "id -u; id -g; id -G"], "1000\n1000\n1000 2000\n"],
  ["-u with numbers", ["-u", "12:34"], ["sh", "-c", "id -u; id -g"], "12\n34\n"],
  ["-u with a name and a group", ["-u", "ann:bakers"], ["sh", "-c", "id -u; id -g"], "1000\n2000\n"],
  ["-u with a number of the image's users takes their group", ["-u", "1000"], ["id", "-g"], "1000\n"],
  ["-u with an unknown number takes group 0", ["-u", "4321"], ["id", "-g"], "0\n"],
  ["--group-add adds by name and number", ["--group-add", "bakers", "--group-add", "77"], ["id", "-G"], "0 77 2000\n"],
  ["-w sets the folder", ["-w", "/home/ann"], ["pwd"], "/home/ann\n"],
  ["--entrypoint replaces the program", ["--entrypoint", "echo"], ["x"], "x\n"],
  ["--entrypoint takes a JSON array", ["--entrypoint", '["echo","-n"]'], ["x"], "x"],
  ["--umask sets the mask", ["--umask", "077"], ["sh", "-c", "umask"], "0077\n"],
  ["the mask is 0022 otherwise", [], ["sh", "-c", "umask"], "0022\n"],
  ["--annotation and --label change nothing inside", ["--annotation", "a=b", "--label", "c=d"], ["echo", "x"], "x\n"],
  ["--init puts a program of its own first", ["--init"], ["sh", "-c", "test $$ -ne 1 && echo second"], "second\n"],
  ["without --init the command is first", [], ["sh", "-c", "echo $$"], "1\n"],
  [
    "--timezone is told to libc",
    ["--tz", "Asia/Tokyo"],
    ["sh", "-c", "test -e /etc/localtime && echo there"],
    "there\n",
  ],
];

for (const [what, flags, command, output] of rows) {
  test(what, async (place) => {
    const result = await place.run([...quiet, ...flags, box, ...command], { env: { OUTSIDE: "seen" } });
    const words = (text: string) => text.split(/\s/).toSorted();
    const inAnyOrder = command[1] === "-G";
    assertResult(result, inAnyOrder ? { code: 0 } : { stdout: output });
    assert.deepEqual(words(result.stdout), words(output));
  });
}

test("the image's program, words, variables and folder are used", async (place) => {
  assertResult(await place.run([...quiet, configured]), { stdout: "entry cmd\n" });
  assertResult(await place.run([...quiet, configured, "other"]), { stdout: "entry other\n" });
  const shown = await place.must([...quiet, "--entrypoint", "/bin/sh", configured, "-c", "echo $FROM; pwd"]);
  assert.equal(shown, "image\n/home");
});

test("an empty --entrypoint takes the image's away", async (place) => {
  assertResult(await place.run([...quiet, "--entrypoint", "", configured, "echo", "mine"]), { stdout: "mine\n" });
});

test("the image's user and folder are used, the folder made", async (place) => {
  assert.equal(await place.must([...quiet, asAnn, "sh", "-c", "id -u; id -g; pwd"]), "1000\n2000\n/made/new");
});

test("-e wins over --env-file, which wins over the image", async (place) => {
  const file = place.path("variables");
  writeFileSync(file, "# a comment\nFROM=file\nOTHER=from file\n\nOUTSIDE\n");
  const words = ["--entrypoint", "/bin/sh", configured, "-c", "echo $FROM/$OTHER/$OUTSIDE"];
  const env = { OUTSIDE: "seen" };
  assert.equal(await place.must([...quiet, "--env-file", file, ...words], { env }), "file/from file/seen");
  assert.equal(
    await place.must([...quiet, "--env-file", file, "-e", "FROM=flag", ...words], { env }),
    "flag/from file/seen",
  );
});

test("an unknown user is refused", async (place) => {
  const result = await place.run([...quiet, "-u", "nonesuch", box, "true"]);
  assertFails(result, { code: 126, error: /unable to find user nonesuch: no matching entries in passwd file/ });
});

test("-w with a folder that is not there is refused", async (place) => {
  const result = await place.run([...quiet, "-w", "/a/new/one", box, "true"]);
  assertFails(result, { code: 126, error: /workdir "\/a\/new\/one" does not exist on container [0-9a-f]{64}/ });
});

test("the host's environment stays outside", async (place) => {
  const shown = lines(await place.must([...quiet, box, "env"], { env: { SECRET_OF_HOST: "x" } }));
  const names = shown.map((line) => line.split("=")[0]).toSorted();
  assert.deepEqual(
    names,
    ["HOME", "HOSTNAME", "PATH", "container", ...(names.includes("TERM") ? ["TERM"] : [])].toSorted(),
  );
});

test("--preserve-fds hands descriptors over", async (place) => {
  const words = place.argv([...quiet, "--preserve-fds", "2", box, "sh", "-c", "cat <&4"]);
  const file = place.path("descriptor");
  writeFileSync(file, "through four\n");
  const result = await place.host([
    "sh",
    "-c",
    `exec 3</dev/null 4<${file}; exec "$@"`,
    "sh",
    ...words.slice(words.indexOf("env") + 3),
  ]);
  assertResult(result, { stdout: "through four\n" });
});

test("/etc/hosts, /etc/hostname and /etc/resolv.conf are written", async (place) => {
  const flags = ["--hostname", "pike", "--add-host", "perch:10.1.2.3"];
  const hosts = await place.must([...quiet, ...flags, box, "cat", "/etc/hosts"]);
  assert.match(hosts, /^127\.0\.0\.1\s+localhost/m);
  assert.match(hosts, /^10\.1\.2\.3\s+perch$/m);
  assert.equal(await place.must([...quiet, ...flags, box, "cat", "/etc/hostname"]), "pike");
});

test("--dns, --dns-search and --dns-option are written", async (place) => {
  const flags = [
    "--network",
    "host",
    "--dns",
    "192.0.2.53",
    "--dns-search",
    "river.example",
    "--dns-option",
    "ndots:3",
  ];
  const text = await place.must(["run", "--rm", ...flags, box, "cat", "/etc/resolv.conf"]);
  assert.deepEqual(lines(text).toSorted(), ["nameserver 192.0.2.53", "options ndots:3", "search river.example"]);
});

test("/run/.containerenv is there, and tells more to the privileged", async (place) => {
  assert.equal(await place.must([...quiet, box, "cat", "/run/.containerenv"]), "");
  const text = await place.must([...quiet, "--privileged", "--name", "told", box, "cat", "/run/.containerenv"]);
  assert.match(text, /^name="told"$/m);
  assert.match(text, /^image="localhost\/box:latest"$/m);
  assert.match(text, place.rootless ? /^rootless=1$/m : /^rootless=0$/m);
});
