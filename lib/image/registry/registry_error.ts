import { EngineError, type ErrorKindName } from "../../errors.ts";

type RegistryProblem = { readonly code: string; readonly message: string };

/** What the distribution specification says about codes; a message that says no more than that is left out. */
const knownMessages: Readonly<Record<string, string>> = {
  DENIED: "requested access to the resource is denied",
  NAME_UNKNOWN: "repository name not known to registry",
  MANIFEST_UNKNOWN: "manifest unknown",
  BLOB_UNKNOWN: "blob unknown to registry",
};

const maximumErrorBody = 64 * 1024;

/** How a registry refused: `retry` tells whether the same request may succeed later, after `retryAfter` milliseconds. */
export class RegistryRefusal extends Error {
  override readonly name = "RegistryRefusal";
  readonly status: number;
  readonly retryAfter: number | undefined;

  constructor(message: string, options: { readonly status: number; readonly retryAfter?: number }) {
    super(message);
    this.status = options.status;
    this.retryAfter = options.retryAfter;
  }

  get retry(): boolean {
    return this.status === 429 || this.status === 408 || this.status >= 500;
  }
}

/** Turns an answer that is no success into an error; reads and ends its body. `what` is the failed action. */
export async function registryError(what: string, response: Response): Promise<EngineError> {
  const body = await readErrorBody(response);
  const problems = parseProblems(body);
  const reason = reasonFor(response, { problems, body });
  const refusal = { status: response.status, retryAfter: retryAfterOf(response) };
  return new EngineError(kindFor(response.status), `${what}: ${reason}`, {
    cause: new RegistryRefusal(reason, refusal),
  });
}

/** Reads at most 64 KiB of a body that is only for people. */
export async function readErrorBody(response: Response): Promise<string> {
  if (response.body === null) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= maximumErrorBody) break;
    }
  } catch {
    // The status alone has to do.
  }
  return new TextDecoder().decode(await new Blob(chunks.map((chunk) => new Uint8Array(chunk))).arrayBuffer());
}

function reasonFor(
  response: Response,
  { problems, body }: { readonly problems: readonly RegistryProblem[]; readonly body: string },
): string {
  if (problems.length > 0) return problems.map(formatProblem).join("; ");
  if (response.status === 401) return "unauthorized: authentication required";
  if (response.status === 403) return "denied";
  if (response.status === 429) return "toomanyrequests: too many requests to registry";
  if (response.status >= 500) return `received unexpected HTTP status: ${statusLine(response)}`;
  const excerpt = oneLine(body);
  return excerpt === "" ? `StatusCode: ${response.status}` : `StatusCode: ${response.status}, ${excerpt}`;
}

function parseProblems(body: string): readonly RegistryProblem[] {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return [];
  }
  const errors = typeof value === "object" && value !== null && "errors" in value ? value.errors : undefined;
  return Array.isArray(errors) ? errors.flatMap(readProblem).slice(0, 5) : [];
}

function readProblem(value: unknown): readonly RegistryProblem[] {
  if (typeof value !== "object" || value === null || !("code" in value) || typeof value.code !== "string") return [];
  const message = "message" in value && typeof value.message === "string" ? value.message : "";
  return [{ code: value.code, message: oneLine(message) }];
}

function formatProblem({ code, message }: RegistryProblem): string {
  const words = oneLine(code).toLowerCase().replaceAll("_", " ");
  const saysMore = message !== "" && message.toLowerCase() !== words && knownMessages[code] !== message;
  return saysMore ? `${words}: ${message}` : words;
}

/** What a server says goes to a terminal: no control characters, and not too much. */
function oneLine(text: string): string {
  // deno-lint-ignore no-control-regex -- removing them is the point
  return text.replace(/[\x00-\x1f\x7f-\x9f]+/g, " ").trim().slice(0, 300);
}

function statusLine(response: Response): string {
  return `${response.status} ${response.statusText || statusTexts[response.status] || ""}`.trim();
}

const statusTexts: Readonly<Record<number, string>> = {
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

function kindFor(status: number): ErrorKindName {
  if (status === 401) return "unauthorized";
  if (status === 403) return "permission";
  return status === 404 ? "noSuchImage" : "registry";
}

function retryAfterOf(response: Response): number | undefined {
  const value = response.headers.get("retry-after");
  return value !== null && /^\d{1,4}$/.test(value) ? Number(value) * 1000 : undefined;
}
