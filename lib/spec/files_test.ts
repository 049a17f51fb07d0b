import assert from "node:assert/strict";
import { containerEnvFile, groupFile, hostsFile, passwdFile, resolvConf } from "./files.ts";

const hosts = {
  base: "127.0.0.1\tlocalhost",
  hostname: "abc",
  name: "web",
  addresses: ["10.88.0.5/16"],
  extra: ["a;b:1.2.3.4", "gw:host-gateway"],
  hostAddress: "10.88.0.1",
  hostNetwork: false,
};

Deno.test("hostsFile() has the base, given names, the host and the container itself", () => {
  assert.equal(
    hostsFile(hosts),
    "127.0.0.1\tlocalhost\n1.2.3.4\ta b\n10.88.0.1\tgw\n" +
      "10.88.0.1\thost.containers.internal host.docker.internal\n10.88.0.5\tabc web\n",
  );
});

Deno.test("hostsFile() without addresses names the container on loopback, but not in the host's network", () => {
  const alone = { ...hosts, addresses: [], extra: [], hostAddress: null };
  assert.equal(hostsFile(alone), "127.0.0.1\tlocalhost\n127.0.0.1\tabc web\n");
  assert.equal(hostsFile({ ...alone, hostNetwork: true }), "127.0.0.1\tlocalhost\n");
});

const resolv = {
  host: "# c\nnameserver 127.0.0.53\nnameserver 9.9.9.9\nnameserver fe80::1%eth0\nsearch a b\noptions edns0\n",
  servers: [],
  search: [],
  options: [],
  networkServers: [],
  networkSearch: [],
  hostNetwork: false,
  ipv6: false,
};

Deno.test("resolvConf() leaves out what a container cannot reach", () => {
  assert.equal(resolvConf(resolv), "search a b\nnameserver 9.9.9.9\noptions edns0\n");
  assert.match(resolvConf({ ...resolv, hostNetwork: true }), /127\.0\.0\.53/);
  assert.match(resolvConf({ ...resolv, host: "nameserver 127.0.0.1" }), /^nameserver 8\.8\.8\.8$/m);
});

Deno.test("resolvConf() asks the networks' own servers first, and takes given words over the host's", () => {
  const given = { ...resolv, servers: ["1.1.1.1"], search: ["."], options: ["ndots:2"] };
  assert.equal(resolvConf(given), "nameserver 1.1.1.1\noptions ndots:2\n");
  const named = { ...given, networkServers: ["10.89.0.1"], networkSearch: ["dns.podman"], search: [] };
  assert.equal(resolvConf(named), "search dns.podman a b\nnameserver 10.89.0.1\noptions ndots:2\n");
});

Deno.test("containerEnvFile() tells only privileged containers who they are", () => {
  const input = { version: "5", name: "n", id: "i", image: "im", imageId: "x", rootless: true };
  assert.equal(containerEnvFile({ ...input, privileged: false }), "");
  assert.equal(
    containerEnvFile({ ...input, privileged: true }),
    'engine="podman-5"\nname="n"\nid="i"\nimage="im"\nimageid="x"\nrootless=1\n',
  );
});

Deno.test("passwdFile() and groupFile() add what is missing and nothing else", () => {
  const user = { text: "root:x:0:0::/root:/bin/sh", uid: 12, gid: 13, username: "", cwd: "/a:b\nc" };
  assert.equal(passwdFile(user), `${user.text}\n12:*:12:13:container user:/a_b_c:/bin/sh\n`);
  assert.equal(passwdFile({ ...user, username: "app" }), null);
  const kept = passwdFile({ ...user, hostUser: { name: "me", home: "/home/me" } });
  assert.match(kept ?? "", /^me:\*:12:13:container user:\/home\/me:\/bin\/sh$/m);
  assert.equal(groupFile("root:x:0:\n", { gid: 13, username: "me" }), "root:x:0:\n13:x:13:me\n");
  assert.equal(groupFile("g:x:13:\n", { gid: 13, username: "me" }), null);
});
