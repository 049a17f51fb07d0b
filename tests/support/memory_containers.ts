/** Containers of the engine in memory. */

import type { ContainerLogsInput, Containers, Frame, ListContainersInput } from "../../lib/engine/mod.ts";
import { parseDetachKeys } from "../../lib/spec/detach_keys.ts";
import { MemoryProcess } from "./memory_process.ts";
import { inspectReport, listReport, sessionReport } from "./memory_reports.ts";
import { fail, type MemoryContainer, type MemorySession, type MemoryStore, newId } from "./memory_types.ts";

const now = (): string => new Date().toISOString();
const defaultKeys = "ctrl-p,ctrl-q";

export function memoryContainers(store: MemoryStore): Containers {
  return {
    create: ({ spec }) => Promise.try(() => create(store, spec)),
    start: ({ name }) => Promise.try(() => start(store, store.container(name))),
    stop: async ({ name, ignore }) => {
      if (ignore === true && !has(store, name)) return;
      const container = store.container(name);
      if (container.state !== "running") fail("notModified", `container ${name} is not running`);
      await end(container, 137);
    },
    kill: async ({ name, signal }) => {
      const container = store.container(name);
      if (container.state !== "running") fail("containerState", `can only kill running containers`);
      await end(container, signal === "TERM" || signal === "SIGTERM" ? 143 : 137);
    },
    wait: ({ name, conditions }, signal) =>
      wait(store, { name, conditions: conditions ?? ["stopped", "exited"] }, signal),
    remove: ({ name, force, ignore }) => remove(store, { name, force: force ?? false, ignore: ignore ?? false }),
    list: (input) => Promise.try(() => list(store, input)),
    inspect: ({ name }) => Promise.try(() => inspectReport(store.container(name))),
    exists: ({ name }) => Promise.resolve(has(store, name)),
    logs: (input, signal) => logs(store, input, signal),
    attach: ({ name, detachKeys, stdin, logs }) =>
      Promise.try(() => {
        const process = prepared(store.container(name));
        const line = process.attach(parseDetachKeys(detachKeys ?? defaultKeys), { stdin: stdin ?? true });
        return logs === true ? { ...line, output: after([...process.said], line.output) } : line;
      }),
    resize: ({ name, width, height }) =>
      Promise.try(() => {
        prepared(store.container(name)).size = { width, height };
      }),
    ...sessions(store),
    cleanup: () => Promise.resolve(),
  };
}

function create(store: MemoryStore, spec: MemoryContainer["spec"]): { Id: string; Warnings: readonly string[] } {
  const image = store.image(spec.image);
  const id = newId();
  const name = spec.name || `memory_${id.slice(0, 8)}`;
  for (const one of store.containers.values()) {
    if (one.name === name) fail("containerExists", `the container name "${name}" is already in use by ${one.id}`);
  }
  const container: MemoryContainer = {
    id,
    name,
    spec,
    image,
    args: [...(spec.entrypoint ?? []), ...(spec.command ?? ["true"])],
    created: now(),
    state: "created",
    startedAt: "0001-01-01T00:00:00Z",
    finishedAt: "0001-01-01T00:00:00Z",
    exitCode: 0,
    process: null,
  };
  store.containers.set(id, container);
  store.record("container", "create", container);
  return { Id: id, Warnings: [] };
}

function prepared(container: MemoryContainer): MemoryProcess {
  if (container.process === null || (container.state === "exited" && container.process.over)) {
    const { terminal = false, stdin = false } = container.spec;
    container.process = new MemoryProcess({ args: container.args, terminal, stdin });
  }
  return container.process;
}

function start(store: MemoryStore, container: MemoryContainer): void {
  if (container.state === "running") fail("notModified", `container ${container.id} is already running`);
  const process = prepared(container);
  container.state = "running";
  container.startedAt = now();
  store.record("container", "start", container);
  void process.exit.then((code) => {
    container.state = "exited";
    container.exitCode = code;
    container.finishedAt = now();
    store.record("container", "died", container);
    if (container.spec.remove === true) drop(store, container);
  });
  process.start();
}

async function end(container: MemoryContainer, code: number): Promise<void> {
  container.process?.finish(code);
  await container.process?.exit;
}

function has(store: MemoryStore, name: string): boolean {
  try {
    store.container(name);
    return true;
  } catch {
    return false;
  }
}

type Wait = { readonly name: string; readonly conditions: readonly string[] };

async function wait(store: MemoryStore, { name, conditions }: Wait, signal?: AbortSignal): Promise<number> {
  const gone = store.gone.get(name);
  if (gone !== undefined) return gone;
  const container = store.container(name);
  while (store.containers.has(container.id) && !conditions.includes(container.state)) await store.change(signal);
  return container.exitCode;
}

type Removal = { readonly name: string; readonly force: boolean; readonly ignore: boolean };

async function remove(store: MemoryStore, { name, force, ignore }: Removal) {
  if (ignore && !has(store, name)) return [];
  const container = store.container(name);
  if (container.state === "running") {
    if (!force) fail("containerRunning", `cannot remove container ${container.id} as it is running`);
    await end(container, 137);
  }
  drop(store, container);
  return [{ Id: container.id, Err: null, RawInput: name }];
}

function drop(store: MemoryStore, container: MemoryContainer): void {
  if (!store.containers.delete(container.id)) return;
  store.gone.set(container.id, container.exitCode);
  store.gone.set(container.name, container.exitCode);
  store.record("container", "remove", container);
}

function list(store: MemoryStore, { all, filters, last }: ListContainersInput) {
  const names = filters?.name;
  const labels = filters?.label ?? [];
  return [...store.containers.values()]
    .filter(({ state }) => all === true || last !== undefined || state === "running")
    .filter(({ name }) => names === undefined || names.some((one) => name.includes(one)))
    .filter(({ spec }) => labels.every((label) => hasLabel(spec.labels ?? {}, label)))
    .slice(last === undefined ? 0 : -last)
    .map(listReport);
}

function hasLabel(labels: Readonly<Record<string, string>>, wanted: string): boolean {
  const equals = wanted.indexOf("=");
  if (equals < 0) return Object.hasOwn(labels, wanted);
  return labels[wanted.slice(0, equals)] === wanted.slice(equals + 1);
}

async function* logs(
  store: MemoryStore,
  { name, follow, stdout, stderr, tail }: ContainerLogsInput,
  signal?: AbortSignal,
): AsyncGenerator<Frame, void> {
  const { process } = store.container(name);
  if (process === null) return;
  const wanted = (frame: Frame) => (frame.stream === "stdout" ? stdout : stderr) ?? true;
  const line = process.attach(new Uint8Array(0), { stdin: false });
  signal?.addEventListener("abort", () => line.close());
  const past = process.said.filter(wanted);
  yield* tail === undefined ? past : past.slice(Math.max(0, past.length - tail));
  if (follow === true) { for await (const frame of line.output) if (wanted(frame)) yield frame; }
  line.close();
}

async function* after(past: readonly Frame[], output: AsyncIterable<Frame>): AsyncGenerator<Frame, void> {
  yield* past;
  yield* output;
}

type Sessions = Pick<
  Containers,
  "execCreate" | "execStart" | "execStartDetached" | "execInspect" | "execResize" | "execRemove"
>;

function sessions(store: MemoryStore): Sessions {
  return {
    execCreate: ({ name, config }) =>
      Promise.try(() => {
        const container = store.container(name);
        if (container.state !== "running") {
          fail("containerState", `can only create exec sessions on running containers: container state improper`);
        }
        const id = newId();
        store.sessions.set(id, { container: container.id, config, state: "created", exitCode: 0, process: null });
        return { Id: id };
      }),
    execStart: ({ id }) =>
      Promise.try(() => {
        const session = store.session(id);
        const process = begin(session);
        const { DetachKeys, AttachStdin } = session.config;
        const line = process.attach(parseDetachKeys(DetachKeys || defaultKeys), { stdin: AttachStdin });
        process.start();
        return line;
      }),
    execStartDetached: ({ id }) => Promise.try(() => begin(store.session(id)).start()),
    execInspect: ({ id }) => Promise.try(() => sessionReport(id, store.session(id))),
    execResize: ({ name, width, height }) =>
      Promise.try(() => {
        const { process } = store.session(name);
        if (process === null) return fail("containerState", "exec session is not running");
        process.size = { width, height };
      }),
    execRemove: ({ id, force }) =>
      Promise.try(() => {
        const { state } = store.session(id);
        if (state === "running" && force !== true) fail("containerState", "exec session is running");
        store.sessions.delete(id);
      }),
  };
}

function begin(session: MemorySession): MemoryProcess {
  if (session.state !== "created") fail("containerState", "exec session was started before");
  const { Cmd, Tty, AttachStdin } = session.config;
  const process = new MemoryProcess({ args: Cmd, terminal: Tty, stdin: AttachStdin });
  session.process = process;
  session.state = "running";
  void process.exit.then((code) => {
    session.state = "stopped";
    session.exitCode = code;
  });
  return process;
}
