/**
 * What conmon runs when a container has ended.
 *
 * The foreground `run` cleans up by itself and holds flock on `attendedFile` meanwhile. The script waits until nobody
 * holds it (the kernel frees it when the holder is killed) and runs `command` only if the bundle is still there, so that
 * a foreground run that finishes properly costs no second start of the engine. The lock is not kept: `command` may start
 * the container again. Values are positional parameters, never part of the script.
 */
export type ExitCommandInput = {
  /** argv of the engine's `container cleanup …`. */
  readonly command: readonly string[];
  readonly attendedFile: string;
  /** BUNDLE/config.json: gone when everything was cleaned up. */
  readonly bundleConfig: string;
  /** Path of flock(1); without it `command` is run at once. */
  readonly flock: string | undefined;
};

const script = 'if [ -e "$1" ]; then exec 9<"$1"; "$0" 9; exec 9<&-; fi; [ -e "$2" ] || exit 0; shift 2; exec "$@"';

/** argv for conmon's exit command. */
export function exitCommand(input: ExitCommandInput): readonly string[] {
  if (input.flock === undefined) return input.command;
  return ["/bin/sh", "-c", script, input.flock, input.attendedFile, input.bundleConfig, ...input.command];
}
