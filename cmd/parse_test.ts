import assert from "node:assert/strict";
import { EngineError } from "../lib/errors.ts";
import type { Flag } from "./flag.ts";
import { type Grammar, parseFlags } from "./parse.ts";

const flags: readonly Flag[] = [
  { name: "all", type: "bool", short: "a" },
  { name: "detach", type: "bool", short: "d" },
  { name: "env", type: "stringArray", short: "e" },
  { name: "dns", type: "stringSlice" },
  { name: "name", type: "string", short: "n" },
  { name: "tail", type: "int64" },
  { name: "time", type: "uint", short: "t", aliases: ["timeout"] },
  { name: "cpus", type: "float64" },
  { name: "sort", type: "choice", values: ["id", "size"] },
  { name: "gateway", type: "ipSlice" },
  { name: "label", type: "stringToString" },
  { name: "wait", type: "duration" },
  { name: "latest", type: "bool", short: "l", remote: false },
];

const grammar: Grammar = {
  tables: [flags],
  unsupported: "secret:stringArray gpus/g:stringSlice",
  interspersed: true,
  commandPath: "beluga test",
  remote: false,
};

function parse(argv: readonly string[], changes: Partial<Grammar> = {}) {
  const { given, args, help } = parseFlags(argv, { ...grammar, ...changes });
  return { given: Object.fromEntries(given), args, help };
}

const accepted: readonly (readonly [string, readonly string[], Record<string, unknown>, readonly string[]])[] = [
  ["a long flag with =", ["--name=x"], { name: "x" }, []],
  ["a long flag with the next word", ["--name", "x"], { name: "x" }, []],
  ["a value that looks like a flag", ["--name", "--all"], { name: "--all" }, []],
  ["an empty value", ["--name="], { name: "" }, []],
  ["a bool without value", ["--all", "b"], { all: true }, ["b"]],
  ["a bool with =", ["--all=false"], { all: false }, []],
  ["letters in a row", ["-adn", "x"], { all: true, detach: true, name: "x" }, []],
  ["a value behind its letter", ["-nvalue"], { name: "value" }, []],
  ["a value behind letter and =", ["-n=value"], { name: "value" }, []],
  ["a letter's bool with =", ["-a=false"], { all: false }, []],
  ["a single = as value", ["-n="], { name: "=" }, []],
  ["-- as the end of flags", ["-a", "--", "-d"], { all: true }, ["-d"]],
  ["- as an argument", ["-", "-a"], { all: true }, ["-"]],
  ["arrays word by word", ["-e", "A=1,2", "-e", "B"], { env: ["A=1,2", "B"] }, []],
  ["slices as CSV", ["--dns", 'a,"b,c"', "--dns=d"], { dns: ["a", "b,c", "d"] }, []],
  ["an empty slice", ["--dns="], { dns: [] }, []],
  ["integers of all bases", ["--tail", "-0x10", "--time", "017"], { tail: -16, time: 15 }, []],
  ["another spelling", ["--timeout", "3"], { time: 3 }, []],
  ["floats", ["--cpus", "1.5e0"], { cpus: 1.5 }, []],
  ["a choice", ["--sort", "size"], { sort: "size" }, []],
  ["addresses", ["--gateway", "10.0.0.1,fd00::1"], { gateway: ["10.0.0.1", "fd00::1"] }, []],
  ["durations", ["--wait", "1h2.5s"], { wait: "1h2.5s" }, []],
  ["the last of a kind", ["--name", "a", "--name", "b"], { name: "b" }, []],
];

for (const [what, argv, given, args] of accepted) {
  Deno.test(`parseFlags() reads ${what}`, () => {
    assert.deepEqual(parse(argv), { given, args, help: false });
  });
}

const refused: readonly (readonly [readonly string[], string])[] = [
  [["--nosuch"], "unknown flag: --nosuch"],
  [["--nosuch=1"], "unknown flag: --nosuch"],
  [["-ax"], "unknown shorthand flag: 'x' in -x"],
  [["--=x"], "bad flag syntax: --=x"],
  [["---x"], "bad flag syntax: ---x"],
  [["--name"], "flag needs an argument: --name"],
  [["-an"], "flag needs an argument: 'n' in -n"],
  [
    ["--all=maybe"],
    'invalid argument "maybe" for "-a, --all" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
  ],
  [["--tail", "x"], 'invalid argument "x" for "--tail" flag: strconv.ParseInt: parsing "x": invalid syntax'],
  [["--tail", ""], 'invalid argument "" for "--tail" flag: strconv.ParseInt: parsing "": invalid syntax'],
  [["--time", "-1"], 'invalid argument "-1" for "-t, --time" flag: strconv.ParseUint: parsing "-1": invalid syntax'],
  [
    ["--tail", "9223372036854775808"],
    'invalid argument "9223372036854775808" for "--tail" flag: strconv.ParseInt: parsing "9223372036854775808": value out of range',
  ],
  [["--cpus", "x"], 'invalid argument "x" for "--cpus" flag: strconv.ParseFloat: parsing "x": invalid syntax'],
  [["--sort", "x"], 'invalid argument "x" for "--sort" flag: "x" is not a valid value.  Choose from: "id, size"'],
  [
    ["--dns", 'a"b'],
    'invalid argument "a\\"b" for "--dns" flag: parse error on line 1, column 2: bare " in non-quoted field',
  ],
  [["--gateway", "x"], 'invalid argument "x" for "--gateway" flag: invalid string being converted to IP address: x'],
  [["--label", "x"], 'invalid argument "x" for "--label" flag: x must be formatted as key=value'],
  [["--wait", "3"], 'invalid argument "3" for "--wait" flag: time: invalid duration "3"'],
];

for (const [argv, words] of refused) {
  Deno.test(`parseFlags() refuses ${argv.join(" ")} in pflag's words`, () => {
    assert.throws(() => parse(argv), { kind: "usage", message: `${words}\nSee 'beluga test --help'` });
  });
}

Deno.test("parseFlags() ends flags at the first argument where they stand before arguments only", () => {
  const parsed = parse(["-a", "image", "--nosuch", "-d"], { interspersed: false });
  assert.deepEqual(parsed, { given: { all: true }, args: ["image", "--nosuch", "-d"], help: false });
});

Deno.test("parseFlags() refuses known flags that are not built yet by name", () => {
  for (const argv of [["--secret", "x"], ["--secret=x"], ["--gpus"], ["-g"]]) {
    const name = argv[0]?.includes("secret") === true ? "secret" : "gpus";
    assert.throws(() => parse(argv), { kind: "unsupported", message: `--${name} is not supported yet` });
  }
});

Deno.test("parseFlags() does not know local flags in remote mode", () => {
  assert.equal(parse(["--latest"]).given.latest, true);
  assert.throws(() => parse(["--latest"], { remote: true }), /unknown flag: --latest/);
});

Deno.test("parseFlags() takes --help and a free -h for a wish for help", () => {
  assert.equal(parse(["--help"]).help, true);
  assert.equal(parse(["-ah"]).help, true);
  const taken: readonly Flag[] = [{ name: "hostname", type: "string", short: "h" }];
  assert.deepEqual(parse(["-h", "x"], { tables: [taken] }), { given: { hostname: "x" }, args: [], help: false });
});

Deno.test("parseFlags() survives any words and fails only with its own errors", () => {
  const pieces = [
    "-",
    "--",
    "=",
    "a",
    "name",
    "env",
    ",",
    '"',
    "0x",
    "9",
    " ",
    "\n",
    "é",
    "💥",
    "tail",
    "dns",
    "__proto__",
  ];
  let seed = 42;
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  const word = () => Array.from({ length: random(5) }, () => pieces[random(pieces.length)]).join("");
  for (let turn = 0; turn < 5000; turn++) {
    const argv = Array.from({ length: random(5) }, word);
    try {
      parse(argv);
    } catch (error) {
      assert.ok(error instanceof EngineError, `${JSON.stringify(argv)}: ${error}`);
    }
  }
});
