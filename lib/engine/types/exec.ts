// size: table
/** Exec sessions. Field names and shapes are those of libpod 5.8 on the wire. Times are RFC 3339 strings, durations nanoseconds. */

export type ExecCreateConfig = {
  readonly User: string;
  readonly Privileged: boolean;
  readonly Tty: boolean;
  readonly ConsoleSize?: readonly number[];
  readonly AttachStdin: boolean;
  readonly AttachStderr: boolean;
  readonly AttachStdout: boolean;
  readonly DetachKeys: string;
  readonly Env: readonly string[];
  readonly WorkingDir: string;
  readonly Cmd: readonly string[];
  readonly Detach: boolean;
};

export type InspectExecSession = {
  readonly CanRemove: boolean;
  readonly ContainerID: string;
  readonly DetachKeys: string;
  readonly ExitCode: number;
  readonly ID: string;
  readonly OpenStderr: boolean;
  readonly OpenStdin: boolean;
  readonly OpenStdout: boolean;
  readonly Running: boolean;
  readonly Pid: number;
  readonly ProcessConfig: InspectExecProcess;
};

export type InspectExecProcess = {
  readonly arguments: readonly string[];
  readonly entrypoint: string;
  readonly privileged: boolean;
  readonly tty: boolean;
  readonly user: string;
};
