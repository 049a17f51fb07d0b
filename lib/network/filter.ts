import { EngineError } from "../errors.ts";
import type { Network } from "../engine/types/network.ts";

/**
 * True if the network meets all filters: `name` and `id` by regular expression or beginning, `driver`, `label`
 * (`KEY` or `KEY=VALUE`), `dangling` is the caller's (it knows the containers). Error: `invalidArgument`.
 */
export function matchesNetworkFilters(
  network: Network,
  filters: Readonly<Record<string, readonly string[]>>,
): boolean {
  return Object.entries(filters).every((filter) => matches(network, filter));
}

function matches(network: Network, [key, values]: readonly [string, readonly string[]]): boolean {
  switch (key) {
    case "name":
      return values.some((value) => pattern(value).test(network.name));
    case "id":
      return values.some((value) => pattern(`^${value}`).test(network.id));
    case "driver":
      return values.includes(network.driver);
    case "label":
      return values.every((value) => hasLabel(network, value));
    case "label!":
      return !values.every((value) => hasLabel(network, value));
    case "dangling":
      return true;
    case "until":
      return values.every((value) => Date.parse(network.created ?? "") < Date.parse(value));
    default:
      throw new EngineError("invalidArgument", `invalid filter "${key}"`);
  }
}

function hasLabel(network: Network, wanted: string): boolean {
  const equals = wanted.indexOf("=");
  const key = equals < 0 ? wanted : wanted.slice(0, equals);
  const labels = network.labels ?? {};
  if (!Object.hasOwn(labels, key)) return false;
  return equals < 0 || labels[key] === wanted.slice(equals + 1);
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new EngineError("invalidArgument", `invalid filter pattern "${text}"`, { cause: error });
  }
}
