/** RFC 3339 with nine digits, as libpod writes times. */
export function timestamp(milliseconds: number = Date.now()): string {
  return new Date(milliseconds).toISOString().replace("Z", "000000Z");
}
