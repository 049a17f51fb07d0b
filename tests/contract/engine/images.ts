/** What every engine must do with images. */

import assert from "node:assert/strict";
import { collect } from "../../../lib/api/http/body.ts";
import { created, fails, lastOf, type Suite } from "./subject.ts";

const absent = "localhost/absent:latest";

export const imageSuite: Suite = {
  "list() and inspect() agree": async ({ engine: { images }, image }) => {
    const [summary] = await images.list({});
    const data = await images.inspect({ name: image });
    assert.equal(summary?.Id, data.Id);
    assert.deepEqual(data.RepoTags, [image]);
  },

  "exists() tells what is there": async ({ engine: { images }, image }) => {
    assert.equal(await images.exists({ name: image }), true);
    assert.equal(await images.exists({ name: absent }), false);
  },

  "an image that nobody knows is refused": async ({ engine: { images } }) => {
    await fails("noSuchImage", () => images.inspect({ name: absent }));
    const report = await images.remove({ names: [absent] });
    assert.deepEqual([report.ExitCode, report.Errors.length], [1, 1]);
    await fails("noSuchImage", () => images.tag({ name: absent, targets: ["localhost/new:1"] }));
    await fails("noSuchImage", () => images.save({ names: [absent] }));
  },

  "tag() adds every name, remove() takes one away": async ({ engine: { images }, image }) => {
    await images.tag({ name: image, targets: ["localhost/a:1", "localhost:5000/b/c:2"] });
    const { RepoTags, Id } = await images.inspect({ name: image });
    assert.deepEqual([...RepoTags].sort(), [image, "localhost/a:1", "localhost:5000/b/c:2"].sort());
    const report = await images.remove({ names: ["localhost/a:1"] });
    assert.deepEqual(report.Untagged, ["localhost/a:1"]);
    assert.deepEqual(report.Deleted ?? [], []);
    assert.equal((await images.inspect({ name: "localhost:5000/b/c:2" })).Id, Id);
  },

  "remove() refuses an image in use": async (subject) => {
    await created(subject, ["true"]);
    const report = await subject.engine.images.remove({ names: [subject.image] });
    assert.deepEqual([report.ExitCode, report.Errors.length], [2, 1]);
    assert.equal(await subject.engine.images.exists({ name: subject.image }), true);
  },

  "remove() tries every name, and tells of those that failed": async ({ engine: { images }, image }) => {
    await images.tag({ name: image, targets: ["localhost/a:1", "localhost/b:1"] });
    const report = await images.remove({ names: ["localhost/a:1", absent, "localhost/b:1"] });
    assert.deepEqual([...report.Untagged ?? []].sort(), ["localhost/a:1", "localhost/b:1"]);
    assert.deepEqual([report.ExitCode, report.Errors.length], [1, 1]);
    assert.equal((await images.remove({ names: [absent], ignore: true })).ExitCode, 0);
  },

  "save() gives what load() takes": async ({ engine: { images }, image }) => {
    const archive = await collect(await images.save({ names: [image] }));
    assert.ok(archive.length > 0);
    const { Names } = await images.load({ archive: ReadableStream.from([archive.slice(0, 7), archive.slice(7)]) });
    assert.equal(Names.length, 1);
  },

  "load() refuses what is no archive": async ({ engine: { images } }) => {
    await assert.rejects(images.load({ archive: ReadableStream.from([]) }));
  },

  "pull() of what is there ends with its id": async ({ engine: { images }, image }) => {
    const event = await lastOf(images.pull({ reference: image, policy: "missing" }));
    const { Id } = await images.inspect({ name: image });
    assert.deepEqual([event?.id, event?.images], [Id, [Id]]);
  },
};
