export type DockerRegistryOptions = {
  /** A line of an htpasswd file. */
  readonly htpasswd?: string;
  readonly tls?: { readonly cert: string; readonly key: string };
};

/** Debian's docker-registry on a free port of loopback, with a directory of its own. */
export class DockerRegistry implements AsyncDisposable {
  readonly host: string;
  readonly #child: Deno.ChildProcess;
  readonly #directory: string;
  readonly #log: Promise<void>;

  private constructor(host: string, parts: { child: Deno.ChildProcess; directory: string; log: Promise<void> }) {
    this.host = host;
    this.#child = parts.child;
    this.#directory = parts.directory;
    this.#log = parts.log;
  }

  /** Throws, naming the package, where the program is missing. */
  static async start(options: DockerRegistryOptions = {}): Promise<DockerRegistry> {
    const directory = await Deno.makeTempDir({ prefix: "registry-" });
    await writeConfig(directory, options);
    const child = spawn(directory);
    const listening = Promise.withResolvers<string>();
    const log = readLog(child.stderr, listening);
    return new DockerRegistry(await listening.promise, { child, directory, log });
  }

  /** Copies an image from another transport into the registry. */
  async push(source: string, name: string, options: { readonly flags?: readonly string[] } = {}): Promise<void> {
    const target = `docker://${this.host}/${name}`;
    const flags = ["-q", "--dest-tls-verify=false", ...options.flags ?? []];
    await runTool("skopeo", ["--insecure-policy", "copy", ...flags, source, target]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#child.status;
    await this.#log;
    await Deno.remove(this.#directory, { recursive: true });
  }
}

/** Runs a program of the host; throws with what it said, or with the package that has it. */
export async function runTool(program: string, args: readonly string[]): Promise<string> {
  let output: Deno.CommandOutput;
  try {
    // deno-lint-ignore beluga/no-command -- a tool of tests alone
    output = await new Deno.Command(program, { args: [...args] }).output();
  } catch (cause) {
    throw new Error(`this test needs ${program}: apt-get install ${program}`, { cause });
  }
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!output.success) throw new Error(`${program} ${args.join(" ")}: ${text(output.stderr)}`);
  return text(output.stdout);
}

async function writeConfig(directory: string, options: DockerRegistryOptions): Promise<void> {
  const write = (name: string, text: string) => Deno.writeTextFile(`${directory}/${name}`, text);
  const lines = [
    "version: 0.1",
    "log: {level: info, formatter: json}",
    `storage: {filesystem: {rootdirectory: ${directory}/data}}`,
  ];
  if (options.htpasswd !== undefined) {
    await write("htpasswd", `${options.htpasswd}\n`);
    lines.push(`auth: {htpasswd: {realm: test, path: ${directory}/htpasswd}}`);
  }
  let tls = "";
  if (options.tls !== undefined) {
    await write("cert.pem", options.tls.cert);
    await write("key.pem", options.tls.key);
    tls = `, tls: {certificate: ${directory}/cert.pem, key: ${directory}/key.pem}`;
  }
  lines.push(`http: {addr: "127.0.0.1:0"${tls}}`);
  await write("config.yml", lines.join("\n"));
}

function spawn(directory: string): Deno.ChildProcess {
  try {
    const args = ["serve", `${directory}/config.yml`];
    // deno-lint-ignore beluga/no-command -- a tool of tests alone
    return new Deno.Command("docker-registry", {
      args,
      stdout: "null",
      stderr: "piped",
      env: { OTEL_TRACES_EXPORTER: "none" },
    })
      .spawn();
  } catch (cause) {
    throw new Error("this test needs docker-registry: apt-get install docker-registry", { cause });
  }
}

/** It says where it listens; everything else is read so that it never waits for us. */
async function readLog(
  stderr: ReadableStream<Uint8Array<ArrayBuffer>>,
  listening: PromiseWithResolvers<string>,
): Promise<void> {
  const lines: string[] = [];
  for await (const line of linesOf(stderr)) {
    lines.push(line);
    const [, host] = /listening on (127\.0\.0\.1:\d+)/.exec(line) ?? [];
    if (host !== undefined) listening.resolve(host);
  }
  listening.reject(new Error(`docker-registry ended: ${lines.slice(-5).join("\n")}`));
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
