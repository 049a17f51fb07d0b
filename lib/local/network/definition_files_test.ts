import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import type { Network } from "../../engine/types/network.ts";
import { readDefinitions, removeDefinition, writeDefinition } from "./definition_files.ts";

const network: Network = {
  name: "one",
  id: "1".repeat(64),
  driver: "bridge",
  network_interface: "podman1",
  subnets: [{ subnet: "10.89.0.0/24", gateway: "10.89.0.1" }],
  ipv6_enabled: false,
  internal: false,
  dns_enabled: true,
};

function inDirectory(body: (directory: string) => void): void {
  const directory = Deno.makeTempDirSync();
  try {
    body(directory);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

const unexpected = (text: string) => assert.fail(text);

Deno.test("writeDefinition() makes a file that readDefinitions() gives back, and leaves no other", () =>
  inDirectory((directory) => {
    writeDefinition(`${directory}/networks`, network);
    assert.deepEqual(readdirSync(`${directory}/networks`), ["one.json"]);
    assert.deepEqual(readDefinitions(`${directory}/networks`, unexpected), [network]);
  }));

Deno.test("removeDefinition() leaves no network, and a missing directory has none", () =>
  inDirectory((directory) => {
    writeDefinition(directory, network);
    removeDefinition(directory, "one");
    assert.deepEqual(readDefinitions(directory, unexpected), []);
    assert.deepEqual(readDefinitions(`${directory}/none`, unexpected), []);
  }));

Deno.test("readDefinitions() skips and names files that are no definition or one of another name", () =>
  inDirectory((directory) => {
    writeDefinition(directory, network);
    writeFileSync(`${directory}/broken.json`, "{");
    writeFileSync(`${directory}/other.json`, JSON.stringify(network));
    writeFileSync(`${directory}/short.json`, JSON.stringify({ name: "short" }));
    writeFileSync(`${directory}/readme.txt`, "");
    const complaints: string[] = [];
    assert.deepEqual(readDefinitions(directory, (text) => complaints.push(text)), [network]);
    assert.deepEqual(complaints.map((text) => /"[^"]*\/(\w+)\.json"/.exec(text)?.[1]), ["broken", "other", "short"]);
  }));
