import assert from "node:assert/strict";
import { formatOne, formatRows } from "./template.ts";
import { GoTime } from "./go_time.ts";
import { type TemplateRecord, type TemplateValue } from "./template_value.ts";

const labels = new Map([["c", "d"], ["a", "b"]]);
const row: TemplateRecord = {
  ID: "b1783e0bcdf9",
  Names: "c1",
  Count: 3,
  Running: true,
  Labels: labels,
  Label: (name: TemplateValue) => labels.get(String(name)) ?? "",
  List: ["x", "y"],
  Empty: "",
  Nothing: null,
  Created: new GoTime("2026-11-22T21:14:22.46Z"),
  State: { Status: "running", Pid: 7 },
  dns_enabled: true,
};

function render(format: string, data: TemplateValue = row): string {
  return formatOne("ps", format, { data }).slice(0, -1);
}

/** What Podman printed, or Go's documentation says. */
const rendered: readonly (readonly [string, string])[] = [
  ["plain", "plain"],
  ["{{.ID}} {{.Names}}", "b1783e0bcdf9 c1"],
  ["{{.ID}}\\t{{.Names}}\\n", "b1783e0bcdf9\tc1\n"],
  ["{{.Labels}} {{.List}} {{.Nothing}} {{.State}}", "map[a:b c:d] [x y] <nil> {running 7}"],
  ['{{.Label "a"}}{{.Label "q"}}', "b"],
  ['{{index .Labels "a"}} {{index .List 1}} {{.Labels.c}} {{.Labels.q}}', "b y d <no value>"],
  ["{{json .Labels}} {{json .List}} {{json .Names}}", '{"a":"b","c":"d"} ["x","y"] "c1"'],
  ["{{.Created}} {{.Created.Unix}}", "2026-11-22 21:14:22.46 +0000 UTC 1795382062"],
  ['{{.Created.Format "Mon Jan _2 15:04:05.000 2006"}}', "Sun Nov 22 21:14:22.460 2026"],
  ["{{.DNSEnabled}} {{.State.Status}} {{(.State).Pid}}", "true running 7"],
  ["{{if .Running}}up{{else}}down{{end}}", "up"],
  ["{{if .Empty}}a{{else if eq .Count 3}}b{{else}}c{{end}}", "b"],
  ["{{if and .Running (gt .Count 2)}}y{{end}}{{if or .Empty .Nothing}}n{{end}}{{if not .Empty}}!{{end}}", "y!"],
  ["{{with .State}}{{.Status}}{{end}}{{with .Empty}}x{{else}}none{{end}}", "runningnone"],
  ["{{range .List}}<{{.}}>{{end}}{{range $i, $v := .List}}{{$i}}={{$v}};{{end}}", "<x><y>0=x;1=y;"],
  ["{{range $k, $v := .Labels}}{{$k}}:{{$v}} {{end}}", "a:b c:d "],
  ["{{range .Nothing}}x{{else}}empty{{end}}", "empty"],
  ['{{range .List}}{{if eq . "y"}}{{break}}{{end}}{{.}}{{end}}', "x"],
  ['{{$n := .Names}}{{$n}}{{$n = "z"}}{{$n}}{{$.ID}}', "c1zb1783e0bcdf9"],
  ['{{define "T"}}[{{.}}]{{end}}{{template "T" .Names}}', "[c1]"],
  [
    '{{upper .Names | printf "%-6s|"}} {{printf "%05d %q %x %.2f %t %v %%" 42 "a" 255 1.5 true .List}}',
    'C1    | 00042 "a" ff 1.50 true [x y] %',
  ],
  [
    '{{pad .Names 2 3}}| {{truncate .ID 3}} {{title "abc def"}} {{split .ID "3"}}',
    "  c1   | b17 Abc Def [b178 e0bcdf9]",
  ],
  ['{{join .List ","}} {{lower "AB"}} {{len .List}} {{len .Names}} {{slice .ID 1 3}}', "x,y ab 2 2 17"],
  [
    '{{println 1 2}}{{print "a" "b"}} {{html "<a&b>"}} {{js "it\'s"}} {{urlquery "a b/c"}}',
    "1 2\na b &lt;a&amp;b&gt; it\\'s a+b%2Fc",
  ],
  ["{{/* nothing */}}a {{- .Names -}} b", "ac1b"],
  ["{{`raw`}}{{'a'}}{{ 0x10 }}", "raw9716"],
  ["{{ne 1 2}} {{lt 1 2}} {{ge 2 2}} {{eq 1 2 1}}", "true true true true"],
];

for (const [format, expected] of rendered) {
  Deno.test(`a template renders ${format}`, () => assert.equal(render(format), expected));
}

const refused: readonly (readonly [string, RegExp])[] = [
  ["{{.Bad}}", /^template: ps:1: executing "ps" at <\.Bad>: can't evaluate field Bad in type/],
  ["{{", /^template: ps:1: unclosed action/],
  ["{{.ID", /^template: ps:1: unclosed action/],
  ["{{if .ID}}", /^template: ps:1: unexpected EOF/],
  ["{{end}}", /^template: ps:1: unexpected \{\{end\}\}/],
  ["{{nosuch .ID}}", /function "nosuch" not defined/],
  ["{{constructor .ID}}", /function "constructor" not defined/],
  ['{{template "x"}}', /template "x" not defined/],
  ["{{index .List 9}}", /index out of range/],
  ["{{$x}}", /undefined variable "\$x"/],
  ['{{define "a"}}{{template "a"}}{{end}}{{template "a"}}', /exceeded maximum template depth/],
  ["{{.ID.constructor}}", /can't evaluate field constructor/],
  ["{{.State.__proto__}}", /can't evaluate field __proto__/],
];

for (const [format, words] of refused) {
  Deno.test(`a template refuses ${format}`, () =>
    assert.throws(() => render(format), { kind: "usage", message: words }));
}

const headers = { ID: "CONTAINER ID", Names: "NAMES", Labels: "LABELS", Empty: "PORTS" };

function rows(format: string, noHeading = false): string {
  const long = { ...row, ID: "dde2914747d3", Names: "averyveryverylongname-c2", Labels: new Map() };
  return formatRows([row, long], { name: "ps", format, headers, noHeading });
}

Deno.test("formatRows() sets a table as Podman does", () => {
  assert.equal(
    rows("table {{.ID}}\\t{{.Names}}\\t{{.Labels}}\\t{{.Empty}}"),
    "CONTAINER ID  NAMES                     LABELS        PORTS\n" +
      "b1783e0bcdf9  c1                        map[a:b c:d]  \n" +
      "dde2914747d3  averyveryverylongname-c2  map[]         \n",
  );
});

Deno.test("formatRows() parts fields of a table that stand side by side, and heads them by their field", () => {
  assert.equal(
    rows("table {{.ID}} {{upper .Names}} {{.Running}}"),
    "CONTAINER ID  NAMES                     <no value>\n" +
      "b1783e0bcdf9  C1                        true\n" +
      "dde2914747d3  AVERYVERYVERYLONGNAME-C2  true\n",
  );
});

Deno.test("formatRows() leaves tabs alone outside a table and honours a range of the user's", () => {
  assert.equal(rows("{{.ID}}\\t{{.Names}}"), "b1783e0bcdf9\tc1\ndde2914747d3\taveryveryverylongname-c2\n");
  assert.equal(rows("{{range .}}{{.ID}};{{end}}"), "b1783e0bcdf9;dde2914747d3;");
  assert.equal(rows("table {{.ID}}", true), "b1783e0bcdf9\ndde2914747d3\n");
});

Deno.test("a template survives any text and fails only with its own errors", () => {
  const pieces = [
    "{{",
    "}}",
    ".",
    "ID",
    " ",
    "|",
    "(",
    ")",
    "range",
    "if",
    "end",
    "$x",
    ":=",
    '"',
    "1",
    "-",
    "else",
    "index",
  ];
  let seed = 7;
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  for (let turn = 0; turn < 5000; turn++) {
    const format = Array.from({ length: random(12) }, () => pieces[random(pieces.length)]).join("");
    try {
      render(format);
    } catch (error) {
      assert.equal((error as { kind?: string }).kind, "usage", `${format}: ${error}`);
    }
  }
});
