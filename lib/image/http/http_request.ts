/** One exchange to make. `body` is text; the answer is a `Response`. */
export type HttpRequest = {
  readonly method: "GET" | "HEAD" | "POST";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
};
