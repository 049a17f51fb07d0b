/** Flags as the command line's parser hands them over, read by their long names. */

export type FlagValue = string | boolean | number | readonly string[];

/** `values` has every flag of the command, defaults included; `given` those that were typed. */
export type Flags = {
  readonly values: Readonly<Record<string, FlagValue | undefined>>;
  readonly given: ReadonlySet<string>;
};

/** Typed looks at flags. A flag that the command does not have reads as empty. */
export type FlagReader = {
  /** Whether the flag was typed. */
  readonly has: (name: string) => boolean;
  readonly text: (name: string) => string;
  readonly flag: (name: string) => boolean;
  readonly number: (name: string) => number;
  readonly list: (name: string) => readonly string[];
};

export function flagReader({ values, given }: Flags): FlagReader {
  const value = (name: string) => Object.hasOwn(values, name) ? values[name] : undefined;
  return {
    has: (name) => given.has(name),
    text: (name) => {
      const one = value(name);
      return typeof one === "string" ? one : typeof one === "number" ? String(one) : "";
    },
    flag: (name) => value(name) === true,
    number: (name) => {
      const one = value(name);
      return typeof one === "number" ? one : 0;
    },
    list: (name) => {
      const one = value(name);
      return Array.isArray(one) ? one : typeof one === "string" && one !== "" ? [one] : [];
    },
  };
}
