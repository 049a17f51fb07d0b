import assert from "node:assert/strict";
import { assertGolden } from "./_golden.ts";
import { runCommandLine } from "./_run_command.ts";
import { resolveCommand } from "./resolve.ts";
import { tree } from "./tree.ts";

async function refusal(line: string): Promise<string> {
  const { code, stderr } = await runCommandLine(line.split(" ").filter((word) => word !== ""));
  assert.equal(code, 125, line);
  return stderr.replace(/\n$/, "");
}

/** Podman's words with our name, as reference/errors.json has observed them. */
const refused: readonly (readonly [string, string])[] = [
  ["run --nosuchflag", "unknown flag: --nosuchflag\nSee 'beluga run --help'"],
  ["container run --nosuchflag", "unknown flag: --nosuchflag\nSee 'beluga container run --help'"],
  ["nosuchcmd", "unrecognized command `beluga nosuchcmd`\nTry 'beluga --help' for more information"],
  [
    "container nosuch",
    "unrecognized command `beluga container nosuch`\nTry 'beluga container --help' for more information",
  ],
  [
    "runn",
    "unrecognized command `beluga runn`\n\nDid you mean this?\n\trun\n\nTry 'beluga --help' for more information",
  ],
  ["--badglobal", "unknown flag: --badglobal\nSee 'beluga --help'"],
  ["run", "requires at least 1 arg(s), only received 0"],
  ["rm", "you must provide at least one name or id"],
  ["rm --all x", "no arguments are needed with --all"],
  ["rm --all --latest", "--all and --latest cannot be used together"],
  ["rm --cidfile /x --all", "--all, --latest, and --cidfile cannot be used together"],
  ["rm --filter x=1 y", "--filter takes no arguments"],
  ["kill", "you must provide at least one name or id"],
  ["start", "start requires at least one argument"],
  ["start --all x", "either start all containers or the container(s) provided in the arguments"],
  ["start -a x y", "you cannot start and attach multiple containers at once"],
  ["attach", '"beluga attach" requires a name, id, or the "--latest" flag'],
  ["wait", '"beluga wait" requires a name, id, or the "--latest" flag'],
  ["wait --condition bad x", "unknown container state: bad: invalid argument"],
  ["logs", "specify at least one container name or ID to log"],
  ["exec", "exec requires the name or ID of a container or the --latest or --cidfile flag"],
  ["image exists", "accepts 1 arg(s), received 0"],
  ["volume create a b", "accepts at most 1 arg(s), received 2"],
  ["version x", "`beluga version` takes no arguments"],
  ["load x", "`beluga load` takes no arguments"],
  ["tag x", "requires at least 2 arg(s), only received 1"],
  ["pull", "requires at least 1 arg(s), only received 0"],
  ["save", "need at least 1 argument"],
  ["save -o a:b x", "invalid filename (should not contain ':') \"a:b\""],
  ["rmi", "image name or ID must be specified"],
  ["rmi -a x", "when using the --all switch, you may not pass any images names or IDs"],
  ["inspect", "no names or ids specified"],
  ["image inspect", "no names or ids specified"],
  [
    "inspect --type bad x",
    'invalid type "bad": must be "image", "container", "pod", "network", "volume", "artifact", or "all"',
  ],
  ["volume rm", "choose either one or more volumes or all"],
  ["network rm", "requires at least 1 arg(s), only received 0"],
  ["network create --subnet bad n9", "invalid CIDR address: bad"],
  ["run --secret x y", "--secret is not supported yet"],
  [
    "image rm --all=x",
    'invalid argument "x" for "-a, --all" flag: strconv.ParseBool: parsing "x": invalid syntax\nSee \'beluga image rm --help\'',
  ],
  ["pod create --name x", 'command "beluga pod create" is not supported yet'],
  ["image prune -a", 'command "beluga image prune" is not supported yet'],
  ["--imagestore /x ps", "--imagestore is not supported yet"],
  ["ps --transient-store", "--transient-store is not supported yet"],
  ["ps --url unix:///x", "unknown flag: --url\nSee 'beluga ps --help'"],
  ["--remote container cleanup x", 'cannot use command "beluga container cleanup" with the remote beluga client'],
];

for (const [line, words] of refused) {
  Deno.test(`beluga ${line} is refused in Podman's words`, async () =>
    assert.equal(await refusal(line), `Error: ${words}`));
}

async function resolve(line: string, env: Readonly<Record<string, string>> = {}) {
  const resolution = await resolveCommand({ argv: line.split(" "), env, version: "1.2.3" });
  assert.equal(resolution.tag, "run");
  return resolution.tag === "run" ? resolution : assert.fail();
}

Deno.test("every path and every other name of a command leads to its entry", async () => {
  for (const { path, nameAliases = [], load } of tree.filter((row) => row.load !== undefined)) {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf(" ") + 1));
    for (const name of [path, ...nameAliases.map((alias) => parent + alias)]) {
      const resolution = await resolveCommand({ argv: [...name.split(" "), "--help"], env: {}, version: "" });
      assert.equal(resolution.tag, "print", name);
    }
    const { command } = await load?.() ?? assert.fail();
    assert.ok(tree.some((row) => row.path === command.path), command.path);
  }
});

Deno.test("global flags stand before the command, persistent ones also behind it", async () => {
  const { globals } = await resolve(
    "--root /a --runtime-flag x container --runroot /b ls --runtime-flag=y --log-level debug",
  );
  assert.deepEqual([globals.text("root"), globals.text("runroot"), globals.text("log-level")], ["/a", "/b", "debug"]);
  assert.deepEqual(globals.list("runtime-flag"), ["x", "y"]);
  assert.equal(globals.given("conmon"), false);
});

Deno.test("flags of run end at the image", async () => {
  const { args, flags } = await resolve("run --rm alpine ls --all -d");
  assert.deepEqual(args, ["alpine", "ls", "--all", "-d"]);
  assert.deepEqual([flags.on("rm"), flags.on("detach")], [true, false]);
});

Deno.test("remote mode comes from flags or the environment", async () => {
  assert.equal((await resolve("ps")).remote, false);
  assert.equal((await resolve("--remote ps")).remote, true);
  assert.equal((await resolve("--url unix:///x ps")).remote, true);
  assert.equal((await resolve("ps", { CONTAINER_HOST: "unix:///x" })).remote, true);
  assert.equal((await resolve("--remote=false ps", { CONTAINER_HOST: "unix:///x" })).remote, false);
});

Deno.test("a group without a command prints its help and complains", async () => {
  const { code, stdout, stderr } = await runCommandLine(["volume"]);
  assert.deepEqual([code, stderr], [125, "Error: missing command 'beluga volume COMMAND'\n"]);
  assert.match(stdout, /Available Commands:\n {2}create /);
});

const help: readonly (readonly [string, readonly string[]])[] = [
  ["help.txt", ["--help"]],
  ["help_run.txt", ["run", "--help"]],
  ["help_container.txt", ["help", "container"]],
  ["help_volume_ls.txt", ["volume", "list", "-h"]],
];

for (const [name, argv] of help) {
  Deno.test(`beluga ${argv.join(" ")} prints as tests/golden/${name} has it`, async () => {
    const { code, stdout } = await runCommandLine(argv);
    assert.equal(code, 0);
    await assertGolden(name, stdout);
  });
}

Deno.test("--version prints one line", async () => {
  assert.equal((await runCommandLine(["--version"])).stdout, "beluga version 1.2.3\n");
});
