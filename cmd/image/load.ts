/** `load`: images out of an archive. */

import { EngineError } from "../../lib/errors.ts";
import type { Command, CommandContext } from "../command.ts";
import { fileReason } from "../io.ts";

export const command: Command = {
  path: "image load",
  summary: "Read images out of an archive into local storage",
  description: "Reads what save and docker save write, and OCI archives, plain or compressed.",
  examples: ["load -i images.tar", "load < images.tar.gz"],
  args: { text: "[options]", min: 0, max: 0 },
  flags: [
    {
      name: "input",
      type: "string",
      short: "i",
      value: "FILE",
      text: "Read from this file; standard input when not given",
    },
    { name: "quiet", type: "bool", short: "q", text: "Print no progress" },
  ],
  unsupported: "signature-policy:string!hidden!local",
  remote: true,
  access: "writes",
  endsInOrder: true,
  run: loadImages,
};

async function loadImages(context: CommandContext): Promise<void> {
  const { engine, io, signal } = context;
  const archive = await openArchive(context);
  const { Names } = await engine.images.load({ archive }, signal);
  io.stdout.write(Names.map((name) => `Loaded image: ${name}\n`).join(""));
}

async function openArchive({ flags, io }: CommandContext): Promise<ReadableStream<Uint8Array>> {
  const path = flags.text("input");
  if (path === "") {
    if (!io.stdin.isTerminal()) return io.stdin.stream();
    throw new EngineError("usage", "cannot read from terminal, use command-line redirection or the --input flag");
  }
  try {
    return await io.files.read(path);
  } catch (error) {
    if (error instanceof Deno.errors.IsADirectory) {
      throw new EngineError("usage", `load "${path}": it is a directory: use pull with oci:DIRECTORY or dir:DIRECTORY`);
    }
    throw new EngineError("usage", `faccessat ${path}: ${fileReason(error)}`, { cause: error });
  }
}
