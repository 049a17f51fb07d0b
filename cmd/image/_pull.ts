/** Pulls one image for `pull`, `run` and `create`, showing how far it is. */

import { EngineError } from "../../lib/errors.ts";
import type { Credentials, PullImageInput, PullPolicy } from "../../lib/engine/mod.ts";
import type { CommandContext } from "../command.ts";
import type { Io } from "../io.ts";
import { pullProgress } from "./_progress.ts";

/** The image's id. Reads the flags that all pulling commands have. */
export async function pullImage(
  context: CommandContext,
  reference: string,
  { policy, allTags = false }: { readonly policy: PullPolicy; readonly allTags?: boolean },
): Promise<string> {
  const { engine, flags, io, signal } = context;
  const quiet = flags.on("quiet");
  const input = await pullInput(context, reference, { policy, allTags, quiet });
  const progress = pullProgress(io.stderr, { quiet });
  let id = "";
  for await (const event of engine.images.pull(input, signal)) {
    progress.show(event);
    if (event.error !== undefined && event.error !== "") throw new EngineError("registry", event.error);
    if (event.id !== undefined) id = event.id;
  }
  progress.end();
  return id;
}

async function pullInput(
  { flags, io }: CommandContext,
  reference: string,
  input: { readonly policy: PullPolicy; readonly allTags: boolean; readonly quiet: boolean },
): Promise<PullImageInput> {
  const text = (name: string, key: string) => flags.text(name) === "" ? {} : { [key]: flags.text(name) };
  return {
    reference,
    ...input,
    ...platform(flags.text("platform")),
    ...text("os", "os"),
    ...text("arch", "arch"),
    ...text("variant", "variant"),
    ...text("authfile", "authfile"),
    ...text("cert-dir", "certDir"),
    ...text("retry-delay", "retryDelay"),
    ...(flags.given("retry") ? { retry: flags.number("retry") } : {}),
    ...(flags.given("tls-verify") ? { tlsVerify: flags.on("tls-verify") } : {}),
    ...(flags.text("creds") === "" ? {} : { credentials: await credentials(io, flags.text("creds")) }),
  };
}

/** `OS/ARCH[/VARIANT]`. */
function platform(text: string): { os?: string; arch?: string; variant?: string } {
  if (text === "") return {};
  const [os, arch, variant, more] = text.split("/");
  if (!os || more !== undefined) {
    throw new EngineError(
      "usage",
      `invalid platform syntax for --platform=${JSON.stringify(text)}: use OS/ARCH[/VARIANT]`,
    );
  }
  return { os, ...(arch ? { arch } : {}), ...(variant ? { variant } : {}) };
}

/** `USER:PASSWORD`; a password that is not there is asked for. */
async function credentials(io: Io, text: string): Promise<Credentials> {
  const colon = text.indexOf(":");
  if (colon < 0) {
    const { readSecret } = await import("../read_secret.ts");
    return { username: text, password: await readSecret(io, "Password: ") };
  }
  if (colon === 0) throw new EngineError("usage", "read --creds: username cannot be empty");
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
