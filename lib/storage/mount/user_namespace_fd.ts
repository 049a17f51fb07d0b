import { EngineError, messageOf } from "../../errors.ts";
import { type Child, start } from "../../sys/child.ts";
import { O, open, type OwnedFd, writeAll } from "../../sys/fd.ts";
import { type IdMappings, mapText } from "./id_map.ts";

/**
 * A user namespace with the given maps, as a descriptor, which keeps it alive: what an idmapped mount shows files
 * through. Made by a program of its own, since a process with threads cannot leave its namespace.
 */
export async function openUserNamespace(mappings: IdMappings): Promise<OwnedFd> {
  const child = start(["unshare", "--user", "--", "cat"], { stdin: "piped", stdout: "piped", stderr: "null" });
  await using _ = child;
  try {
    await saysHello(child);
    const proc = `/proc/${child.pid}`;
    writeMap(`${proc}/uid_map`, mapText(mappings.uid));
    writeMap(`${proc}/gid_map`, mapText(mappings.gid));
    return open(`${proc}/ns/user`, O.RDONLY);
  } catch (cause) {
    throw new EngineError("internal", `making user namespace: ${messageOf(cause)}`, { cause });
  }
}

/** What comes back from `cat` shows that `unshare` has done its part. */
async function saysHello({ stdin, stdout }: Child): Promise<void> {
  const writer = stdin.getWriter();
  await writer.write(Uint8Array.of(10));
  const reader = stdout.getReader();
  const { done } = await reader.read();
  if (done) throw new Error("unshare failed");
}

/** The kernel takes a map in a single write. */
function writeMap(path: string, text: string): void {
  using fd = open(path, O.WRONLY);
  writeAll(fd, new TextEncoder().encode(text));
}
