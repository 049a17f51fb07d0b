import type { RemoveNetworkInput } from "../../engine/networks.ts";
import type { NetworkRmReport } from "../../engine/types/network.ts";
import { EngineError } from "../../errors.ts";
import type { Local } from "../context.ts";
import { dropNetwork, getNetwork, networkConfig, networkUsers } from "./definitions.ts";

/** Removes a definition; one in use only with `force`, and then with its containers. */
export async function removeNetwork(local: Local, input: RemoveNetworkInput): Promise<readonly NetworkRmReport[]> {
  const network = await getNetwork(local, input.name);
  if (network.name === networkConfig(local).defaultNetwork) {
    throw new EngineError("invalidArgument", `default network ${network.name} cannot be removed`);
  }
  const users = networkUsers(local, network.name);
  if (users.length > 0 && !input.force) {
    const message =
      `"${network.name}" has associated containers with it. Use -f to forcibly delete containers and pods: network is being used`;
    throw new EngineError("networkInUse", message);
  }
  for (const id of users) {
    const { removeContainer } = await import("../container/remove.ts");
    await removeContainer(local, { name: id, force: true, ignore: true, timeout: input.timeout });
  }
  using _lock = await local.lock("networks");
  local.state.transaction(() => {
    dropNetwork(local, network);
    local.event({ Type: "network", Action: "remove", Actor: { ID: network.id, Attributes: { name: network.name } } });
  });
  return [{ Name: network.name, Err: null }];
}
