import { isSysError } from "../sys/errno.ts";
import { readSmallFile } from "../sys/fd.ts";
import { formatCidr, parseCidr } from "./_address.ts";

/** Names of the host's interfaces. */
export function hostInterfaces(): readonly string[] {
  return [...Deno.readDirSync("/sys/class/net")].map((entry) => entry.name);
}

/** Subnets that the host routes: a new network must not overlap them. */
export function hostSubnets(): readonly string[] {
  return [...subnetsV4(read("/proc/net/route")), ...subnetsV6(read("/proc/net/ipv6_route"))];
}

function read(path: string): string {
  try {
    return readSmallFile(path);
  } catch (error) {
    // A kernel without IPv6.
    if (isSysError(error, "ENOENT")) return "";
    throw error;
  }
}

/** /proc/net/route: interface, destination, gateway, flags, …, mask at 7; numbers in the host's byte order. */
export function subnetsV4(text: string): readonly string[] {
  const found: string[] = [];
  for (const line of text.split("\n").slice(1)) {
    const words = line.split("\t");
    const [destination, mask] = [words[1], words[7]];
    if (destination === undefined || mask === undefined || destination === "00000000") continue;
    const prefix = [...Number.parseInt(mask, 16).toString(2)].filter((bit) => bit === "1").length;
    const bytes = destination.match(/../g)?.map((pair) => Number.parseInt(pair, 16)).reverse() ?? [];
    found.push(`${bytes.join(".")}/${prefix}`);
  }
  return found;
}

/** /proc/net/ipv6_route: destination and prefix length come first, in hexadecimal; the interface last. */
export function subnetsV6(text: string): readonly string[] {
  const found: string[] = [];
  for (const line of text.split("\n")) {
    const words = line.trim().split(/\s+/);
    const prefix = Number.parseInt(words[1] ?? "", 16);
    if (words.length < 10 || prefix === 0 || prefix === 128 || words.at(-1) === "lo") continue;
    const cidr = parseCidr(`${(words[0] ?? "").match(/.{4}/g)?.join(":")}/${prefix}`);
    // Link-local and multicast are on every interface.
    if (cidr !== undefined && cidr.base >> 120n !== 0xfen && cidr.base >> 120n !== 0xffn) found.push(formatCidr(cidr));
  }
  return found;
}
