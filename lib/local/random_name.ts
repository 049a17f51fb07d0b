/** 64 random hexadecimal digits, as containers, sessions and anonymous volumes are named. */
export function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
