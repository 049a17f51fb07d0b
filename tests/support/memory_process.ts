/** Processes that are played: a shell of a few words, with input, output and signals, and no kernel. */

import type { Duplex, Frame } from "../../lib/engine/mod.ts";
import { EngineError } from "../../lib/errors.ts";
import { DetachScanner } from "../../lib/spec/detach_keys.ts";
import { Queue } from "./queue.ts";

const encoder = new TextEncoder();
const programs = ["echo", "cat", "sleep", "true", "false", "sh", "exit"];

export type ProcessOptions = {
  readonly args: readonly string[];
  readonly terminal: boolean;
  /** False: the input is at its end from the beginning. */
  readonly stdin: boolean;
};

/** A process: prepared, then started, then over. What it says before somebody listens is kept in `said`. */
export class MemoryProcess {
  readonly said: Frame[] = [];
  readonly exit: Promise<number>;
  readonly #exit = Promise.withResolvers<number>();
  readonly #input = new Queue<Uint8Array>();
  readonly #listeners = new Set<Queue<Frame>>();
  #over = false;
  #started = false;
  size = { width: 0, height: 0 };

  constructor(readonly options: ProcessOptions) {
    const [program = ""] = options.args;
    if (!programs.includes(program.split("/").at(-1) ?? "")) {
      throw new EngineError("commandNotFound", `executable file "${program}" not found in $PATH`);
    }
    this.exit = this.#exit.promise;
    if (!options.stdin) this.#input.end();
  }

  get over(): boolean {
    return this.#over;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    void this.#run(this.options.args).then((code) => this.finish(code));
  }

  /** Also what a signal does. */
  finish(code: number): void {
    if (this.#over) return;
    this.#over = true;
    for (const listener of this.#listeners) listener.end();
    this.#input.end();
    this.#exit.resolve(code);
  }

  /** A line to it. `keys` leave it running. */
  attach(keys: Uint8Array, { stdin }: { readonly stdin: boolean }): Duplex {
    const queue = new Queue<Frame>();
    const scanner = new DetachScanner(keys);
    const ended = Promise.withResolvers<"finished" | "detached">();
    const leave = (how: "finished" | "detached") => {
      this.#listeners.delete(queue);
      queue.end();
      ended.resolve(how);
    };
    if (this.#over) leave("finished");
    else this.#listeners.add(queue);
    void this.exit.then(() => leave("finished"));
    return {
      output: queue,
      ended: ended.promise,
      write: (data) => {
        if (this.#over) return Promise.reject(new EngineError("conflict", "its input is closed"));
        const { pass, detached } = stdin ? scanner.scan(data) : { pass: new Uint8Array(0), detached: false };
        if (pass.length > 0) this.#type(pass);
        if (detached) leave("detached");
        return Promise.resolve();
      },
      closeInput: () => Promise.resolve(stdin ? this.#input.end() : undefined),
      close: () => leave("finished"),
    };
  }

  #type(data: Uint8Array): void {
    if (this.options.terminal) this.#say("stdout", data);
    if (this.options.terminal && data.includes(4)) return this.#input.end();
    this.#input.push(data);
  }

  #say(stream: Frame["stream"], data: Uint8Array): void {
    if (this.#over) return;
    const frame: Frame = { stream: this.options.terminal ? "stdout" : stream, data };
    this.said.push(frame);
    for (const listener of this.#listeners) listener.push(frame);
  }

  async #run(args: readonly string[]): Promise<number> {
    const [program = "", ...rest] = args;
    switch (program.split("/").at(-1)) {
      case "echo":
        return this.#echo(rest);
      case "cat":
        for await (const data of this.#input) this.#say("stdout", data);
        return 0;
      case "sleep":
        return rest[0] === "0" ? 0 : await this.exit;
      case "false":
        return 1;
      case "exit":
        return Number(rest[0] ?? 0);
      case "sh":
        return await this.#script(rest[1] ?? "");
      default:
        return 0;
    }
  }

  #echo(words: readonly string[]): number {
    const aside = words.at(-1) === ">&2";
    const line = (aside ? words.slice(0, -1) : words).join(" ");
    this.#say(aside ? "stderr" : "stdout", encoder.encode(`${line}\n`));
    return 0;
  }

  async #script(script: string): Promise<number> {
    let code = 0;
    for (const command of script.split(";").map((part) => part.trim().split(/\s+/))) {
      code = await this.#run(command);
      if (command[0] === "exit" || this.#over) break;
    }
    return code;
  }
}
