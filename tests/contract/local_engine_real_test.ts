/** The contract on the engine of this machine: in this process, and behind a service. Needs root, a runtime and conmon. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { loadConfig } from "../../lib/config/load_config.ts";
import type { ConfigInput } from "../../lib/config/config.ts";
import type { Engine } from "../../lib/engine/mod.ts";
import { localEngine } from "../../lib/local/mod.ts";
import { box, boxImage, dockerArchive } from "../support/images.ts";
import { unixService } from "../support/service.ts";
import { engineContract } from "./engine/mod.ts";
import type { Subject } from "./engine/mod.ts";

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

const environment = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };

const host: ConfigInput = {
  env: environment,
  uid: 0,
  home: "/root",
  files: {
    read: (path) => orNull(() => readFileSync(path, "utf8")),
    list: (path) => orNull(() => readdirSync(path)) ?? [],
    owner: (path) => orNull(() => statSync(path).uid),
  },
};

type Local = { readonly engine: Engine; readonly end: () => Promise<void> };

async function openLocal(): Promise<Local> {
  const place = mkdtempSync("/tmp/bc-");
  const overrides = { root: `${place}/root`, runRoot: `${place}/run` };
  const config = await loadConfig({ ...host, overrides });
  const engine = localEngine({
    config,
    configInput: host,
    self: ["/bin/false"],
    env: environment,
    attends: true,
    log: () => {},
  });
  await engine.images.load({ archive: new Blob([dockerArchive(boxImage())]).stream() });
  const end = async () => {
    for (const { Id } of await engine.containers.list({ all: true })) {
      await engine.containers.remove({ name: Id, force: true, ignore: true, depend: true, volumes: true, timeout: 0 });
    }
    rmSync(place, { recursive: true });
  };
  return { engine, end };
}

engineContract("on this machine", async (): Promise<Subject> => {
  const { engine, end } = await openLocal();
  return { engine, image: box, [Symbol.asyncDispose]: end };
});

engineContract("on this machine, over a unix socket", async (): Promise<Subject> => {
  const { engine, end } = await openLocal();
  const service = await unixService(engine);
  const close = async () => {
    await service[Symbol.asyncDispose]();
    await end();
  };
  return { engine: service.remote, image: box, [Symbol.asyncDispose]: close };
});
