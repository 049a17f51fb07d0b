import assert from "node:assert/strict";
import {
  completeReference,
  familiarReference,
  formatReference,
  isRegistry,
  isShortName,
  isTag,
  parseRawReference,
  parseReference,
  repositoryName,
  withDefaultTag,
  withSuffixes,
  withTag,
} from "./reference.ts";

const digest = `sha256:${"ab".repeat(32)}`;

Deno.test("parseReference() normalises names as Docker does", () => {
  const table: readonly [string, string, string][] = [
    ["alpine", "docker.io/library/alpine", "alpine"],
    ["alpine:3.20", "docker.io/library/alpine:3.20", "alpine:3.20"],
    ["user/app", "docker.io/user/app", "user/app"],
    ["docker.io/alpine", "docker.io/library/alpine", "alpine"],
    ["index.docker.io/library/alpine", "docker.io/library/alpine", "alpine"],
    ["docker.io/library/a/b", "docker.io/library/a/b", "library/a/b"],
    ["localhost/app:1", "localhost/app:1", "localhost/app:1"],
    ["localhost:5000/a/b", "localhost:5000/a/b", "localhost:5000/a/b"],
    ["quay.io/a/b@" + digest, "quay.io/a/b@" + digest, "quay.io/a/b@" + digest],
    ["q.io/a:t@" + digest, "q.io/a:t@" + digest, "q.io/a:t@" + digest],
    ["[::1]:5000/a", "[::1]:5000/a", "[::1]:5000/a"],
    ["HOST/a", "HOST/a", "HOST/a"],
    ["a__b--c-d_e/x.y", "docker.io/a__b--c-d_e/x.y", "a__b--c-d_e/x.y"],
    ["docker.io/v1.2/app", "docker.io/v1.2/app", "docker.io/v1.2/app"],
    ["host:80/a:T_.-", "host:80/a:T_.-", "host:80/a:T_.-"],
  ];
  for (const [text, full, familiar] of table) {
    const reference = parseReference(text);
    assert.equal(formatReference(reference), full);
    assert.equal(familiarReference(reference), familiar);
  }
});

Deno.test("parseReference() refuses what is no name, in Podman's words", () => {
  const format = "invalid reference format";
  const table: readonly [string, string][] = [
    ["", format],
    [":tag", format],
    ["a:", format],
    ["a@", format],
    ["a@sha256:12", format],
    ["a b", format],
    ["-a", format],
    ["a..b", format],
    ["a/", format],
    ["a//b", format],
    ["a:b:c", format],
    ["http://a/b", format],
    ["../etc", format],
    ["a:" + "t".repeat(129), format],
    ["host-.io/a", format],
    ["a\n", format],
    ["FOO", "repository name must be lowercase"],
    ["user/FOO", "repository name must be lowercase"],
    ["q.io/" + "a".repeat(256), "repository name must not be more than 255 characters"],
  ];
  for (const [text, message] of table) {
    assert.throws(() => parseReference(text), (error: Error) => error.message.endsWith(message), text);
  }
});

Deno.test("parseReference() refuses what looks like an image id", () => {
  assert.throws(() => parseReference("ab".repeat(32)), { kind: "invalidArgument" });
  assert.equal(parseReference("ab".repeat(31)).repository, `library/${"ab".repeat(31)}`);
});

Deno.test("isShortName() is true where the registry has to be found", () => {
  for (const text of ["alpine", "alpine:3", "user/app", "a/b/c@" + digest]) assert.equal(isShortName(text), true, text);
  for (const text of ["localhost/a", "q.io/a", "host:1/a", "HOST/a"]) assert.equal(isShortName(text), false, text);
});

Deno.test("completeReference() puts a short name into a registry", () => {
  assert.equal(formatReference(completeReference(parseRawReference("a/b:1"), "quay.io")), "quay.io/a/b:1");
  assert.equal(formatReference(completeReference(parseRawReference("a"), "docker.io")), "docker.io/library/a");
  assert.throws(() => completeReference(parseRawReference("a"), "quay.io/x"), { kind: "invalidArgument" });
});

Deno.test("withDefaultTag() adds latest to a bare name only", () => {
  assert.equal(formatReference(withDefaultTag(parseReference("q.io/a"))), "q.io/a:latest");
  assert.equal(formatReference(withDefaultTag(parseReference("q.io/a:1"))), "q.io/a:1");
  assert.equal(formatReference(withDefaultTag(parseReference(`q.io/a@${digest}`))), `q.io/a@${digest}`);
});

Deno.test("withTag() replaces tag and digest", () => {
  assert.equal(formatReference(withTag(parseReference(`q.io/a:1@${digest}`), "2")), "q.io/a:2");
  assert.throws(() => withTag(parseReference("q.io/a"), "no/slash"), { kind: "invalidArgument" });
  assert.equal(formatReference(withSuffixes(parseReference("q.io/a:1"), {})), "q.io/a");
});

Deno.test("isRegistry() takes hosts with an optional port", () => {
  for (const host of ["docker.io", "localhost", "a:5000", "[::1]", "[::1]:80", "10.0.0.1:1"]) {
    assert.equal(isRegistry(host), true, host);
  }
  for (const host of ["", "a/b", "a:", "a:b", "-a", "a-", "a..b", "a@b", "[::1"]) {
    assert.equal(isRegistry(host), false, host);
  }
});

Deno.test("formatting a parsed reference and parsing it again changes nothing", () => {
  const random = randomNumbers(20_25);
  for (let round = 0; round < 2000; round++) {
    const text = randomReference(random);
    const reference = parseReference(text);
    assert.deepEqual(parseReference(formatReference(reference)), reference, text);
    assert.deepEqual(parseReference(familiarReference(reference)), reference, text);
    assert.equal(repositoryName(reference).includes("@"), false);
  }
});

Deno.test("parseReference() either throws invalidArgument or gives clean parts, whatever the text", () => {
  const random = randomNumbers(7);
  const alphabet = "aZ09/:@._-[]\n \u0000é%\\sha256";
  for (let round = 0; round < 5000; round++) {
    const text = Array.from({ length: random(30) }, () => alphabet.charAt(random(alphabet.length))).join("");
    try {
      const { registry, repository, tag } = parseReference(text);
      assert.equal(isRegistry(registry), true);
      assert.match(repository, /^[a-z0-9._/-]+$/);
      assert.equal(repository.includes(".."), false);
      assert.equal(tag === undefined || isTag(tag), true);
    } catch (error) {
      assert.equal((error as { kind?: string }).kind, "invalidArgument", text);
    }
  }
});

type Random = (below: number) => number;

/** The same numbers for the same seed. */
function randomNumbers(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor(state / 65_536) % below;
  };
}

function randomReference(random: Random): string {
  const part = () => ["a", "lib", "x1", "a-b", "a__b", "v1.2"][random(6)] ?? "a";
  const host = ["", "localhost/", "q.io/", "h:5000/", "docker.io/", "index.docker.io/", "[::1]:1/"][random(7)] ?? "";
  const path = Array.from({ length: 1 + random(4) }, part).join("/");
  return host + path + (random(2) === 0 ? "" : ":T-1") + (random(2) === 0 ? "" : `@${digest}`);
}
