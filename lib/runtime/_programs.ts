/** Where the distributions put them; containers.conf comes first. */
export const usualDirs = [
  "/usr/bin",
  "/usr/sbin",
  "/usr/local/bin",
  "/usr/local/sbin",
  "/sbin",
  "/bin",
  "/run/current-system/sw/bin",
];

/** What the choice depends on, for tests. */
export type RuntimeHost = {
  readonly find: (name: string, dirs?: readonly string[]) => string | undefined;
  readonly cgroupMode: () => "v1" | "v2" | "hybrid";
};
