import assert from "node:assert/strict";
import { findProgram } from "../sys/program.ts";
import { lockFile } from "../sys/lock.ts";
import { run } from "../sys/run.ts";
import { exitCommand } from "./exit_command.ts";

const flock = findProgram("flock");

async function withDirectory(use: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "beluga exit $(x)'" });
  try {
    await Deno.writeTextFile(`${directory}/config.json`, "{}");
    await use(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function argvFor(directory: string): readonly string[] {
  const bundleConfig = `${directory}/config.json`;
  const command = ["/bin/echo", "cleaned $HOME", "'"];
  return exitCommand({ command, attendedFile: `${directory}/attended`, bundleConfig, flock });
}

Deno.test(
  { name: "the exit command cleans up when nobody attends the container", ignore: flock === undefined },
  () =>
    withDirectory(async (directory) => {
      assert.equal((await run(argvFor(directory))).stdout, "cleaned $HOME '\n");
      await Deno.writeTextFile(`${directory}/attended`, "");
      assert.equal((await run(argvFor(directory))).stdout, "cleaned $HOME '\n");
    }),
);

Deno.test(
  { name: "the exit command waits for the attendant and does nothing after it", ignore: flock === undefined },
  () =>
    withDirectory(async (directory) => {
      const lock = await lockFile(`${directory}/attended`);
      const output = run(argvFor(directory));
      await Deno.remove(`${directory}/config.json`);
      lock[Symbol.dispose]();
      assert.equal((await output).stdout, "");
    }),
);

Deno.test(
  { name: "the exit command cleans up after an attendant that was killed", ignore: flock === undefined },
  () =>
    withDirectory(async (directory) => {
      await Deno.writeTextFile(`${directory}/attended`, "");
      const attendant = new Deno.Command(flock ?? "", {
        args: [`${directory}/attended`, "-c", "echo; exec cat"],
        stdin: "piped",
        stdout: "piped",
      })
        .spawn();
      const said = attendant.stdout.getReader();
      await said.read();
      const output = run(argvFor(directory));
      attendant.kill("SIGKILL");
      // cat, which holds the lock too, ends with its input.
      await attendant.stdin.close();
      await attendant.status;
      await said.cancel();
      assert.equal((await output).stdout, "cleaned $HOME '\n");
    }),
);
