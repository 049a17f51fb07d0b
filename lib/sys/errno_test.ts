import { equal } from "node:assert/strict";
import { errnoTable } from "./_errno_table.ts";
import { Errno, errnoName, errnoNumber, errnoText, isSysError, SysError } from "./errno.ts";

Deno.test("errno names and numbers lead to each other", () => {
  for (const [number, name] of errnoTable) {
    equal(errnoName(number), name);
    equal(errnoNumber(name), number);
  }
  for (const [name, number] of Object.entries(Errno)) equal(errnoName(number), name);
});

Deno.test("errnoText() speaks as strerror does, in lower case", () => {
  equal(errnoText(2), "no such file or directory");
  equal(errnoText(28), "no space left on device");
  equal(errnoText(9999), "unknown error 9999");
});

Deno.test("isSysError() asks for codes, or for any", () => {
  const error = new SysError("mount", 1, "/x");
  equal(isSysError(error), true);
  equal(isSysError(error, "ENOENT", "EPERM"), true);
  equal(isSysError(error, "ENOENT"), false);
  equal(isSysError(new Error("EPERM"), "EPERM"), false);
  equal(error.message, 'mount "/x": operation not permitted');
});
