/**
 * The engine on this machine: each operation is a file `<noun>/<verb>.ts`, loaded when it is first asked for, that composes the
 * drivers. May import everything below; the drivers know nothing of each other, so what one knows of another is handed over
 * here. What must stay true: one verb takes one lock and commits one transaction; a state is believed after a look at the
 * kernel; what was half done is undone, and what a crash leaves is garbage without a row.
 */

import type { Engine } from "../engine/mod.ts";
import { Local, type LocalInput } from "./context.ts";

/** Opens nothing yet: database and drivers come with the first operation that needs them. */
export function localEngine(input: LocalInput): Engine {
  const local = new Local(input);
  return {
    containers: containers(local),
    images: images(local),
    volumes: volumes(local),
    networks: networks(local),
    system: system(local),
  };
}

function containers(local: Local): Engine["containers"] {
  return {
    create: async (input, signal) =>
      await (await import("./container/create.ts")).createContainer(local, input, signal),
    start: async (input, signal) => await (await import("./container/start.ts")).startContainer(local, input, signal),
    stop: async (input, signal) => await (await import("./container/stop.ts")).stopContainer(local, input, signal),
    kill: async (input, signal) => await (await import("./container/kill.ts")).killContainer(local, input, signal),
    wait: async (input, signal) => await (await import("./container/wait.ts")).waitContainer(local, input, signal),
    remove: async (input, signal) =>
      await thenSweep(local, (await import("./container/remove.ts")).removeContainer(local, input, signal)),
    list: async (input) => await (await import("./container/list.ts")).listContainers(local, input),
    inspect: async (input) => await (await import("./container/inspect.ts")).inspectContainer(local, input),
    exists: (input) => Promise.resolve(local.state.containers.find(input.name) !== null),
    logs: (input, signal) =>
      later(async () => (await import("./container/logs.ts")).containerLogs(local, input, signal)),
    attach: async (input, signal) =>
      await (await import("./container/attach.ts")).attachContainer(local, input, signal),
    resize: async (input) => await (await import("./container/resize.ts")).resizeContainer(local, input),
    execCreate: async (input) => await (await import("./container/exec_create.ts")).createExec(local, input),
    execStart: async (input, signal) =>
      await (await import("./container/exec_start.ts")).startExec(local, input, signal),
    execStartDetached: async (input) =>
      await (await import("./container/exec_start.ts")).startExecDetached(local, input),
    execInspect: async (input) => await (await import("./container/exec_inspect.ts")).inspectExec(local, input),
    execResize: async (input) => await (await import("./container/resize.ts")).resizeExec(local, input),
    execRemove: async (input) => await (await import("./container/exec_inspect.ts")).removeExec(local, input),
    cleanup: async (input, signal) => await (await import("./container/cleanup.ts")).cleanUp(local, input, signal),
  };
}

function images(local: Local): Engine["images"] {
  return {
    pull: (input, signal) => later(async () => (await import("./image/pull.ts")).pullImage(local, input, signal)),
    list: async (input) => (await import("./image/list.ts")).listImages(local, input),
    inspect: async (input) => (await import("./image/inspect.ts")).inspectImage(local, input.name),
    exists: async (input) => (await import("./image/find.ts")).findImage(local, input.name) !== null,
    remove: async (input, signal) => await (await import("./image/remove.ts")).removeImages(local, input, signal),
    tag: async (input) => (await import("./image/names.ts")).tagImage(local, input),
    load: async (input, signal) => await (await import("./image/load.ts")).loadImages(local, input, signal),
    save: async (input, signal) => await (await import("./image/save.ts")).saveImages(local, input, signal),
  };
}

function volumes(local: Local): Engine["volumes"] {
  return {
    create: async (input) => await (await import("./volume/create.ts")).createVolume(local, input.options),
    list: async (input) => (await import("./volume/list.ts")).listVolumes(local, input.filters),
    inspect: (input) => Promise.resolve().then(() => local.state.volumes.get(input.name)),
    exists: (input) => Promise.resolve().then(() => local.state.volumes.find(input.name) !== null),
    remove: async (input) => await thenSweep(local, (await import("./volume/remove.ts")).removeVolume(local, input)),
  };
}

function networks(local: Local): Engine["networks"] {
  return {
    create: async (input) => await (await import("./network/create.ts")).createNetwork(local, input),
    list: async (input) => await (await import("./network/list.ts")).listNetworks(local, input.filters),
    inspect: async (input) => await (await import("./network/inspect.ts")).inspectNetwork(local, input.name),
    exists: async (input) => await (await import("./network/list.ts")).networkExists(local, input.name),
    remove: async (input) => await (await import("./network/remove.ts")).removeNetwork(local, input),
  };
}

function system(local: Local): Engine["system"] {
  return {
    info: async () => await (await import("./system/info.ts")).systemInfo(local),
    version: async () => (await import("./system/version.ts")).systemVersion(),
    ping: () => Promise.resolve(),
    events: (input, signal) =>
      later(async () => (await import("./system/events.ts")).systemEvents(local, input, signal)),
    doctor: async () => await (await import("./system/doctor.ts")).doctor(local),
  };
}

/** What removes something also takes away the garbage of commands that were killed. */
async function thenSweep<T>(local: Local, removal: Promise<T>): Promise<T> {
  const report = await removal;
  await (await import("./sweep.ts")).sweep(local);
  return report;
}

/** A stream whose maker is loaded when its first record is asked for. */
async function* later<T>(load: () => Promise<AsyncIterable<T>>): AsyncGenerator<T> {
  yield* await load();
}
