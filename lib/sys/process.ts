/** The only place that starts programs, waits for them, or replaces this one. */
export { quoteArgv } from "./_argv.ts";
export * from "./child.ts";
export * from "./proc.ts";
export * from "./program.ts";
export * from "./run.ts";
