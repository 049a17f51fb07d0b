/** What runs: image, command, environment, user, names and labels. */

import type { CreateSpec } from "../engine/types/spec.ts";
import { mergeEnvironment, parseEnvironment, parseEnvironmentFile, parseLabels } from "./env.ts";
import type { FlagReader } from "./flag_reader.ts";
import { cut, invalid } from "./invalid.ts";
import { checkName } from "./names.ts";
import { parseSignal } from "./signals.ts";
import { EngineError, messageOf } from "../errors.ts";

type Surroundings = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly readFile: (path: string) => string;
};

/** Where the path of `--cidfile` is kept, as Podman does. */
export const cidFileAnnotation = "io.podman.annotations.cid-file";
/** Where the path of `--pidfile` is kept: the wire form has no field for it. */
export const pidFileAnnotation = "io.beluga.annotations.pid-file";

/** Image or root file system, entrypoint and command. */
export function imageAndCommand(flags: FlagReader, args: readonly string[]): CreateSpec {
  const [image, ...command] = args;
  if (image === undefined || image === "") throw invalid("image name or root file system is missing");
  const rest: Partial<CreateSpec> = {
    ...(command.length > 0 && { command }),
    ...(flags.has("entrypoint") && { entrypoint: parseEntrypoint(flags.text("entrypoint")) }),
  };
  if (flags.flag("rootfs")) return { image: "", ...rootfs(image), ...rest };
  return { image, raw_image_name: image, ...platform(flags), ...rest };
}

function rootfs(text: string): Partial<CreateSpec> {
  const [path, option] = cut(text, ":");
  if (option === undefined) return { rootfs: path };
  if (option === "O") return { rootfs: path, rootfs_overlay: true };
  if (option.startsWith("idmap")) return { rootfs: path, rootfs_mapping: cut(option, "=")[1] ?? "" };
  throw invalid(`invalid option ${JSON.stringify(option)} for a root file system: must be O or idmap`);
}

function platform(flags: FlagReader): Partial<CreateSpec> {
  const [os = "", arch = "", variant = ""] = flags.text("platform").split("/");
  const choice = {
    image_os: flags.text("os") || os,
    image_arch: flags.text("arch") || arch,
    image_variant: flags.text("variant") || variant,
  };
  return Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== ""));
}

/** A JSON array or one word. `[""]` takes the image's entrypoint away. */
function parseEntrypoint(text: string): readonly string[] {
  if (!text.startsWith("[")) return [text];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((one) => typeof one === "string") ? value : [text];
  } catch {
    return [text];
  }
}

/** Name, labels and annotations. */
export function identity(flags: FlagReader, { readFile }: Surroundings): Partial<CreateSpec> {
  const name = flags.text("name");
  const labelLines = flags.list("label-file").flatMap((path) => linesOf(path, readFile));
  const labels = parseLabels([...labelLines, ...flags.list("label")], "label");
  const annotations = {
    ...parseLabels(flags.list("annotation"), "annotation"),
    ...(flags.text("cidfile") !== "" && { [cidFileAnnotation]: flags.text("cidfile") }),
    ...(flags.text("pidfile") !== "" && { [pidFileAnnotation]: flags.text("pidfile") }),
  };
  return {
    ...(name !== "" && { name: checkName(name) }),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
    ...(flags.text("pod") !== "" && { pod: flags.text("pod") }),
  };
}

function linesOf(path: string, readFile: Surroundings["readFile"]): readonly string[] {
  const lines = readNamed(path, readFile).split("\n").map((line) => line.replace(/\r$/, "").trimStart());
  return lines.filter((line) => line !== "" && !line.startsWith("#"));
}

function readNamed(path: string, readFile: Surroundings["readFile"]): string {
  try {
    return readFile(path);
  } catch (cause) {
    const reason = cause instanceof EngineError ? cause.message : fileReason(path, cause);
    throw invalid(`parsing file ${JSON.stringify(path)}: ${reason}`, cause);
  }
}

function fileReason(path: string, cause: unknown): string {
  const isMissing = cause instanceof Error && cause.name === "NotFound";
  return isMissing ? `open ${path}: no such file or directory` : messageOf(cause);
}

/** Environment, user, directory, terminal, signals. */
export function processFlags(flags: FlagReader, input: Surroundings): Partial<CreateSpec> {
  const env = {
    ...Object.assign({}, ...flags.list("env-file").map((path) => environmentFile(path, input))),
    ...(flags.has("env") ? parseEnvironment(flags.list("env"), input.env) : {}),
  };
  const merges = flags.list("env-merge");
  for (const entry of merges) mergeEnvironment([entry], {});
  return {
    ...(Object.keys(env).length > 0 && { env }),
    ...(merges.length > 0 && { envmerge: merges }),
    ...(flags.list("unsetenv").length > 0 && { unsetenv: flags.list("unsetenv") }),
    ...(flags.flag("unsetenv-all") && { unsetenvall: true }),
    ...(flags.has("env-host") && { env_host: flags.flag("env-host") }),
    ...(flags.has("http-proxy") && { httpproxy: flags.flag("http-proxy") }),
    ...(flags.flag("tty") && { terminal: true }),
    ...(flags.flag("interactive") && { stdin: true }),
    ...(flags.text("user") !== "" && { user: flags.text("user") }),
    ...(flags.list("group-add").length > 0 && { groups: flags.list("group-add") }),
    ...(flags.text("workdir") !== "" && { work_dir: directory(flags.text("workdir")) }),
    ...(flags.has("umask") && { umask: checkUmask(flags.text("umask")) }),
    ...(flags.text("stop-signal") !== "" && { stop_signal: parseSignal(flags.text("stop-signal")) }),
    ...(flags.has("stop-timeout") && { stop_timeout: flags.number("stop-timeout") }),
    ...(timezone(flags) !== "" && { timezone: timezone(flags) }),
    ...(flags.has("passwd") && { manage_password: flags.flag("passwd") }),
    ...(flags.text("passwd-entry") !== "" && { passwd_entry: flags.text("passwd-entry") }),
    ...(flags.text("group-entry") !== "" && { group_entry: flags.text("group-entry") }),
    ...(flags.text("personality") !== "" && { personality: { domain: flags.text("personality") } }),
  };
}

function environmentFile(path: string, { env, readFile }: Surroundings): Readonly<Record<string, string>> {
  return parseEnvironmentFile(readNamed(path, readFile), env);
}

function directory(path: string): string {
  if (path.startsWith("/")) return path;
  throw invalid(`working directory ${JSON.stringify(path)} must be an absolute path`);
}

/** Four octal digits at most. */
export function checkUmask(text: string): string {
  if (!/^[0-7]{1,4}$/.test(text)) {
    throw invalid(`running container create option: invalid umask string ${text}: invalid argument`);
  }
  return text;
}

/** The flag has two names in the wild. */
function timezone(flags: FlagReader): string {
  const zone = flags.text("tz") || flags.text("timezone");
  if (zone.split("/").includes("..") || zone.startsWith("/")) {
    throw invalid(`finding timezone: unknown time zone ${zone}`);
  }
  return zone;
}
