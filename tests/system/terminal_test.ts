/** Containers on a terminal: size, keys, signals, detaching. */

import assert from "node:assert/strict";
import { suite } from "../support/suite.ts";
import { twoPlaces } from "../support/place.ts";
import { box, loadBox } from "../support/images.ts";
import { onTerminal } from "../support/terminal.ts";

const test = suite("terminal", { wheres: twoPlaces, prepare: loadBox });
const interactive = ["run", "--rm", "-it", "--network", "none"];
const raw = /-icanon/;

test("-t gives the command a terminal of the caller's size", async (place) => {
  await using terminal = await onTerminal(place, [
    ...interactive,
    box,
    "sh",
    "-c",
    "test -t 0 && test -t 1 && stty size",
  ]);
  await terminal.saw(/24 80\r\n/);
  assert.equal(await terminal.ended, 0);
});

test("-t sets TERM", async (place) => {
  await using terminal = await onTerminal(place, [...interactive, box, "sh", "-c", "echo TERM is $TERM"]);
  await terminal.saw(/TERM is xterm\r\n/);
  assert.equal(await terminal.ended, 0);
});

test("what is typed reaches the command, and its exit code comes back", async (place) => {
  await using terminal = await onTerminal(place, [...interactive, box, "sh"]);
  await terminal.saw(/# /);
  await terminal.type("echo ab''cd\n");
  await terminal.saw(/abcd/);
  await terminal.type("exit 9\n");
  assert.equal(await terminal.ended, 9);
});

test("control-C interrupts inside, not the client", async (place) => {
  const script = "trap 'echo interrupted; exit 5' INT; echo ready; while true; do sleep 0.1; done";
  await using terminal = await onTerminal(place, [...interactive, box, "sh", "-c", script]);
  await terminal.saw(/ready/);
  await terminal.type("\x03");
  await terminal.saw(/interrupted/);
  assert.equal(await terminal.ended, 5);
});

test("a new size of the terminal is passed on", async (place) => {
  const script = "trap 'echo now $(stty size)' WINCH; echo ready; while true; do sleep 0.1; done";
  await using terminal = await onTerminal(place, [...interactive, box, "sh", "-c", script]);
  await terminal.saw(/ready/);
  await terminal.resize(33, 77);
  await terminal.saw(/now 33 77/);
});

test("the terminal is as before when the command has ended", async (place) => {
  await using terminal = await onTerminal(place, [...interactive, box, "true"]);
  assert.equal(await terminal.ended, 0);
  assert.doesNotMatch(terminal.seen(), raw);
});

test("the keys to detach leave the container running; attach joins again", async (place) => {
  await using terminal = await onTerminal(place, ["run", "-it", "--name", "left", "--network", "none", box, "sh"]);
  await terminal.saw(/# /);
  await terminal.press(["\x10", "\x11"]);
  assert.equal(await terminal.ended, 0);
  assert.equal(await place.must(["inspect", "-f", "{{.State.Status}}", "left"]), "running");
  await using again = await onTerminal(place, ["attach", "left"]);
  await again.type("echo ba''ck\n");
  await again.saw(/back/);
  await again.type("exit 4\n");
  await again.ended;
  await place.must(["rm", "left"]);
});

test("--detach-keys are others", async (place) => {
  const flags = ["--detach-keys", "ctrl-x,y", "--name", "keyed", "--network", "none"];
  await using terminal = await onTerminal(place, ["run", "-it", ...flags, box, "sh"]);
  await terminal.saw(/# /);
  await terminal.press(["\x18", "y"]);
  assert.equal(await terminal.ended, 0);
  assert.equal(await place.must(["inspect", "-f", "{{.State.Status}}", "keyed"]), "running");
  await place.must(["rm", "-f", "-t", "0", "keyed"]);
});

test("exec -it has a terminal of its own", async (place) => {
  await place.must(["run", "-d", "--name", "host", "--network", "none", box, "sleep", "100"]);
  await using terminal = await onTerminal(place, ["exec", "-it", "host", "sh"]);
  await terminal.saw(/# /);
  await terminal.type("stty size; exit 6\n");
  await terminal.saw(/24 80/);
  assert.equal(await terminal.ended, 6);
  await place.must(["rm", "-f", "-t", "0", "host"]);
});

test("start -ai joins a terminal", async (place) => {
  await place.must(["create", "-it", "--name", "made", "--network", "none", box, "sh"]);
  await using terminal = await onTerminal(place, ["start", "-ai", "made"]);
  await terminal.saw(/# /);
  await terminal.type("exit 3\n");
  assert.equal(await terminal.ended, 3);
  await place.must(["rm", "made"]);
});
