import assert from "node:assert/strict";
import { yaml } from "./yaml.ts";

Deno.test("yaml() prints as Go's package does", () => {
  const value = {
    host: {
      version: "12",
      arch: "amd64",
      note: "a: b",
      empty: {},
      none: null,
      on: true,
      maps: [{ size: 1, id: 0 }, { id: 2 }],
    },
    list: ["a", "- b", "true"],
    text: "",
  };
  assert.equal(
    yaml(value),
    [
      "host:",
      "  arch: amd64",
      "  empty: {}",
      "  maps:",
      "  - id: 0",
      "    size: 1",
      "  - id: 2",
      "  none: null",
      "  note: 'a: b'",
      '  "on": true',
      '  version: "12"',
      "list:",
      "- a",
      "- '- b'",
      '- "true"',
      'text: ""',
      "",
    ].join("\n"),
  );
});
