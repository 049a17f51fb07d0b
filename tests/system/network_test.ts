/** Networks: addresses, ports, names, and that nothing of them stays. Root's run in a network namespace of their own. */

import assert from "node:assert/strict";
import { until } from "../support/execute.ts";
import { assertFails, assertResult, lines, suite } from "../support/suite.ts";
import { type Place, rootCrun, rootlessCrun, rootRunc } from "../support/place.ts";
import { box, loadBox } from "../support/images.ts";

const root = suite("network", {
  wheres: [{ ...rootRunc, ownNetwork: true }, { ...rootCrun, ownNetwork: true }],
  prepare: loadBox,
});
const rootless = suite("network", { wheres: [rootlessCrun], prepare: loadBox });

/** What a network may leave on a host. */
async function networkState(place: Place): Promise<string> {
  const look =
    "ip -o link | cut -d: -f2; ip -o addr | awk '{print $2, $4}'; nft list ruleset; iptables-save | grep -v '^[#:]'; ls /run/netns 2>/dev/null";
  return (await place.host(["sh", "-c", look])).stdout;
}

async function answers(place: Place, port: number, { wanted }: { readonly wanted: string }): Promise<void> {
  await until(`port ${port} to answer`, async () => {
    const { stdout } = await place.host(["curl", "-s", "--max-time", "2", `http://127.0.0.1:${port}/`]);
    return stdout.trim() === wanted;
  });
}

const serve = (
  text: string,
) => ["sh", "-c", `mkdir /www; echo ${text} >/www/index.html; exec busybox httpd -f -p 80 -h /www`];

root("the default network is 10.88.0.0/16, with its gateway", async (place) => {
  const look = "ip -4 -o addr show dev eth0 | awk '{print $4}'; ip route | grep default | cut -d' ' -f3";
  const [address, gateway] = lines(await place.must(["run", "--rm", box, "sh", "-c", look]));
  assert.match(address ?? "", /^10\.88\.\d+\.\d+\/16$/);
  assert.equal(gateway, "10.88.0.1");
});

root("inspect tells the address", async (place) => {
  const id = await place.must(["run", "-d", box, "sleep", "100"]);
  const told = await place.must(["inspect", "-f", "{{.NetworkSettings.IPAddress}} {{.NetworkSettings.Gateway}}", id]);
  const [address, gateway] = told.split(" ");
  assert.match(await place.must(["exec", id, "ip", "-o", "addr"]), new RegExp(`inet ${address}/16`));
  assert.equal(gateway, "10.88.0.1");
  await place.must(["rm", "-f", "-t", "0", id]);
});

root("two containers reach each other", async (place) => {
  const id = await place.must(["run", "-d", box, ...serve("neighbour")]);
  const address = await place.must(["inspect", "-f", "{{.NetworkSettings.IPAddress}}", id]);
  await until("the neighbour", async () => {
    const { stdout } = await place.run(["run", "--rm", box, "wget", "-qO-", `http://${address}/`]);
    return stdout === "neighbour\n";
  });
  await place.must(["rm", "-f", "-t", "0", id]);
});

root("a published port answers, and is free again afterwards", async (place) => {
  await place.must(["run", "-d", "--name", "web", "-p", "8080:80", box, ...serve("published")]);
  await answers(place, 8080, { wanted: "published" });
  assert.match(await place.must(["ps", "--format", "{{.Ports}}"]), /^0\.0\.0\.0:8080->80\/tcp$/);
  await place.must(["rm", "-f", "-t", "0", "web"]);
  assert.notEqual((await place.host(["curl", "-s", "--max-time", "2", "http://127.0.0.1:8080/"])).code, 0);
  await place.must(["run", "-d", "--name", "web", "-p", "8080:80", box, ...serve("again")]);
  await answers(place, 8080, { wanted: "again" });
  await place.must(["rm", "-f", "-t", "0", "web"]);
});

root("a port in use is refused, and nothing is left", async (place) => {
  await place.must(["run", "-d", "--name", "first", "-p", "8081:80", box, "sleep", "100"]);
  const result = await place.run(["run", "--rm", "-p", "8081:80", box, "true"]);
  assert.equal(result.code, 126, result.stderr);
  assert.match(result.stderr, /8081.*address already in use/);
  await place.must(["rm", "-f", "-t", "0", "first"]);
  assert.equal(await place.must(["ps", "-aq"]), "");
});

root("UDP is published", async (place) => {
  await place.must(["run", "-d", "--name", "udp", "-p", "8082:5353/udp", box, "sleep", "100"]);
  await until("a datagram without a taker in the container", async () => {
    await place.host(["bash", "-c", "echo ping >/dev/udp/127.0.0.1/8082"]);
    const counted = lines(await place.must(["exec", "udp", "grep", "^Udp:", "/proc/net/snmp"]));
    const [, arrived, refused] = counted.at(-1)?.split(" ").map(Number) ?? [];
    return (arrived ?? 0) + (refused ?? 0) > 0;
  });
  await place.must(["rm", "-f", "-t", "0", "udp"]);
});

root("-P publishes what the image exposes, and port tells where", async (place) => {
  await place.must(["run", "-d", "--name", "open", "--expose", "80", "-P", box, ...serve("random")]);
  const told = JSON.parse(await place.must(["inspect", "-f", "{{json .NetworkSettings.Ports}}", "open"]));
  await answers(place, Number(told["80/tcp"][0].HostPort), { wanted: "random" });
  await place.must(["rm", "-f", "-t", "0", "open"]);
});

root("names are resolved on a network of one's own", async (place) => {
  assert.equal(await place.must(["network", "create", "river"]), "river");
  await place.must(["run", "-d", "--name", "pike", "--network", "river", box, ...serve("by name")]);
  await until("the name", async () => {
    const { stdout } = await place.run(["run", "--rm", "--network", "river", box, "wget", "-qO-", "http://pike/"]);
    return stdout === "by name\n";
  });
  const busy = await place.run(["network", "rm", "river"]);
  assertFails(busy, { code: 2, error: /"?river"? has associated containers with it.*network is being used/ });
  await place.must(["rm", "-f", "-t", "0", "pike"]);
  assert.equal(await place.must(["network", "rm", "river"]), "river");
});

root("network create, ls, inspect and rm", async (place) => {
  await place.must([
    "network",
    "create",
    "--subnet",
    "10.77.0.0/24",
    "--gateway",
    "10.77.0.9",
    "--label",
    "a=b",
    "lake",
  ]);
  const names = lines(await place.must(["network", "ls", "--format", "{{.Name}}"]));
  assert.deepEqual(names.toSorted(), ["lake", "podman"]);
  const [told] = JSON.parse(await place.must(["network", "inspect", "lake"]));
  assert.deepEqual([told.name, told.driver, told.labels], ["lake", "bridge", { a: "b" }]);
  assert.deepEqual(told.subnets, [{ subnet: "10.77.0.0/24", gateway: "10.77.0.9" }]);
  const address = await place.must([
    "run",
    "--rm",
    "--network",
    "lake",
    "--ip",
    "10.77.0.50",
    box,
    "ip",
    "-4",
    "-o",
    "addr",
  ]);
  assert.match(address, /10\.77\.0\.50\/24/);
  assertFails(await place.run(["network", "create", "lake"]), {
    code: 125,
    error: /network name "?lake"? already used: network already exists/,
  });
  await place.must(["network", "rm", "lake"]);
  assertFails(await place.run(["network", "rm", "lake"]), {
    code: 1,
    error: /unable to find network with name or ID "?lake"?: network not found/,
  });
  assertFails(await place.run(["run", "--rm", "--network", "lake", box, "true"]), {
    code: 125,
    error: /unable to find network with name or ID "?lake"?: network not found/,
  });
});

root("--network host and none", async (place) => {
  assert.equal(await place.must(["run", "--rm", "--network", "none", box, "sh", "-c", "ls /sys/class/net"]), "lo");
  const outside = (await place.host(["readlink", "/proc/self/ns/net"])).stdout.trim();
  assert.equal(await place.must(["run", "--rm", "--network", "host", box, "readlink", "/proc/self/ns/net"]), outside);
});

root("nothing of the network stays after the last container", async (place) => {
  await place.must(["run", "--rm", box, "true"]);
  const before = await networkState(place);
  const id = await place.must(["run", "-d", "-p", "8083:80", box, "sleep", "100"]);
  assert.notEqual(await networkState(place), before);
  await place.must(["rm", "-f", "-t", "0", id]);
  await place.run(["run", "--rm", "-p", "8083:80", box, "sh", "-c", "exit 3"]);
  assert.equal(await networkState(place), before);
  assert.deepEqual(place.processes().filter((line) => /aardvark|netavark|conmon/.test(line)), []);
});

root("what a killed client left is cleared by the container's end", async (place) => {
  await place.must(["run", "--rm", box, "true"]);
  const before = await networkState(place);
  await using running = place.start(["run", "--rm", "--name", "cut", box, "sh", "-c", "echo ready; sleep 2"]);
  await running.saw(/ready/);
  running.kill("SIGKILL");
  await until("the end", async () => await place.must(["ps", "-aq"]) === "");
  await until("the network's end", async () => await networkState(place) === before);
});

const ways: readonly (readonly [string, string | undefined])[] = [
  ["slirp4netns", undefined],
  ["pasta", "Podman knows pasta since 4.4"],
];

for (const [way, onlyBeluga] of ways) {
  rootless(`${way} gives an ordinary user a network, and ends with the container`, async (place) => {
    const shown = await place.must([
      "run",
      "--rm",
      "--network",
      way,
      box,
      "sh",
      "-c",
      "ls /sys/class/net; ip route | grep -c default",
    ]);
    assert.equal(lines(shown).length, 3);
    assert.equal(lines(shown).at(-1), "1");
    await until(`${way}'s end`, () => place.processes().every((line) => !line.includes(way)));
  }, { onlyBeluga });

  rootless(`${way} publishes ports`, async (place) => {
    const port = way === "pasta" ? 18090 : 18091;
    await place.must(["run", "-d", "--name", way, "--network", way, "-p", `${port}:80`, box, ...serve(way)]);
    await answers(place, port, { wanted: way });
    await place.must(["rm", "-f", "-t", "0", way]);
    await until(
      "the port to be free",
      async () => (await place.host(["curl", "-s", `http://127.0.0.1:${port}/`])).code !== 0,
    );
  }, { onlyBeluga });
}

rootless("a published port below 1024 is refused to an ordinary user", async (place) => {
  const start = Number(Deno.readTextFileSync("/proc/sys/net/ipv4/ip_unprivileged_port_start"));
  if (start <= 80) return;
  const result = await place.run(["run", "--rm", "--network", "slirp4netns", "-p", "81:80", box, "true"]);
  assert.equal(result.code, 126, result.stderr);
  assert.match(result.stderr, /privileged port|permission denied/i);
  assert.equal(await place.must(["ps", "-aq"]), "");
});

rootless("the default network is one of both", async (place) => {
  assertResult(await place.run(["run", "--rm", box, "sh", "-c", "ip route | grep -c default"]), { stdout: "1\n" });
});
