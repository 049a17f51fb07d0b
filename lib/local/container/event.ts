import type { Container } from "../../engine/container.ts";
import type { Local } from "../context.ts";

export type ContainerHappening = {
  readonly container: Container;
  /** Podman's word, such as `died`. */
  readonly action: string;
  readonly attributes?: Readonly<Record<string, string>>;
};

/** Writes down an event of a container; to be called within the transaction of what happened. */
export function containerEvent(local: Local, { container, action, attributes }: ContainerHappening): void {
  const image = container.image?.name ?? "";
  local.event({
    status: action,
    id: container.id,
    from: image,
    Type: "container",
    Action: action,
    Actor: { ID: container.id, Attributes: { image, name: container.name, ...container.labels, ...attributes } },
  });
}
