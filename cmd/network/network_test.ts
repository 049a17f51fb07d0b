import assert from "node:assert/strict";
import { EngineError } from "../../lib/errors.ts";
import type { Network } from "../../lib/engine/mod.ts";
import { runCommandLine } from "../_run_command.ts";

const lab: Network = {
  name: "lab",
  id: "2f259bab93aaaaa2542ba43ef33eb990d0999ee1b9924b557b7be53c0b7a1bb9",
  driver: "bridge",
  ipv6_enabled: false,
  internal: true,
  dns_enabled: true,
  labels: { a: "b" },
};

const create = () => Promise.resolve(lab);

async function asked(...argv: readonly string[]): Promise<Partial<Network>> {
  const { calls } = await runCommandLine(["network", "create", ...argv], { networks: { create } });
  return (calls[0]?.[1] as { network: Partial<Network> }).network;
}

Deno.test("network create leaves to the engine what was not said", async () => {
  const network = await asked();
  assert.deepEqual([network.name, network.subnets, network.network_interface], [undefined, undefined, undefined]);
  assert.deepEqual([network.driver, network.dns_enabled, network.internal], ["bridge", true, false]);
});

Deno.test("network create pairs subnets, gateways and ranges in their order", async () => {
  const network = await asked(
    ...["--subnet", "10.9.0.0/24", "--gateway", "10.9.0.1", "--ip-range", "10.9.0.128/25"],
    ...["--subnet", "fd00:9::/64", "--gateway", "fd00:9::1", "--ip-range", "fd00:9::10-fd00:9::20"],
    ...["--internal", "--label", "a=b", "-o", "mtu=1400", "--route", "10.1.0.0/16,10.9.0.9,5", "lab"],
  );
  assert.deepEqual(network.subnets, [
    { subnet: "10.9.0.0/24", gateway: "10.9.0.1", lease_range: { start_ip: "10.9.0.129", end_ip: "10.9.0.254" } },
    { subnet: "fd00:9::/64", gateway: "fd00:9::1", lease_range: { start_ip: "fd00:9::10", end_ip: "fd00:9::20" } },
  ]);
  assert.deepEqual({ ...network.options }, { mtu: "1400" });
  assert.deepEqual(network.routes, [{ destination: "10.1.0.0/16", gateway: "10.9.0.9", metric: 5 }]);
});

const refused: readonly (readonly [readonly string[], RegExp])[] = [
  [["--gateway", "10.9.0.1"], /every gateway must have a corresponding subnet/],
  [["--ip-range", "10.9.0.0/25"], /every ip-range must have a corresponding subnet/],
  [["--subnet", "10.9.0.0"], /invalid CIDR address: 10.9.0.0/],
  [["--subnet", "10.9.0.300/24"], /invalid CIDR address/],
  [["--subnet", "10.9.0.0/33"], /invalid CIDR address/],
  [["--gateway", "x"], /invalid string being converted to IP address: x/],
  [["--route", "10.1.0.0/16"], /invalid route/],
];

for (const [argv, words] of refused) {
  Deno.test(`network create refuses ${argv.join(" ")}`, async () => {
    const { code, stderr } = await runCommandLine(["network", "create", ...argv, "x"], { networks: { create } });
    assert.equal(code, 125);
    assert.match(stderr, words);
  });
}

Deno.test("network ls prints a table, names, JSON or by a template", async () => {
  const networks = { list: () => Promise.resolve([lab]) };
  const print = async (...argv: readonly string[]) =>
    (await runCommandLine(["network", "ls", ...argv], { networks })).stdout;
  assert.equal(await print(), "NETWORK ID    NAME        DRIVER\n2f259bab93aa  lab         bridge\n");
  assert.equal(await print("-q"), "lab\n");
  assert.equal(await print("-n", "--no-trunc"), `${lab.id}  lab         bridge\n`);
  assert.equal(await print("--format", "{{.Name}} {{.ID}} {{.DNSEnabled}} {{.Labels}}"), "lab 2f259bab93aa true a=b\n");
  assert.deepEqual(JSON.parse(await print("--format", "json")), [lab]);
});

Deno.test("network rm exits 1 for a missing network and 2 for one in use", async () => {
  const failing = (kind: "noSuchNetwork" | "networkInUse") => ({
    networks: { remove: () => Promise.reject(new EngineError(kind, "x")) },
  });
  assert.equal((await runCommandLine(["network", "rm", "x"], failing("noSuchNetwork"))).code, 1);
  assert.equal((await runCommandLine(["network", "rm", "x"], failing("networkInUse"))).code, 2);
});

Deno.test("network inspect names the network in its complaint", async () => {
  const words = "unable to find network with name or ID nosuch: network not found";
  const inspect = () => Promise.reject(new EngineError("noSuchNetwork", words));
  const outcome = await runCommandLine(["network", "inspect", "nosuch"], { networks: { inspect } });
  assert.deepEqual([outcome.code, outcome.stdout, outcome.stderr], [125, "[]\n", `Error: network nosuch: ${words}\n`]);
});
