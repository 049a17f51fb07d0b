import type { TestImage } from "./_test_image.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A request as the registry saw it. */
export type Seen = { readonly path: string; readonly search: string; readonly headers: Headers; readonly body: string };

/** What to do with a request instead of answering it well; `undefined`: answer it well. */
export type Fault = (request: Seen, count: number) => Response | Promise<Response> | undefined;

export type FakeRegistryOptions = {
  readonly fault?: Fault;
  readonly tls?: { readonly cert: string; readonly key: string };
};

/** A registry on loopback for the ways in which registries fail. */
export class FakeRegistry implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #blobs = new Map<string, Bytes>();
  readonly #manifests = new Map<string, { readonly bytes: Bytes; readonly type: string }>();
  readonly #counts = new Map<string, number>();
  readonly seen: Seen[] = [];
  fault: Fault | undefined;

  constructor(options: FakeRegistryOptions = {}) {
    this.fault = options.fault;
    const quiet = {
      hostname: "127.0.0.1",
      port: 0,
      onListen: () => {},
      onError: () => new Response("", { status: 500 }),
    };
    this.#server = Deno.serve({ ...quiet, ...options.tls }, (request) => this.#handle(request));
  }

  /** `127.0.0.1:PORT`. */
  get host(): string {
    return `127.0.0.1:${this.#server.addr.port}`;
  }

  add(image: TestImage, ...names: readonly string[]): void {
    for (const [digest, blob] of image.blobs) this.#blobs.set(digest, blob);
    for (const name of [image.digest, ...names]) this.addManifest(name, image.manifest, { type: image.manifestType });
  }

  addManifest(name: string, bytes: Bytes, options: { readonly type: string }): void {
    this.#manifests.set(name, { bytes, type: options.type });
  }

  addBlob(digest: string, bytes: Bytes): void {
    this.#blobs.set(digest, bytes);
  }

  blob(digest: string): Bytes {
    return this.#blobs.get(digest) ?? new Uint8Array();
  }

  /** Requests whose path has `part`. */
  requests(part: string): readonly Seen[] {
    return this.seen.filter((one) => one.path.includes(part));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #handle(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const seen = { path: pathname, search, headers: request.headers, body: await request.text() };
    this.seen.push(seen);
    const count = (this.#counts.get(pathname) ?? 0) + 1;
    this.#counts.set(pathname, count);
    return await this.fault?.(seen, count) ?? this.#answer(seen);
  }

  #answer({ path, headers }: Seen): Response {
    if (path === "/v2/") return Response.json({});
    const [, kind = "", name = ""] = /\/(manifests|blobs|tags)\/([^/]+)$/.exec(path) ?? [];
    if (kind === "manifests") return this.#manifest(name);
    return kind === "blobs" ? this.#blob(name, headers) : refusal(404, "UNSUPPORTED", "no such place");
  }

  #manifest(name: string): Response {
    const found = this.#manifests.get(name);
    if (found === undefined) return refusal(404, "MANIFEST_UNKNOWN", "manifest unknown");
    return new Response(found.bytes, { headers: { "content-type": found.type } });
  }

  #blob(digest: string, headers: Headers): Response {
    const blob = this.#blobs.get(digest);
    if (blob === undefined) return refusal(404, "BLOB_UNKNOWN", "blob unknown to registry");
    const [, from] = /^bytes=(\d+)-$/.exec(headers.get("range") ?? "") ?? [];
    if (from === undefined) return new Response(blob);
    return rangeResponse(blob, Number(from));
  }
}

/** `206` with the rest of `blob`. */
export function rangeResponse(blob: Bytes, from: number): Response {
  const headers = { "content-range": `bytes ${from}-${blob.length - 1}/${blob.length}` };
  return new Response(blob.subarray(from), { status: 206, headers });
}

// deno-lint-ignore beluga/max-parameters -- reads like the answer that it makes
export function refusal(status: number, code: string, message: string): Response {
  return Response.json({ errors: [{ code, message }] }, { status });
}

/** Sends `bytes`, then breaks the connection. */
export function brokenBody(
  bytes: Bytes,
  options: { readonly length?: number; readonly status?: number } = {},
): Response {
  let isSent = false;
  const body = new ReadableStream({
    pull(controller) {
      if (isSent) return controller.error(new Error("broken on purpose"));
      controller.enqueue(bytes);
      isSent = true;
    },
  });
  const headers: Record<string, string> = options.length === undefined ? {} : { "content-length": `${options.length}` };
  return new Response(body, { status: options.status ?? 200, headers });
}
