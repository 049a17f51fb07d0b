/** Which seccomp profile a container's setting means. */

import { invalid } from "../invalid.ts";
import { parseProfile, type SeccompProfile } from "./profile.ts";

/** The host's profiles, the first that is there counts. */
export const hostProfiles = ["/etc/containers/seccomp.json", "/usr/share/containers/seccomp.json"];

/**
 * The profile for `setting` (`default`, `unconfined`, a path, or a profile's own text as docker's client sends it); `null`
 * for none. `read` gives a file's text or `null` if there is none.
 */
export async function loadSeccompProfile(
  setting: string,
  read: (path: string) => string | null,
): Promise<SeccompProfile | null> {
  if (setting === "unconfined") return null;
  if (setting.startsWith("{")) return parseProfile(setting, "as given");
  if (setting !== "default" && setting !== "") {
    const text = read(setting);
    if (text === null) throw invalid(`opening seccomp profile failed: open ${setting}: no such file or directory`);
    return parseProfile(text, setting);
  }
  for (const path of hostProfiles) {
    const text = read(path);
    if (text !== null) return parseProfile(text, path);
  }
  const { builtInProfile } = await import("./built_in.ts");
  return builtInProfile();
}
