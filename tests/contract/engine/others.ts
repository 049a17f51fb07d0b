/** What every engine must do with volumes, networks and itself. */

import assert from "node:assert/strict";
import { created, fails, lastOf, type Suite } from "./subject.ts";

export const volumeSuite: Suite = {
  "a volume is made, listed and removed": async ({ engine: { volumes } }) => {
    const made = await volumes.create({ options: { Name: "data", Labels: { a: "b" } } });
    assert.deepEqual([made.Name, made.Driver, made.Labels], ["data", "local", { a: "b" }]);
    assert.deepEqual((await volumes.list({})).map(({ Name }) => Name), ["data"]);
    assert.equal((await volumes.inspect({ name: "data" })).Mountpoint, made.Mountpoint);
    await volumes.remove({ name: "data" });
    assert.equal(await volumes.exists({ name: "data" }), false);
  },

  "create() refuses a volume's name in use unless told to ignore it": async ({ engine: { volumes } }) => {
    await volumes.create({ options: { Name: "data" } });
    await fails("volumeExists", () => volumes.create({ options: { Name: "data" } }));
    await volumes.create({ options: { Name: "data", IgnoreIfExists: true } });
  },

  "a volume that nobody knows is refused": async ({ engine: { volumes } }) => {
    await fails("noSuchVolume", () => volumes.inspect({ name: "absent" }));
    await fails("noSuchVolume", () => volumes.remove({ name: "absent" }));
  },
};

export const networkSuite: Suite = {
  "a network is made, listed and removed": async ({ engine: { networks } }) => {
    const made = await networks.create({ network: { name: "contract-net", labels: { a: "b" } } });
    assert.match(made.id, /^[0-9a-f]{64}$/);
    assert.equal(made.driver, "bridge");
    assert.ok((await networks.list({})).some(({ id }) => id === made.id));
    assert.deepEqual((await networks.inspect({ name: "contract-net" })).containers, {});
    assert.deepEqual(await networks.remove({ name: "contract-net" }), [{ Name: "contract-net", Err: null }]);
    assert.equal(await networks.exists({ name: "contract-net" }), false);
  },

  "create() refuses a network's name in use": async ({ engine: { networks } }) => {
    await networks.create({ network: { name: "contract-net" } });
    await fails("networkExists", () => networks.create({ network: { name: "contract-net" } }));
    await networks.remove({ name: "contract-net" });
  },

  "a network that nobody knows is refused": async ({ engine: { networks } }) => {
    await fails("noSuchNetwork", () => networks.inspect({ name: "absent" }));
    await fails("noSuchNetwork", () => networks.remove({ name: "absent" }));
  },
};

export const systemSuite: Suite = {
  "info() and version() name the same engine": async ({ engine: { system } }) => {
    const { Server } = await system.version({});
    assert.ok(Server !== undefined && Server.Version !== "");
    assert.equal((await system.info({})).version.Version, Server.Version);
    await system.ping({});
  },

  "events() of the past tell of a container": async (subject) => {
    const id = await created(subject, ["true"]);
    const seen: string[] = [];
    for await (const { Actor, Action } of subject.engine.system.events({ stream: false, since: "1h" })) {
      if (Actor.ID === id) seen.push(Action);
    }
    assert.deepEqual(seen, ["create"]);
  },

  "events() end when their signal aborts": async ({ engine: { system } }) => {
    const stop = new AbortController();
    const watching = lastOf(system.events({}, stop.signal)).catch(() => {});
    stop.abort();
    await watching;
  },
};
