/** An instant with the text it came as, RFC 3339: time.Time of templates. */
export class GoTime {
  constructor(readonly rfc3339: string) {}
}
