/** `save`: images into an archive or a directory. */

import { EngineError } from "../../lib/errors.ts";
import type { SaveFormat } from "../../lib/engine/mod.ts";
import type { Command, CommandContext } from "../command.ts";
import { fileReason } from "../io.ts";

export const command: Command = {
  path: "image save",
  summary: "Write images to an archive file or folder",
  examples: ["save -o alpine.tar alpine", "save --format oci-dir -o /tmp/alpine alpine", "save alpine > alpine.tar"],
  args: { text: "[options] IMAGE [IMAGE...]", min: 1, max: null, check: checkSave },
  flags: [
    { name: "compress", type: "bool", text: "Compress layers in a directory format" },
    {
      name: "format",
      type: "string",
      default: "docker-archive",
      value: "FORMAT",
      text: "docker-archive, oci-archive, docker-dir or oci-dir",
    },
    { name: "multi-image-archive", type: "bool", short: "m", text: "Treat all arguments as images of one archive" },
    { name: "output", type: "string", short: "o", value: "FILE", text: "Write here; standard output when not given" },
    { name: "quiet", type: "bool", short: "q", text: "Print no progress" },
    { name: "uncompressed", type: "bool", text: "Accepted; layers in archives are not compressed" },
  ],
  unsupported: "signature-policy:string!hidden!local",
  remote: true,
  access: "writes",
  endsInOrder: true,
  run: saveImages,
};

const formats: readonly SaveFormat[] = ["docker-archive", "oci-archive", "docker-dir", "oci-dir"];

function checkSave(args: readonly string[]): string | undefined {
  return args.length > 0 ? undefined : "need at least 1 argument";
}

async function saveImages(context: CommandContext): Promise<void> {
  const { args, engine, flags, io, signal } = context;
  const format = formats.find((format) => format === flags.text("format"));
  if (format === undefined) {
    const words = `format value must be one of: ${formats.join(", ")}: "${flags.text("format")}"`;
    throw new EngineError("usage", words);
  }
  const output = flags.text("output");
  const directory = format.endsWith("-dir");
  checkOutput(context, { output, directory });
  const archive = await engine.images.save({ names: args, format, compress: flags.on("compress") }, signal);
  if (directory) {
    const { unpackImageDirectory } = await import("./_unpack.ts");
    return await unpackImageDirectory(archive, output, io.files);
  }
  if (output !== "") return await writeArchive(context, output, { archive });
  for await (const chunk of archive) io.stdout.write(chunk);
}

async function writeArchive(
  { io }: CommandContext,
  path: string,
  { archive }: { readonly archive: ReadableStream<Uint8Array> },
): Promise<void> {
  try {
    await io.files.write(path, archive);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw new EngineError("internal", `write "${path}": ${fileReason(error)}`, { cause: error });
  }
}

function checkOutput(
  { flags, io }: CommandContext,
  { output, directory }: { readonly output: string; readonly directory: boolean },
): void {
  if (output.includes(":")) throw new EngineError("usage", `invalid filename (should not contain ':') "${output}"`);
  if (flags.on("compress") && !directory) {
    throw new EngineError("usage", "--compress can only be set when --format is 'docker-dir' or 'oci-dir'");
  }
  if (directory && output === "") throw new EngineError("usage", "save into a directory: --output is required");
  if (output === "" && io.stdout.isTerminal()) {
    throw new EngineError("usage", "refusing to save to terminal. Use -o flag or redirect");
  }
}
