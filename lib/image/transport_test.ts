import assert from "node:assert/strict";
import { parseTransport } from "./transport.ts";

Deno.test("parseTransport() tells transports from names", () => {
  assert.deepEqual(parseTransport("docker://q.io/a:1"), { transport: "docker", reference: "q.io/a:1" });
  assert.deepEqual(parseTransport("docker-archive:/a b.tar"), { transport: "docker-archive", path: "/a b.tar" });
  assert.deepEqual(parseTransport("docker-archive:a.tar:x:1"), {
    transport: "docker-archive",
    path: "a.tar",
    reference: "x:1",
  });
  assert.deepEqual(parseTransport("docker-archive:a.tar:@2"), { transport: "docker-archive", path: "a.tar", index: 2 });
  assert.deepEqual(parseTransport("oci:/d:q.io/a:1"), { transport: "oci", path: "/d", tag: "q.io/a:1" });
  assert.deepEqual(parseTransport("oci-archive:/d:"), { transport: "oci-archive", path: "/d" });
  assert.deepEqual(parseTransport("dir:/d:e"), { transport: "dir", path: "/d:e" });
  for (const name of ["alpine", "alpine:3", "localhost:5000/a", "docker:1", "dirty:1", "oci"]) {
    assert.equal(parseTransport(name), null, name);
  }
  assert.throws(() => parseTransport("docker-daemon:x"), { kind: "unsupported" });
  for (const text of ["dir:", "oci:", "oci::tag", "docker-archive:", "docker-archive:a:@x"]) {
    assert.throws(() => parseTransport(text), { kind: "invalidArgument" }, text);
  }
});
