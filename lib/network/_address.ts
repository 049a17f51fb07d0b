/** Addresses and subnets as numbers, both families (pure). */

export type Address = { readonly family: 4 | 6; readonly value: bigint };

export type Cidr = { readonly family: 4 | 6; readonly base: bigint; readonly prefix: number };

const bits = { 4: 32, 6: 128 } as const;

/** `undefined` for what is no address. An IPv6 zone is refused. */
export function parseAddress(text: string): Address | undefined {
  return text.includes(":") ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): Address | undefined {
  const words = text.split(".");
  if (words.length !== 4 || !words.every((word) => /^(0|[1-9]\d{0,2})$/.test(word) && Number(word) < 256)) {
    return undefined;
  }
  return { family: 4, value: words.reduce((sum, word) => sum * 256n + BigInt(word), 0n) };
}

function parseV6(text: string): Address | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = groups(halves[0] ?? "");
  const tail = groups(halves[1] ?? "");
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return { family: 6, value: all.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n) };
}

/** Groups of 16 bits; the last may be written as an IPv4 address. */
function groups(text: string): number[] | undefined {
  if (text === "") return [];
  const found: number[] = [];
  const words = text.split(":");
  for (const [index, word] of words.entries()) {
    const dotted = index === words.length - 1 && word.includes(".") ? parseV4(word) : undefined;
    if (dotted !== undefined) found.push(Number(dotted.value >> 16n), Number(dotted.value & 0xffffn));
    else if (/^[0-9a-f]{1,4}$/i.test(word)) found.push(Number.parseInt(word, 16));
    else return undefined;
  }
  return found;
}

/** In canonical form (RFC 5952 for IPv6). */
export function formatAddress(address: Address): string {
  if (address.family === 4) {
    return [24n, 16n, 8n, 0n].map((shift) => String((address.value >> shift) & 0xffn)).join(".");
  }
  const words = Array.from(
    { length: 8 },
    (_, index) => ((address.value >> BigInt(112 - index * 16)) & 0xffffn).toString(16),
  );
  const zeros = longestZeros(words);
  if (zeros.length < 2) return words.join(":");
  return `${words.slice(0, zeros.start).join(":")}::${words.slice(zeros.start + zeros.length).join(":")}`;
}

function longestZeros(words: readonly string[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, word] of words.entries()) {
    if (word !== "0") start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  return best;
}

function hostBits(cidr: Pick<Cidr, "family" | "prefix">): bigint {
  return BigInt(bits[cidr.family] - cidr.prefix);
}

/** `ADDRESS/PREFIX`, host bits cleared. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.lastIndexOf("/");
  const address = parseAddress(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (slash < 0 || address === undefined || !/^\d{1,3}$/.test(length)) return undefined;
  const prefix = Number(length);
  if (prefix > bits[address.family]) return undefined;
  const shift = hostBits({ family: address.family, prefix });
  return { family: address.family, base: (address.value >> shift) << shift, prefix };
}

export function formatCidr(cidr: Cidr): string {
  return `${formatAddress({ family: cidr.family, value: cidr.base })}/${cidr.prefix}`;
}

/** The last address; in IPv4 the broadcast address. */
export function lastOf(cidr: Cidr): bigint {
  return cidr.base + (1n << hostBits(cidr)) - 1n;
}

export function contains(cidr: Cidr, address: Address): boolean {
  return cidr.family === address.family && address.value >= cidr.base && address.value <= lastOf(cidr);
}

export function overlaps(first: Cidr, second: Cidr): boolean {
  return first.family === second.family && first.base <= lastOf(second) && second.base <= lastOf(first);
}

/** The subnet of the same size that follows, `undefined` after the last address there is. */
export function nextCidr(cidr: Cidr): Cidr | undefined {
  const base = lastOf(cidr) + 1n;
  return base >> BigInt(bits[cidr.family]) === 0n ? { ...cidr, base } : undefined;
}
