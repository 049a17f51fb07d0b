import assert from "node:assert/strict";
import { runCredentialHelper } from "./credential_helper.ts";
import { type AuthFile, credentialLookup, type Login, type RunHelper } from "./credentials.ts";

const login = (username: string): Login => ({ kind: "password", username, password: "x" });

function authFile(auths: Readonly<Record<string, Login>>, more: Partial<AuthFile> = {}): AuthFile {
  return { path: "auth.json", auths: new Map(Object.entries(auths)), credHelpers: new Map(), ...more };
}

/** A helper that knows some servers. */
function helper(known: Readonly<Record<string, string>>, asked: string[] = []): RunHelper {
  return (name, { input }) => {
    asked.push(`${name} ${input}`);
    const answer = known[input];
    const stdout = new TextEncoder().encode(answer ?? "credentials not found in native keychain\n");
    return Promise.resolve({ code: answer === undefined ? 1 : 0, stdout });
  };
}

async function userFor(name: string, files: readonly AuthFile[], runHelper = helper({})): Promise<string | undefined> {
  const found = await credentialLookup({ files, runHelper })(name);
  return found?.kind === "password" ? found.username : found?.token;
}

Deno.test("the most special key of a file counts", async () => {
  const files = [authFile({ "q.io": login("host"), "q.io/team": login("team"), "q.io/team/app": login("app") })];
  assert.equal(await userFor("q.io/team/app", files), "app");
  assert.equal(await userFor("q.io/team/other/x", files), "team");
  assert.equal(await userFor("q.io/teams", files), "host");
  assert.equal(await userFor("other.io/team", files), undefined);
});

Deno.test("keys of old files are URLs", async () => {
  const files = [
    authFile({ "https://index.docker.io/v1/": login("hub"), "https://q.io/v2/": login("q"), "r.io/v1/": login("r") }),
  ];
  assert.equal(await userFor("docker.io/library/alpine", files), "hub");
  assert.equal(await userFor("q.io/a", files), "q");
  assert.equal(await userFor("r.io/a", files), "r");
});

Deno.test("the first file that knows the name decides", async () => {
  assert.equal(
    await userFor("q.io/a", [authFile({}), authFile({ "q.io": login("1") }), authFile({ "q.io/a": login("2") })]),
    "1",
  );
});

Deno.test("a helper of the registry goes before the file's own entries, the general one after", async () => {
  const answer = JSON.stringify({ ServerURL: "q.io", Username: "helped", Secret: "s" });
  const asked: string[] = [];
  const run = helper({ "q.io": answer }, asked);
  const special = authFile({ "q.io": login("file") }, { credHelpers: new Map([["q.io", "one"]]) });
  assert.equal(await userFor("q.io/a", [special], run), "helped");
  const general = authFile({ "r.io": login("file") }, { credsStore: "two" });
  assert.equal(await userFor("r.io/a", [general], run), "file");
  assert.equal(await userFor("q.io/a", [general], run), "helped");
  assert.equal(await userFor("s.io/a", [general], run), undefined);
  assert.deepEqual(asked, ["one q.io", "two q.io", "two s.io"]);
});

Deno.test("a helper may give an identity token", async () => {
  const run = helper({ "q.io": JSON.stringify({ Username: "<token>", Secret: "refresh" }) });
  const lookup = credentialLookup({ files: [], helpers: ["containers-auth.json", "one"], runHelper: run });
  assert.deepEqual(await lookup("q.io/a"), { kind: "identityToken", token: "refresh" });
});

Deno.test("a helper that fails is an error without what it said", async () => {
  const run: RunHelper = () => Promise.resolve({ code: 2, stdout: new TextEncoder().encode("the secret") });
  const message = 'credential helper "docker-credential-one" failed with exit code 2';
  await assert.rejects(userFor("q.io/a", [authFile({}, { credsStore: "one" })], run), {
    kind: "unauthorized",
    message,
  });
  await assert.rejects(userFor("q.io/a", [authFile({}, { credsStore: "../one" })], run), { kind: "invalidArgument" });
});

Deno.test({ name: "a real helper gets the registry over standard input", sanitizeResources: false }, async () => {
  const directory = await Deno.makeTempDir();
  const path = Deno.env.get("PATH") ?? "";
  const script =
    '#!/bin/sh\nread -r server\n[ "$1" = get ] || exit 9\nprintf \'{"Username":"u of %s","Secret":"s"}\' "$server"\n';
  try {
    await Deno.writeTextFile(`${directory}/docker-credential-test`, script, { mode: 0o755 });
    Deno.env.set("PATH", `${directory}:${path}`);
    const files = [authFile({}, { credsStore: "test" })];
    assert.equal(await userFor("q.io/a", files, runCredentialHelper), "u of q.io");
    const missing = [authFile({}, { credsStore: "missing" })];
    await assert.rejects(userFor("q.io/a", missing, runCredentialHelper), { kind: "helperMissing" });
  } finally {
    Deno.env.set("PATH", path);
    await Deno.remove(directory, { recursive: true });
  }
});
