/**
 * The rules of our style that Deno's own lint lacks, as a lint plugin (named in deno.json). Layers, cycles and file sizes
 * need more than one file at a time and live in `scripts/check.ts`.
 */
type Node = Deno.lint.Node;
type Context = Deno.lint.RuleContext;
type FunctionNode = Extract<Node, { type: "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression" }>;

/** Lines that a function may have, unless its file is marked as a table. */
export const maxFunctionLines = 60;
export const maxNesting = 3;
/** A file with this comment is a table, a list of FFI symbols or a list of types: its size is its content's. */
export const tableMark = "// size: table";

const root = new URL("..", import.meta.url).pathname;

/** The file's place in the repository; tests of the plugin hand in such names directly. */
function place(ctx: Context): string {
  const name = ctx.filename.replace(/^file:\/\//, "");
  return name.startsWith(root) ? name.slice(root.length) : name.replace(/^\/+/, "");
}

function isTest(path: string): boolean {
  return path.endsWith("_test.ts") || path.startsWith("tests/");
}

/** Product code: what ends up in the program. */
function isProduct(path: string): boolean {
  return !isTest(path) && !path.startsWith("scripts/");
}

/** Whether `node` is `access`, as in `Deno.exit`. */
function isMember(node: Extract<Node, { type: "MemberExpression" }>, access: string): boolean {
  const [object, property] = access.split(".");
  return node.object.type === "Identifier" && node.object.name === object &&
    node.property.type === "Identifier" && node.property.name === property;
}

/** The files that a rule looks at. */
type Scope = { readonly applies: (path: string) => boolean };
const everywhere: Scope = { applies: () => true };

/** A rule that reports `message` for each member access `object.property`, in files for which `applies` holds. */
function forbidMember(access: string, message: string, { applies }: Scope): Deno.lint.Rule {
  return {
    create(ctx) {
      if (!applies(place(ctx))) return {};
      return {
        MemberExpression(node) {
          if (isMember(node, access)) ctx.report({ node, message });
        },
      };
    },
  };
}

/** A rule that reports `message` for every node of the given selector. */
function forbidNode(selector: string, message: string, { applies }: Scope = everywhere): Deno.lint.Rule {
  return {
    create(ctx) {
      if (!applies(place(ctx))) return {};
      return { [selector]: (node: Node) => ctx.report({ node, message }) };
    },
  };
}

const noExit: Deno.lint.Rule = {
  create: (ctx) => ({
    CallExpression({ callee: node }) {
      if (node.type !== "MemberExpression" || place(ctx) === "main.ts") return;
      if (!isMember(node, "Deno.exit") && !isMember(node, "process.exit")) return;
      ctx.report({ node, message: "nobody exits: throw, or set the exit code in main.ts" });
    },
  }),
};

/** By hand: a selector with a condition on an attribute takes longer than all other rules together. */
const noProxy: Deno.lint.Rule = {
  create: (ctx) => ({
    NewExpression(node) {
      if (node.callee.type !== "Identifier" || node.callee.name !== "Proxy") return;
      ctx.report({ node, message: "no Proxy: write the functions down" });
    },
  }),
};

const noProcessModule: Deno.lint.Rule = {
  create(ctx) {
    if (!startsNoProcess(place(ctx))) return {};
    return {
      ImportDeclaration(node) {
        if (node.source.value !== "node:child_process") return;
        ctx.report({ node, message: "only lib/sys/process.ts starts processes" });
      },
    };
  },
};

function startsNoProcess(path: string): boolean {
  return isProduct(path) && !/^lib\/sys\/(_?process\w*)\.ts$/.test(path);
}

/** Where text and memory become types: the kernel's door, the formats, the API's codec, files of parsers. */
const castsAllowed = /^lib\/(sys|oci|api)\/|(^|[/_])(parse|parser|reader|decode|codec)\.ts$/;

const noCast: Deno.lint.Rule = {
  create(ctx) {
    const path = place(ctx);
    if (!isProduct(path) || castsAllowed.test(path)) return {};
    return {
      TSAsExpression(node) {
        if (/\sas const$/.test(ctx.sourceCode.getText(node)) || insideParser(ctx, node)) return;
        ctx.report({
          node,
          message: "`as` belongs in lib/sys, lib/oci, lib/api and functions named parse…, decode… or read…",
        });
      },
    };
  },
};

function insideParser(ctx: Context, node: Node): boolean {
  return ctx.sourceCode.getAncestors(node).some((one) => {
    if (one.type === "MethodDefinition") return one.key.type === "Identifier" && isParserName(one.key.name);
    return one.type === "FunctionDeclaration" && isParserName(one.id?.name ?? "");
  });
}

function isParserName(name: string): boolean {
  return /^(parse|decode|read)/.test(name);
}

const typeNames: Deno.lint.Rule = {
  create(ctx) {
    const look = (id: Node | null | undefined) => {
      if (id?.type !== "Identifier") return;
      if (/^I[A-Z][a-z]/.test(id.name) || /Impl$/.test(id.name)) {
        ctx.report({ node: id, message: `"${id.name}": a type is a noun, without I in front or Impl behind` });
      }
    };
    return {
      TSInterfaceDeclaration: (node) => look(node.id),
      TSTypeAliasDeclaration: (node) => look(node.id),
      ClassDeclaration: (node) => look(node.id),
    };
  },
};

const emptyWords = /(^|\/)((\w+_)?(utils|helpers|common)|manager)(_test)?(\.ts|\/)/;

const fileNames: Deno.lint.Rule = {
  create: (ctx) => ({
    Program(node) {
      const path = place(ctx);
      const name = path.split("/").at(-1) ?? "";
      if (!/^_?[a-z0-9]+(_[a-z0-9]+)*\.(d\.)?ts$/.test(name)) {
        ctx.report({ node, message: `"${name}": files are named in snake_case` });
      }
      if (emptyWords.test(path)) ctx.report({ node, message: `"${path}": the name says nothing of what is inside` });
    },
  }),
};

const nestingTypes = new Set<Node["type"]>([
  "IfStatement",
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "WhileStatement",
  "DoWhileStatement",
  "SwitchStatement",
  "TryStatement",
]);
const functionTypes = new Set<Node["type"]>([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "StaticBlock",
]);

/** Levels of statements around `node` inside its function; `else if` and a `catch` stay on their level. */
function nesting(ctx: Context, node: Node): number {
  const path = ctx.sourceCode.getAncestors(node);
  const start = path.findLastIndex((one) => functionTypes.has(one.type));
  const inside = [...path.slice(start + 1), node];
  return inside.filter((one, index) => {
    const above = inside[index - 1];
    return nestingTypes.has(one.type) && !(one.type === "IfStatement" && above?.type === "IfStatement");
  }).length;
}

const depth: Deno.lint.Rule = {
  create(ctx) {
    const look = (node: Node) => {
      if (nesting(ctx, node) !== maxNesting + 1) return;
      ctx.report({ node, message: `more than ${maxNesting} levels of nesting: make a function of the inner part` });
    };
    return Object.fromEntries([...nestingTypes].map((type) => [type, look]));
  },
};

/** Words of a type annotation that cannot be an options object. */
const plainTypes = new Set<Node["type"]>([
  "TSStringKeyword",
  "TSNumberKeyword",
  "TSBooleanKeyword",
  "TSBigIntKeyword",
  "TSArrayType",
  "TSTypeOperator",
  "TSFunctionType",
  "TSLiteralType",
]);

function mayBeOptions(parameter: FunctionNode["params"][number] | Node): boolean {
  if (parameter.type === "AssignmentPattern") return mayBeOptions(parameter.left);
  if (parameter.type === "TSParameterProperty") return mayBeOptions(parameter.parameter);
  if (parameter.type === "ObjectPattern" || parameter.type === "RestElement") return true;
  if (parameter.type !== "Identifier") return false;
  const type = parameter.typeAnnotation?.typeAnnotation.type;
  return type === undefined || !plainTypes.has(type);
}

const parameters: Deno.lint.Rule = {
  create(ctx) {
    if (place(ctx).startsWith("lib/sys/")) return {}; // wrappers follow the C declaration
    const look = (node: FunctionNode) => {
      const [, , third] = node.params;
      if (third === undefined || (node.params.length === 3 && mayBeOptions(third))) return;
      ctx.report({ node, message: "at most two positional parameters and an options object" });
    };
    return { FunctionDeclaration: look, "MethodDefinition > FunctionExpression": look };
  },
};

const functionSize: Deno.lint.Rule = {
  create(ctx) {
    const source = ctx.sourceCode.text;
    if (source.startsWith(tableMark)) return {};
    const look = (node: FunctionNode) => {
      const lines = ctx.sourceCode.getText(node).split("\n").length;
      if (lines <= maxFunctionLines) return;
      ctx.report({ node, message: `a function of ${lines} lines: the limit is ${maxFunctionLines}` });
    };
    return { FunctionDeclaration: look, FunctionExpression: look, ArrowFunctionExpression: look };
  },
};

const plugin: Deno.lint.Plugin = {
  name: "beluga",
  rules: {
    "no-exit": noExit,
    "no-dlopen": forbidMember("Deno.dlopen", "only lib/sys/libc.ts opens libraries", {
      applies: (path) => path !== "lib/sys/libc.ts",
    }),
    "no-command": forbidMember("Deno.Command", "only lib/sys/process.ts starts processes", {
      applies: startsNoProcess,
    }),
    "no-process-module": noProcessModule,
    "no-non-null": forbidNode("TSNonNullExpression", "no `!`: show the compiler why it is there"),
    "no-enum": forbidNode("TSEnumDeclaration", "no enum: a union of strings"),
    "no-default-export": forbidNode("ExportDefaultDeclaration", "no default export: a name", {
      applies: (path) => path !== "scripts/lint_plugin.ts",
    }),
    "no-proxy": noProxy,
    "no-decorator": forbidNode("Decorator", "no decorators"),
    "no-cast": noCast,
    "type-name": typeNames,
    "file-name": fileNames,
    "max-nesting": depth,
    "max-parameters": parameters,
    "max-function-lines": functionSize,
  },
};

export default plugin;
