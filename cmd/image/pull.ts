/** `pull`: fetches images. */

import { EngineError } from "../../lib/errors.ts";
import type { PullPolicy } from "../../lib/engine/mod.ts";
import type { Command, CommandContext } from "../command.ts";
import { pullImage } from "./_pull.ts";

export const command: Command = {
  path: "image pull",
  summary: "Fetch images from a registry or another transport",
  description:
    "An image is named NAME[:TAG|@DIGEST], or by its transport: docker://, docker-archive:, oci-archive:, oci:, dir:.",
  examples: ["pull alpine", "pull docker-archive:/tmp/image.tar", "pull --tls-verify=false localhost:5000/app"],
  args: { text: "[options] IMAGE [IMAGE...]", min: 1, max: null },
  flags: [
    { name: "all-tags", type: "bool", short: "a", text: "Pull every tag of the repository" },
    {
      name: "arch",
      type: "string",
      aliases: ["override-arch"],
      value: "ARCH",
      text: "Choose the image for this architecture",
    },
    { name: "authfile", type: "string", value: "FILE", text: "File with credentials for registries" },
    {
      name: "cert-dir",
      type: "string",
      remote: false,
      value: "DIRECTORY",
      text: "Directory with certificates for the registry",
    },
    { name: "creds", type: "string", value: "USER[:PASSWORD]", text: "User name and password for the registry" },
    { name: "disable-content-trust", type: "bool", text: "Accepted for Docker's sake; does nothing" },
    {
      name: "os",
      type: "string",
      aliases: ["override-os"],
      value: "OS",
      text: "Choose the image for this operating system",
    },
    { name: "platform", type: "string", value: "PLATFORM", text: "Choose the image for OS/ARCH[/VARIANT]" },
    {
      name: "policy",
      type: "string",
      default: "always",
      value: "POLICY",
      text: "When to pull (always, missing, never or newer)",
    },
    { name: "quiet", type: "bool", short: "q", text: "Print the id only" },
    { name: "retry", type: "uint", default: 3, text: "How often a failed pull is tried again" },
    { name: "retry-delay", type: "string", value: "DURATION", text: "Time between two tries of a pull" },
    { name: "tls-verify", type: "bool", default: true, text: "Require https and check certificates" },
    {
      name: "variant",
      type: "string",
      aliases: ["override-variant"],
      value: "VARIANT",
      text: "Choose the image for this variant of the architecture",
    },
  ],
  unsupported: "decryption-key:stringArray!quiet signature-policy:string!hidden!local",
  remote: true,
  access: "writes",
  endsInOrder: true,
  run: pullImages,
};

const policies: readonly PullPolicy[] = ["always", "missing", "never", "newer"];

async function pullImages(context: CommandContext): Promise<void> {
  const { args, flags, io } = context;
  const policy = policies.find((policy) => policy === flags.text("policy").toLowerCase());
  if (policy === undefined) throw new EngineError("usage", `unsupported pull policy "${flags.text("policy")}"`);
  for (const reference of args) {
    const id = await pullImage(context, reference, { policy, allTags: flags.on("all-tags") });
    io.stdout.write(`${id}\n`);
  }
}
