import assert from "node:assert/strict";
import { parseReference } from "../oci/mod.ts";
import { checkPolicy, type Policy, type PolicyRequirement } from "./policy.ts";

const accept: readonly PolicyRequirement[] = [{ type: "insecureAcceptAnything" }];
const reject: readonly PolicyRequirement[] = [{ type: "reject" }];

function policyOf(scopes: Readonly<Record<string, readonly PolicyRequirement[]>>): Policy {
  return { default: reject, transports: new Map([["docker", new Map(Object.entries(scopes))]]) };
}

function isAccepted(policy: Policy, name: string): boolean {
  try {
    checkPolicy(policy, { transport: "docker", reference: parseReference(name) });
    return true;
  } catch {
    return false;
  }
}

Deno.test("checkPolicy() lets the most special scope decide", () => {
  const policy = policyOf({ "q.io": accept, "q.io/bad": reject, "q.io/bad/but:1": accept, "*.sub.io": accept });
  for (const name of ["q.io/a", "q.io/a/b:1", "q.io/bad/but:1", "x.sub.io/a", "y.x.sub.io/a"]) {
    assert.equal(isAccepted(policy, name), true, name);
  }
  for (const name of ["q.io/bad/a", "q.io/bad/but:2", "sub.io/a", "q.io:1/a", "other.io/a"]) {
    assert.equal(isAccepted(policy, name), false, name);
  }
  assert.equal(isAccepted(policyOf({ "": accept }), "any.io/a"), true);
});

Deno.test("checkPolicy() judges other transports by path", () => {
  const scopes = new Map([["/trusted", accept]]);
  const policy: Policy = { default: reject, transports: new Map([["oci", scopes]]) };
  checkPolicy(policy, { transport: "oci", path: "/trusted/dir" });
  for (const subject of [{ transport: "oci", path: "/trusted2" }, { transport: "dir", path: "/trusted" }]) {
    assert.throws(() => checkPolicy(policy, subject), { kind: "permission" });
  }
});

Deno.test("checkPolicy() never takes a demand for signatures as none", () => {
  for (const type of ["signedBy", "sigstoreSigned", "signedBaseLayer"]) {
    const policy = policyOf({ "q.io": [...accept, { type }] });
    const check = () => checkPolicy(policy, { transport: "docker", reference: parseReference("q.io/a:1") });
    assert.throws(check, new RegExp(`requires "${type}" for docker://q.io/a:1, and signatures are not supported yet`));
  }
  for (const requirements of [[], [{ type: "unknown" }]]) {
    assert.equal(isAccepted(policyOf({ "q.io": requirements }), "q.io/a"), false);
  }
});
