import assert from "node:assert/strict";
import { isKind } from "../errors.ts";
import type { Network } from "../engine/types/network.ts";
import { formatAddress, formatCidr, overlaps, parseAddress, parseCidr } from "./_address.ts";
import { defaultNetwork, newNetwork } from "./define.ts";
import { matchesNetworkFilters } from "./filter.ts";
import { subnetsV4, subnetsV6 } from "./host.ts";
import { allocate, randomMac } from "./ipam.ts";
import { netavarkArgv, netavarkOptions } from "./netavark.ts";
import { pastaArgv, pastaFeatures } from "./pasta.ts";
import { resolvePorts } from "./ports.ts";
import { hostForwardRequest, parseSlirpOptions, slirpAddresses, slirpArgv } from "./slirp4netns.ts";

const config = { defaultNetwork: "podman", defaultSubnet: "10.88.0.0/16", subnetPools: [] };
const podman = defaultNetwork(config, "2026-01-01T00:00:00Z");

function define(wanted: Partial<Network>, existing: readonly Network[] = [podman]): Network {
  const created = "2026-01-01T00:00:00Z";
  return newNetwork(wanted, {
    existing,
    usedSubnets: ["10.89.0.0/24"],
    usedInterfaces: ["eth0", "podman1"],
    config,
    created,
  });
}

Deno.test("addresses and subnets are read and written in canonical form", () => {
  const cases = [
    ["10.0.2.3", "10.0.2.3"],
    ["fd00:0:0:0:1::", "fd00::1:0:0:0"],
    ["::", "::"],
    ["::1", "::1"],
    ["2001:DB8::ffff:192.0.2.1", "2001:db8::ffff:c000:201"],
    ["1:0:2:0:0:3:0:4", "1:0:2::3:0:4"],
  ];
  for (const [text = "", wanted] of cases) {
    const address = parseAddress(text);
    assert.ok(address);
    assert.equal(formatAddress(address), wanted);
  }
  for (const text of ["", "1.2.3", "1.2.3.256", "01.2.3.4", "1::2::3", "1:2:3:4:5:6:7", "fe80::1%eth0", "g::"]) {
    assert.equal(parseAddress(text), undefined, text);
  }
  const cidr = parseCidr("10.89.3.7/16");
  assert.ok(cidr);
  assert.equal(formatCidr(cidr), "10.89.0.0/16");
  assert.equal(parseCidr("10.0.0.0/33"), undefined);
  assert.ok(overlaps(cidr, { family: 4, base: 0n, prefix: 0 }));
});

Deno.test("defaultNetwork() is Podman's", () => {
  assert.equal(podman.id, "2f259bab93aaaaa2542ba43ef33eb990d0999ee1b9924b557b7be53c0b7a1bb9");
  assert.deepEqual(podman.subnets, [{ subnet: "10.88.0.0/16", gateway: "10.88.0.1" }]);
});

Deno.test("newNetwork() chooses a free bridge and subnet", () => {
  const network = define({ name: "web" });
  assert.equal(network.network_interface, "podman2");
  assert.deepEqual(network.subnets, [{ subnet: "10.89.1.0/24", gateway: "10.89.1.1" }]);
  assert.equal(network.dns_enabled, true);
  const next = define({}, [podman, network]);
  assert.equal(next.name, "podman3");
  assert.deepEqual(next.subnets, [{ subnet: "10.89.2.0/24", gateway: "10.89.2.1" }]);
});

Deno.test("newNetwork() adds the other family for dual stack", () => {
  const network = define({ name: "six", ipv6_enabled: true });
  assert.equal(network.subnets?.length, 2);
  assert.match(network.subnets?.[1]?.subnet ?? "", /^fd.*\/64$/);
});

Deno.test("newNetwork() takes the parent of a macvlan as its interface", () => {
  const network = define({ name: "lan", driver: "macvlan", options: { parent: "eth0", mtu: "1400" } });
  assert.equal(network.network_interface, "eth0");
  assert.deepEqual(network.options, { mtu: "1400" });
});

Deno.test("newNetwork() refuses names, subnets, gateways and options as Podman does", () => {
  const messageOf = (wanted: Partial<Network>) => {
    try {
      define(wanted);
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };
  assert.match(messageOf({ name: "bad name" }), /names must match \[a-zA-Z0-9\]/);
  assert.match(messageOf({ name: "host" }), /conflicts with a valid network mode/);
  assert.equal(messageOf({ name: "podman" }), "network name podman already used: network already exists");
  assert.equal(messageOf({ name: "n", subnets: [{ subnet: "bad" }] }), "invalid CIDR address: bad");
  assert.equal(
    messageOf({ name: "n", subnets: [{ subnet: "10.88.4.0/24" }] }),
    "subnet 10.88.4.0/24 is already used on the host or by another config",
  );
  assert.match(messageOf({ name: "n", subnets: [{ subnet: "10.1.0.0/24", gateway: "10.2.0.1" }] }), /not in subnet/);
  assert.equal(messageOf({ name: "n", options: { foo: "1" } }), "unsupported bridge network option foo");
  assert.match(messageOf({ name: "n", driver: "overlay" }), /unsupported driver overlay/);
  assert.match(messageOf({ name: "n", driver: "macvlan", network_interface: "nosuch" }), /does not exist/);
});

Deno.test("allocate() goes round, skips what is taken and the gateway, and ends", () => {
  const network = define({ name: "n", subnets: [{ subnet: "10.1.0.0/29" }] });
  const taken = new Set<string>();
  const next = (last?: readonly string[]) => allocate({ network, options: {}, taken, last })[0] ?? "";
  assert.equal(next(), "10.1.0.2");
  assert.equal(next(["10.1.0.2"]), "10.1.0.3");
  assert.equal(next(["10.1.0.6"]), "10.1.0.2");
  for (let count = 0; count < 5; count++) taken.add(next());
  assert.deepEqual([...taken], ["10.1.0.2", "10.1.0.3", "10.1.0.4", "10.1.0.5", "10.1.0.6"]);
  assert.throws(() => next(), (error) => isKind(error, "conflict"));
});

Deno.test("allocate() gives the address asked for, or says why not", () => {
  const network = define({ name: "n", subnets: [{ subnet: "10.1.0.0/24" }] });
  const ask = (ip: string, taken: readonly string[] = []) =>
    allocate({ network, options: { static_ips: [ip] }, taken: new Set(taken) });
  assert.deepEqual(ask("10.1.0.77"), ["10.1.0.77"]);
  assert.throws(() => ask("10.1.0.77", ["10.1.0.77"]), /already allocated/);
  assert.throws(() => ask("10.2.0.1"), /not in any subnet on network n/);
  assert.throws(() => ask("nonsense"), (error) => isKind(error, "invalidArgument"));
});

Deno.test("randomMac() is local and unicast", () => {
  assert.match(randomMac(), /^[0-9a-f][26ae](:[0-9a-f]{2}){5}$/);
});

Deno.test("resolvePorts() unfolds ranges and protocols and chooses what is 0", () => {
  const ports = resolvePorts([
    { host_ip: "127.0.0.1", host_port: 8000, container_port: 80, protocol: "tcp,udp", range: 2 },
    { host_ip: "", host_port: 0, container_port: 99, protocol: "", range: 0 },
  ]);
  assert.deepEqual(ports.slice(0, 4).map((port) => `${port.host_port}:${port.container_port}/${port.protocol}`), [
    "8000:80/tcp",
    "8001:81/tcp",
    "8000:80/udp",
    "8001:81/udp",
  ]);
  assert.ok((ports[4]?.host_port ?? 0) > 1023);
  assert.throws(() => resolvePorts([{ host_ip: "", host_port: 1, container_port: 1, protocol: "xyz", range: 1 }]));
});

Deno.test("netavark gets its argv and options as it expects them", () => {
  const call = {
    verb: "setup",
    netavark: "/n",
    aardvark: "/a",
    configDir: "/c",
    netnsPath: "/ns",
    rootless: false,
  } as const;
  assert.deepEqual(netavarkArgv(call), [
    ...["/n", "--config", "/c", "--rootless", "false", "--aardvark-binary", "/a", "setup", "/ns"],
  ]);
  const options = netavarkOptions({
    id: "id",
    name: "name",
    attachments: [{ network: podman, options: { interface_name: "eth0", static_ips: ["10.88.0.2"] } }],
    ports: resolvePorts([{ host_ip: "", host_port: 80, container_port: 81, protocol: "tcp", range: 1 }]),
    dnsServers: [],
  });
  assert.deepEqual(options, {
    container_id: "id",
    container_name: "name",
    networks: { podman: { interface_name: "eth0", static_ips: ["10.88.0.2"], static_mac: null, aliases: null } },
    network_info: { podman },
    port_mappings: [{ host_ip: "", host_port: 80, container_port: 81, protocol: "tcp", range: 1 }],
  });
});

Deno.test("slirp4netns gets its options, and refuses unknown ones", () => {
  const options = parseSlirpOptions(["mtu=1500", "allow_host_loopback=true", "enable_ipv6=false", "cidr=10.9.0.0/24"]);
  assert.deepEqual(slirpArgv({ program: "s", options, netnsPath: "/ns", apiSocket: "/api", readyFd: 3 }), [
    ...["s", "--mtu=1500", "--enable-sandbox", "--enable-seccomp", "--cidr=10.9.0.0/24", "--api-socket=/api"],
    ...["-c", "-r", "3", "--netns-type=path", "/ns", "tap0"],
  ]);
  assert.deepEqual(slirpAddresses(options), { gateway: "10.9.0.2", dns: "10.9.0.3", container: "10.9.0.100" });
  assert.throws(() => parseSlirpOptions(["nosuch=1"]), (error) => isKind(error, "invalidArgument"));
  assert.throws(() => parseSlirpOptions(["mtu"]), (error) => isKind(error, "invalidArgument"));
  const port = { host_ip: "", host_port: 8080, container_port: 80, protocol: "tcp", range: 1 } as const;
  assert.deepEqual(hostForwardRequest(port, "10.0.2.100"), {
    execute: "add_hostfwd",
    arguments: { proto: "tcp", host_addr: "0.0.0.0", host_port: 8080, guest_addr: "10.0.2.100", guest_port: 80 },
  });
});

Deno.test("pasta gets only options that it knows, and those of the user first", () => {
  const old = pastaFeatures("  --no-map-gw  Don't map\n");
  const base = { program: "p", options: [], ports: [], netnsPath: "/ns", pidFile: "/pid", logFile: "/log" };
  const end = ["--pid", "/pid", "--log-file", "/log", "--netns", "/ns"];
  assert.deepEqual(pastaArgv({ ...base, features: old }), [
    ...["p", "--config-net", "-t", "none", "-u", "none", "-T", "none", "-U", "none", "--no-map-gw", ...end],
  ]);
  const recent = pastaFeatures("--no-map-gw --dns-forward ADDR --map-guest-addr ADDR");
  const port = { host_ip: "127.0.0.1", host_port: 8080, container_port: 80, protocol: "tcp", range: 1 } as const;
  assert.deepEqual(pastaArgv({ ...base, features: recent, ports: [port], options: ["-T", "auto", "--map-gw"] }), [
    ...["p", "--config-net", "-T", "auto", "-t", "127.0.0.1/8080:80", "-u", "none", "-U", "none"],
    ...["--dns-forward", "169.254.1.1", "--map-guest-addr", "169.254.1.2", ...end],
  ]);
});

Deno.test("matchesNetworkFilters() knows name, id, driver and label", () => {
  const network = { ...podman, labels: { a: "1" } };
  assert.ok(matchesNetworkFilters(network, { name: ["pod"], driver: ["bridge"], label: ["a=1"], id: ["2f25"] }));
  assert.ok(!matchesNetworkFilters(network, { label: ["__proto__"] }));
  assert.throws(() => matchesNetworkFilters(network, { nosuch: ["x"] }), (error) => isKind(error, "invalidArgument"));
});

Deno.test("the host's subnets are read from the kernel's routing tables", () => {
  const v4 = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n" +
    "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\n" + "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\n";
  assert.deepEqual(subnetsV4(v4), ["192.0.2.0/24"]);
  const route =
    "00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001";
  const line = `fd0000000000000000000000000000a0 40 ${route} eth0`;
  assert.deepEqual(subnetsV6(`${line}\n`), ["fd00::/64"]);
});
