import { memoryEngine, memoryImage } from "../support/memory_engine.ts";
import { tcpService, unixService } from "../support/service.ts";
import { engineContract } from "./engine/mod.ts";

engineContract(
  "in memory",
  () => Promise.resolve({ engine: memoryEngine(), image: memoryImage, [Symbol.asyncDispose]: () => Promise.resolve() }),
);

engineContract("over a unix socket", async () => {
  const service = await unixService(memoryEngine());
  return { engine: service.remote, image: memoryImage, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
});

engineContract("over TCP", async () => {
  const service = await tcpService(memoryEngine());
  return { engine: service.remote, image: memoryImage, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
});
