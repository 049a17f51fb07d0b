import assert from "node:assert/strict";
import { isKind } from "../errors.ts";
import { findProgram } from "../sys/program.ts";
import { run } from "../sys/run.ts";
import { inside, serve } from "./_serve_fixture.ts";
import { newNetwork } from "./define.ts";
import { hostInterfaces, hostSubnets } from "./host.ts";
import { allocate, randomMac } from "./ipam.ts";
import { findHelper } from "./netavark.ts";
import { createNetns } from "./netns.ts";
import { reservePorts, resolvePorts } from "./ports.ts";
import { setupNetwork, teardownNetwork } from "./setup.ts";
import type { Network } from "../engine/types/network.ts";
import type { NetworkMode, ResolvedPort } from "./types.ts";

const programs = ["nsenter", "ip", "iptables-save", "busybox"];
const missing = programs.some((name) => findProgram(name) === undefined) || findHelper("netavark") === undefined;
const ignore = Deno.uid() !== 0 || missing;

/** A pool that nothing else on a host is likely to use. */
const config = {
  defaultNetwork: "podman",
  defaultSubnet: "10.88.0.0/16",
  subnetPools: [{ base: `10.211.${Deno.pid % 256}.0/24`, size: 24 }],
};

function testNetwork(name: string): Network {
  return newNetwork({ name, network_interface: `bt${Deno.pid}` }, {
    existing: [],
    usedSubnets: hostSubnets(),
    usedInterfaces: hostInterfaces(),
    config,
    created: "2026-01-01T00:00:00Z",
  });
}

type Place = {
  readonly runRoot: string;
  readonly network: Network;
  readonly taken: Set<string>;
  /** Takes away what is still there when the test fails. */
  readonly undo: AsyncDisposableStack;
};

async function connect(place: Place, wanted: { readonly name: string; readonly ports?: readonly ResolvedPort[] }) {
  const { name, ports = [] } = wanted;
  const id = name.repeat(64);
  const { runRoot, network, taken } = place;
  const static_ips = allocate({ network, options: {}, taken });
  for (const address of static_ips) taken.add(address);
  const options = { interface_name: "eth0", static_ips, static_mac: randomMac(), aliases: [`alias-${name}`] };
  const mode: NetworkMode = { tag: "bridge", dnsServers: [], attachments: [{ network, options }] };
  const netnsPath = await createNetns({ runRoot, id });
  const base = { id, name, runRoot, containerRunDir: runRoot, rootless: false };
  const status = await setupNetwork({ ...base, netnsPath, ports, mode });
  const remove = () => teardownNetwork({ ...base, status });
  place.undo.defer(remove);
  return { status, remove };
}

async function withPlace(use: (place: Place) => Promise<void>): Promise<void> {
  const runRoot = await Deno.makeTempDir({ prefix: "beluga-net-" });
  try {
    await using undo = new AsyncDisposableStack();
    await use({ runRoot, network: testNetwork(`belugatest${Deno.pid}`), taken: new Set(), undo });
  } finally {
    await Deno.remove(runRoot, { recursive: true });
  }
}

Deno.test({
  name: "setupNetwork() connects containers by bridge, name and published port, and teardownNetwork() leaves nothing",
  ignore,
}, async () => {
  await withPlace(async (place) => {
    const ports = resolvePorts([{ host_ip: "", host_port: 0, container_port: 8080, protocol: "tcp", range: 1 }]);
    const held = reservePorts(ports);
    assert.throws(() => reservePorts(ports), (error) => isKind(error, "portInUse"));
    const first = await connect(place, { name: "a", ports });
    const second = await connect(place, { name: "b" });
    assert.match(await inside(first.status, "ip", "-4", "-o", "addr"), /eth0 +inet 10\.211\.\d+\.2\/24/);
    const names = await inside(
      second.status,
      "busybox",
      "nslookup",
      "alias-a.dns.podman",
      first.status.nameservers[0] ?? "",
    );
    assert.match(names, new RegExp(first.status.addresses[0] ?? "?"));
    {
      await Deno.writeTextFile(`${place.runRoot}/page`, "served");
      await using _server = await serve(first.status, { port: 8080, files: place.runRoot });
      const answer = await fetch(`http://127.0.0.1:${ports[0]?.host_port}/page`);
      assert.equal(await answer.text(), "served");
    }
    await first.remove();
    await second.remove();
    await second.remove();
    for (const socket of held) socket[Symbol.dispose]();
    assert.deepEqual(hostInterfaces().filter((name) => name === place.network.network_interface), []);
    assert.deepEqual([...Deno.readDirSync(`${place.runRoot}/netns`)], []);
    const rules = (await run(["iptables-save"])).stdout;
    assert.ok(!rules.includes(place.network.subnets?.[0]?.subnet ?? "?"));
  });
});
