import type { Local } from "../context.ts";

/** Writes down an event of an image; to be called within the transaction of what happened. */
export function imageEvent(
  local: Local,
  { id, action, name }: { readonly id: string; readonly action: string; readonly name: string },
): void {
  local.event({ status: action, id, Type: "image", Action: action, Actor: { ID: id, Attributes: { name } } });
}
