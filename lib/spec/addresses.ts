/** Internet addresses as text. Only their form is looked at. */

/** Whether `text` is an IPv4 address in dotted form. */
export function isIPv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** Whether `text` is an IPv6 address, with `::` and a dotted end allowed, without zone or brackets. */
export function isIPv6(text: string): boolean {
  const [head = "", tail, more] = text.split("::");
  if (more !== undefined || text === "") return false;
  const groups = (part: string) => part === "" ? [] : part.split(":");
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const last = (tail === undefined ? before : after).at(-1) ?? "";
  const dotted = last.includes(".");
  const all = [...before, ...after];
  const plain = dotted ? all.slice(0, -1) : all;
  if (dotted && !isIPv4(last)) return false;
  if (!plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  const count = plain.length + (dotted ? 2 : 0);
  return tail === undefined ? count === 8 : count < 8;
}

export function isAddress(text: string): boolean {
  return isIPv4(text) || isIPv6(text);
}

/** Whether `text` is six pairs of hexadecimal digits with `:` or `-` between. */
export function isMac(text: string): boolean {
  return /^[0-9a-fA-F]{2}([:-])[0-9a-fA-F]{2}(\1[0-9a-fA-F]{2}){4}$/.test(text);
}
